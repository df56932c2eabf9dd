-- push(changes) as before, and deliver(changes): the same for changes that others made, brought on a
-- stick or offered again after a restore. Rights are those of the person who brings them; the history
-- names the maker as author and tells who delivered. A change has one effect, whoever brings it.

-- Take the changes from place `first` to `last`, all made by `who`. One change a record a round.
-- Plots stand in each other's way, so among them the order is kept, too: every change of a plot that
-- was changed before begins a new round.
CREATE FUNCTION naoberkaart.take_all(
    who naoberkaart.person, changes jsonb, first bigint, last bigint, moment timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    batch record;
    answers jsonb := '{}';
    is_uuid text := '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
BEGIN
    FOR batch IN
        SELECT round, entity, array_agg(change ORDER BY place) AS list
        FROM (SELECT change, place, entity, CASE WHEN entity = 'plot'
                         THEN 1 + count(*) FILTER (WHERE turn > 1) OVER (PARTITION BY entity ORDER BY place)
                         ELSE turn END AS round
              FROM (SELECT as_incoming(c, place) AS change, place, c ->> 'entity' AS entity,
                           row_number() OVER (PARTITION BY c ->> 'entity', (c ->> 'record_id')::uuid ORDER BY place) AS turn
                    FROM jsonb_array_elements(changes) WITH ORDINALITY AS x (c, place)
                    WHERE place BETWEEN first AND last AND c ->> 'id' ~* is_uuid AND c ->> 'record_id' ~* is_uuid
                   ) numbered) grouped
        GROUP BY round, entity ORDER BY round, min(place)
    LOOP
        answers := answers || take(who, coalesce(batch.entity, ''), batch.list, moment);
    END LOOP;
    RETURN answers;
END $$;

-- The answers in the order of the changes; what could not be read as a change is refused.
CREATE FUNCTION naoberkaart.answers_in_order(changes jsonb, answers jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = naoberkaart, pg_temp
AS $$
    SELECT coalesce(jsonb_agg(coalesce(answers -> place::text, jsonb_build_object(
               'change_id', c -> 'id', 'outcome', 'refused', 'number', 0, 'reason', 'malformed')) ORDER BY place), '[]')
    FROM jsonb_array_elements(changes) WITH ORDINALITY AS x (c, place)
$$;

-- The person who is logged in, when it is their turn to write: nobody else of this municipality does.
CREATE FUNCTION naoberkaart.begin_push() RETURNS naoberkaart.person
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
DECLARE
    who person;
BEGIN
    SELECT * INTO who FROM person WHERE role_name = session_user;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this login is no person of Naoberkaart' USING errcode = '42501';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('naoberkaart.push.' || who.municipality, 0));
    -- A client that freezes after this in an open transaction would hold everyone up.
    PERFORM set_config('idle_in_transaction_session_timeout', '10s', true);
    PERFORM set_config('naoberkaart.deliverer', '', true);
    PERFORM set_config('naoberkaart.codes', '', true);
    SELECT * INTO who FROM person WHERE role_name = session_user;
    RETURN who;
END $$;

CREATE OR REPLACE FUNCTION naoberkaart.push(changes jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
    SET datestyle = 'ISO, YMD' SET jit = off
AS $$
DECLARE
    who person := begin_push();
    answers jsonb;
BEGIN
    IF NOT who.is_active THEN
        RETURN rescue(who, changes);
    END IF;
    answers := take_all(who, changes, 1, jsonb_array_length(changes), date_trunc('second', clock_timestamp()));
    -- Those who listen hear it when this commits.
    PERFORM pg_notify(news_channel(), '');
    RETURN answers_in_order(changes, answers);
END $$;

-- Refuse every change of a batch for one reason. Who brings what another made, and may not, leaves no
-- receipt: it is no answer to the maker, who may send it, nor to a colleague who may bring it.
CREATE OR REPLACE FUNCTION naoberkaart.refuse(
    who naoberkaart.person, batch naoberkaart.incoming[], reason text, moment timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    first_number bigint;
    answers jsonb;
BEGIN
    IF reason = 'rights' AND coalesce(current_setting('naoberkaart.deliverer', true), '') <> '' THEN
        RETURN (SELECT jsonb_object_agg(c.place, answer(c.id, 'refused', 0, 0, reason, NULL)) FROM unnest(batch) c);
    END IF;
    first_number := next_numbers(who.municipality, 'receipt', cardinality(batch));
    WITH answered AS (
        SELECT c.id, c.place, first_number + row_number() OVER (ORDER BY c.place) AS number FROM unnest(batch) c
    ), kept AS (
        INSERT INTO receipt
        SELECT who.municipality, id, who.id, number, moment, answer(id, 'refused', number, 0, reason, NULL) FROM answered
        RETURNING change_id, result
    )
    SELECT jsonb_object_agg(a.place, k.result) INTO answers FROM answered a JOIN kept k ON k.change_id = a.id;
    RETURN answers;
END $$;

-- The codes that records had before the shared database was put back, where they are free: a number
-- that residents know must not change. Later numbers are given after them. Numbers are not used up by
-- asking: at most 10,000 beyond the highest one in use, of this year or before, of what one may write.
CREATE FUNCTION naoberkaart.codes_to_keep(whose text, changes jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
DECLARE
    asked record;
    is_taken boolean;
    highest bigint;
    highest_of jsonb := '{}';
    kept jsonb := '{}';
BEGIN
    FOR asked IN
        SELECT DISTINCT ON (c ->> 'code') m.entity, c ->> 'record_id' AS record_id, c ->> 'code' AS code,
               left(c ->> 'code', length(m.code_prefix) + 5) AS series,
               substr(c ->> 'code', length(m.code_prefix) + 7)::bigint AS number
        FROM jsonb_array_elements(changes) c JOIN entity_meta m ON m.entity = c ->> 'entity'
        WHERE c ->> 'kind' = 'create' AND m.code_prefix <> ''
          AND c ->> 'code' ~ ('^' || m.code_prefix || '-20[0-9]{2}-[0-9]{4,9}$')
          AND substr(c ->> 'code', length(m.code_prefix) + 2, 4) <= to_char(now() AT TIME ZONE 'Europe/Amsterdam', 'YYYY')
          AND (NOT m.is_personal OR has_right('contacts'))
        ORDER BY c ->> 'code'
    LOOP
        IF NOT highest_of ? asked.series THEN
            EXECUTE format('SELECT coalesce(max(substr(code, $3)::bigint), 0) FROM %I
                            WHERE municipality = $1 AND code LIKE $2', asked.entity)
            INTO highest USING whose, asked.series || '-%', length(asked.series) + 2;
            highest_of := highest_of || jsonb_build_object(asked.series, highest);
        END IF;
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE municipality = $1 AND code = $2)', asked.entity)
        INTO is_taken USING whose, asked.code;
        IF NOT is_taken AND asked.number <= (highest_of ->> asked.series)::bigint + 10000 THEN
            kept := kept || jsonb_build_object(asked.record_id, asked.code);
            INSERT INTO counter VALUES (whose, asked.series, asked.number)
            ON CONFLICT (municipality, name) DO UPDATE SET value = greatest(counter.value, excluded.value);
        END IF;
    END LOOP;
    RETURN kept;
END $$;

CREATE FUNCTION naoberkaart.deliver(changes jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
    SET datestyle = 'ISO, YMD' SET jit = off
AS $$
DECLARE
    me person := begin_push();
    maker person;
    stretch record;
    moment timestamptz := date_trunc('second', clock_timestamp());
    answers jsonb := '{}';
BEGIN
    IF NOT me.is_active THEN
        RETURN rescue(me, changes);
    END IF;
    IF has_right('write') THEN
        PERFORM set_config('naoberkaart.codes', codes_to_keep(me.municipality, changes)::text, true);
    END IF;
    -- In the order given, as later changes stand on earlier ones, in runs of one maker.
    FOR stretch IN
        SELECT author, min(place) AS first, max(place) AS last FROM (
            SELECT place, author, place - row_number() OVER (PARTITION BY author ORDER BY place) AS number
            FROM (SELECT place, coalesce(c ->> 'author', '') AS author
                  FROM jsonb_array_elements(changes) WITH ORDINALITY AS x (c, place)) authors) runs
        GROUP BY author, number ORDER BY first
    LOOP
        SELECT * INTO maker FROM person WHERE municipality = me.municipality AND id::text = stretch.author;
        IF NOT FOUND THEN
            maker := me;
        END IF;
        PERFORM set_config('naoberkaart.deliverer', CASE WHEN maker.id = me.id THEN '' ELSE me.id::text END, true);
        answers := answers || take_all(maker, changes, stretch.first, stretch.last, moment);
    END LOOP;
    PERFORM set_config('naoberkaart.deliverer', '', true);
    PERFORM pg_notify(news_channel(), '');
    RETURN answers_in_order(changes, answers);
END $$;

-- Which of these changes the shared database has not dealt with: asked after it was put back.
CREATE FUNCTION naoberkaart.unknown_changes(ids uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
    SELECT coalesce(array_agg(asked ORDER BY place), '{}') FROM unnest(ids) WITH ORDINALITY AS x (asked, place)
    WHERE my_municipality() IS NOT NULL
      AND NOT EXISTS (SELECT FROM receipt r WHERE r.municipality = my_municipality() AND r.change_id = asked)
$$;

REVOKE ALL ON FUNCTION naoberkaart.take_all(naoberkaart.person, jsonb, bigint, bigint, timestamptz),
    naoberkaart.answers_in_order(jsonb, jsonb), naoberkaart.begin_push(), naoberkaart.codes_to_keep(text, jsonb),
    naoberkaart.deliver(jsonb), naoberkaart.unknown_changes(uuid[]), naoberkaart.stamp_digest() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION naoberkaart.deliver(jsonb), naoberkaart.unknown_changes(uuid[]) TO naoberkaart_person;
