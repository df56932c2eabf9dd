-- push(changes): the one way to write. A batch is decided and written set by set; when the database
-- refuses a batch it is halved until the change at fault stands alone, so one bad change never blocks
-- another. All of it is one statement of one transaction, under one lock per municipality, so that
-- the order of `seq` is the order of commit (no hole for a pull to fall in).

-- A change as it came, with its place in the push. Arrays of these, not jsonb, carry a batch on:
-- rebuilding a megabyte of jsonb at every step took most of the time.
CREATE TYPE naoberkaart.incoming AS (
    place integer, id uuid, record_id uuid, kind text, base jsonb, given jsonb, made_at text, device text
);

-- What becomes of it: insert, update, delete, restore, none, conflict or refuse. `patch` holds the
-- values to store, `unknown` those of them that no column exists for, `open` the fields in conflict,
-- `step` its place among what is written.
CREATE TYPE naoberkaart.verdict AS (
    place integer, record_id uuid, action text, problem text, seq bigint, changed_by uuid,
    changed_at timestamptz, patch jsonb, unknown jsonb, open jsonb, ground text, step integer
);

CREATE FUNCTION naoberkaart.next_numbers(whose text, counter_name text, how_many bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
    INSERT INTO counter VALUES (whose, counter_name, how_many)
    ON CONFLICT (municipality, name) DO UPDATE SET value = counter.value + how_many
    RETURNING value - how_many
$$;

CREATE FUNCTION naoberkaart.reserved_names() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{id,entity,seq,municipality,revision,code,deleted,created_at,created_by,changed_at,changed_by,extra}'::text[];

CREATE FUNCTION naoberkaart.answer(
    id uuid, outcome text, number bigint, seq bigint, reason text, conflicts jsonb
) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object('change_id', id, 'outcome', outcome, 'number', number,
                              'seq', seq, 'reason', reason, 'conflicts', coalesce(conflicts, '[]'))
$$;

-- The verdict on changes that make records nobody has yet: only their values can be wrong.
CREATE FUNCTION naoberkaart.decide_new(target text, batch naoberkaart.incoming[]) RETURNS naoberkaart.verdict[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
DECLARE
    types jsonb := (SELECT jsonb_object_agg(field, json_type) FROM field_meta WHERE entity = target);
    by_server jsonb := (SELECT coalesce(jsonb_object_agg(field, fallback), '{}') FROM field_meta
                        WHERE entity = target AND is_by_server);
BEGIN
    RETURN ARRAY(
        SELECT (c.place, c.record_id, CASE WHEN c.kind = 'create' AND v.problem IS NULL THEN 'insert' ELSE 'refuse' END,
                CASE WHEN c.kind = 'create' THEN v.problem
                     WHEN c.kind IN ('edit', 'delete', 'restore') THEN 'unknown_record' ELSE 'kind' END,
                0, NULL, NULL, c.given, v.unknown, NULL, NULL, NULL)::verdict
        FROM unnest(batch) c
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(key, value) FILTER (WHERE NOT types ? key) AS unknown,
                   min(CASE WHEN key = ANY (reserved_names()) OR jsonb_typeof(value) <> types ->> key THEN 'value:' || key
                            WHEN by_server ? key AND value <> coalesce(by_server -> key, 'null') THEN 'server:' || key
                            WHEN types ->> key = 'object' AND NOT is_geometry(value, target = 'plot' AND key = 'geometry')
                                THEN 'value:' || key END) AS problem
            FROM jsonb_each(c.given) WHERE value <> 'null'
        ) v
    );
END $$;

-- The verdict on changes of records that are there, at most one change a record: field by field the
-- stored value is compared with what the editor saw, and what belongs together stands or falls as one.
CREATE FUNCTION naoberkaart.decide_known(whose text, target text, batch naoberkaart.incoming[])
RETURNS naoberkaart.verdict[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    stored text;
    verdicts verdict[];
BEGIN
    -- Only the columns that these changes speak of are read (a function takes at most 100 arguments).
    SELECT coalesce(string_agg('jsonb_build_object(' || pairs || ')', ' || ') || ' || ', '') INTO stored
    FROM (SELECT string_agg(format('%L, t.%I', field, field), ', ') AS pairs
          FROM (SELECT field, row_number() OVER (ORDER BY field) AS n FROM field_meta
                WHERE entity = target AND field IN (
                    SELECT jsonb_object_keys(c.base) FROM unnest(batch) c
                    UNION SELECT jsonb_object_keys(c.given) FROM unnest(batch) c)) touched
          GROUP BY (n - 1) / 40) chunk;
    EXECUTE format($sql$
        WITH met AS MATERIALIZED (
            SELECT c.place, c.record_id, c.kind, c.base, c.given, t.deleted AS is_deleted, t.seq, t.changed_by,
                   t.changed_at, %s t.extra AS stored
            FROM unnest($1) c
            JOIN %I t ON t.municipality = $2 AND t.id = c.record_id
        ), part AS (
            SELECT m.place, n.name, coalesce(f.grp, n.name) AS grp, m.given ? n.name AS is_given,
                   f.field IS NOT NULL AS is_declared, f.kind, f.json_type, f.has_steps, f.is_by_server,
                   coalesce(nullif(m.base -> n.name, 'null'), f.fallback, 'null') AS base,
                   coalesce(nullif(CASE WHEN m.given ? n.name THEN m.given -> n.name ELSE m.base -> n.name END,
                                   'null'), f.fallback, 'null') AS ours,
                   coalesce(nullif(m.stored -> n.name, 'null'), f.fallback, 'null') AS theirs
            FROM met m
            CROSS JOIN LATERAL jsonb_object_keys(m.base || m.given) AS n (name)
            LEFT JOIN field_meta f ON f.entity = $3 AND f.field = n.name
        ), judged AS (
            SELECT *, bool_or(is_given) OVER g AS is_touched, bool_and(base = theirs) OVER g AS is_current,
                   bool_and(ours = theirs) OVER g OR bool_and(ours = base) OVER g AS is_settled
            FROM part WINDOW g AS (PARTITION BY place, grp)
        ), summed AS (
            SELECT place,
                   jsonb_object_agg(name, ours) FILTER (WHERE is_given AND is_current AND NOT is_settled) AS patch,
                   jsonb_object_agg(name, ours) FILTER (
                       WHERE is_given AND NOT is_declared AND ours <> 'null' AND is_current AND NOT is_settled) AS unknown,
                   jsonb_agg(jsonb_build_object('grp', grp, 'name', name, 'theirs', theirs, 'ours', ours) ORDER BY name)
                       FILTER (WHERE is_touched AND NOT is_current AND NOT is_settled) AS open,
                   jsonb_agg(jsonb_build_object('grp', name, 'name', name, 'theirs', theirs, 'ours', ours) ORDER BY name)
                       FILTER (WHERE is_declared AND base <> theirs) AS differing,
                   min(CASE
                       WHEN NOT is_given THEN NULL
                       WHEN is_by_server AND ours <> theirs THEN 'server:' || name
                       WHEN ours = 'null' THEN NULL
                       WHEN name = ANY (reserved_names()) OR jsonb_typeof(ours) <> json_type THEN 'value:' || name
                       WHEN kind = 'GEOMETRY' AND NOT is_geometry(ours, $3 = 'plot' AND name = 'geometry')
                           THEN 'value:' || name
                       WHEN has_steps AND is_current AND theirs NOT IN ('null', ours) AND NOT EXISTS (
                           SELECT FROM transition s WHERE s.entity = $3 AND s.field = name
                           AND s.old = theirs #>> '{}' AND s.new = ours #>> '{}') THEN 'transition:' || name
                       END) AS problem
            FROM judged GROUP BY place
        ), verdict AS (
            SELECT m.*, s.patch, s.unknown,
                   CASE WHEN m.kind = 'delete' THEN s.differing
                        WHEN m.is_deleted THEN '[{"grp": "deleted", "name": "deleted", "theirs": true, "ours": false}]'
                        ELSE s.open END AS open,
                   CASE WHEN m.kind IS NULL OR m.kind NOT IN ('create', 'edit', 'delete', 'restore') THEN 'kind'
                        WHEN m.kind IN ('create', 'edit') AND NOT m.is_deleted THEN s.problem END AS problem,
                   CASE WHEN m.kind = 'restore' THEN CASE WHEN m.is_deleted THEN 'restore' ELSE 'none' END
                        WHEN m.kind = 'delete' THEN CASE WHEN m.is_deleted THEN 'none'
                                                         WHEN s.differing IS NULL THEN 'delete' ELSE 'conflict' END
                        WHEN m.is_deleted THEN 'conflict'
                        WHEN s.patch IS NOT NULL THEN 'update'
                        WHEN s.open IS NOT NULL THEN 'conflict' ELSE 'none' END AS action,
                   CASE WHEN m.kind <> 'delete' AND m.is_deleted THEN 'deleted' ELSE 'edited' END AS ground
            FROM met m LEFT JOIN summed s USING (place)
        )
        SELECT array_agg((place, record_id, CASE WHEN problem IS NOT NULL THEN 'refuse' ELSE action END, problem, seq,
                          changed_by, changed_at, patch, unknown,
                          CASE WHEN problem IS NULL AND action IN ('conflict', 'update') THEN open END,
                          ground, NULL)::verdict)
        FROM verdict
    $sql$, stored, target) INTO verdicts USING batch, whose, target;
    RETURN verdicts;
END $$;

-- The verdict on every change of one entity, at most one change a record; what is to be written is
-- numbered in the order in which it came.
CREATE FUNCTION naoberkaart.decide(whose text, target text, batch naoberkaart.incoming[])
RETURNS naoberkaart.verdict[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
DECLARE
    known uuid[];
    verdicts verdict[] := '{}';
    fresh incoming[];
    met incoming[];
BEGIN
    EXECUTE format('SELECT array_agg(t.id) FROM %I t WHERE t.municipality = $1
        AND t.id = ANY (ARRAY(SELECT c.record_id FROM unnest($2) c))', target)
    INTO known USING whose, batch;
    SELECT array_agg(c) FILTER (WHERE k IS NULL), array_agg(c) FILTER (WHERE k IS NOT NULL)
    INTO fresh, met FROM unnest(batch) c LEFT JOIN unnest(known) k ON k = c.record_id;
    IF fresh IS NOT NULL THEN
        verdicts := decide_new(target, fresh);
    END IF;
    IF met IS NOT NULL THEN
        verdicts := verdicts || decide_known(whose, target, met);
    END IF;
    RETURN ARRAY(
        SELECT (v.place, v.record_id, v.action, v.problem, v.seq, v.changed_by, v.changed_at, v.patch, v.unknown,
                v.open, v.ground,
                CASE WHEN is_written THEN row_number() OVER (PARTITION BY is_written ORDER BY v.place) END)::verdict
        FROM (SELECT *, u.action IN ('insert', 'update', 'delete', 'restore') AS is_written
              FROM unnest(verdicts) u) v
        ORDER BY v.place);
END $$;

-- Write what was decided.
CREATE FUNCTION naoberkaart.write_rows(
    who naoberkaart.person, target text, verdicts naoberkaart.verdict[], first_seq bigint, moment timestamptz
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    prefix text := (SELECT code_prefix FROM entity_meta WHERE entity = target);
    year text := to_char(moment AT TIME ZONE 'Europe/Amsterdam', 'YYYY');
    how_many int;
    is_edited boolean;
    first_code bigint;
    assigned text;
    touched text[];
BEGIN
    SELECT count(*) FILTER (WHERE v.action = 'insert'), bool_or(v.step IS NOT NULL AND v.action <> 'insert')
    INTO how_many, is_edited FROM unnest(verdicts) v;
    IF how_many > 0 THEN
        IF prefix <> '' THEN
            first_code := next_numbers(who.municipality, prefix || '-' || year, how_many);
        END IF;
        EXECUTE (
            SELECT format($sql$
                INSERT INTO %1$I (municipality, id, seq, revision, code, deleted, created_at, created_by,
                                  changed_at, changed_by, extra, %2$s)
                SELECT $2, v.record_id, $3 + v.step, 1,
                       $5 || lpad(($6 + v.number)::text, greatest(4, length(($6 + v.number)::text)), '0'),
                       false, $4, $7, $4, $7, coalesce(v.unknown, '{}'), %3$s
                FROM (SELECT x.*, row_number() OVER (ORDER BY x.step) AS number FROM unnest($1) x
                      WHERE x.action = 'insert') v
                CROSS JOIN LATERAL jsonb_populate_record($8::%1$I, v.patch) n
            $sql$, target, string_agg(format('%I', field), ', ' ORDER BY field),
            -- A value that is given as null stands for its fallback too.
            string_agg(format(CASE WHEN fallback IS NULL THEN 'n.%1$I' ELSE 'coalesce(n.%1$I, ($8::%2$I).%1$I)' END,
                              field, target), ', ' ORDER BY field))
            FROM field_meta WHERE entity = target)
        USING verdicts, who.municipality, first_seq, moment, prefix || '-' || year || '-', first_code, who.id,
              empty_row(target);
    END IF;
    IF is_edited THEN
        touched := ARRAY(SELECT DISTINCT k FROM unnest(verdicts) v CROSS JOIN LATERAL jsonb_object_keys(v.patch) k
                         WHERE v.action = 'update');
        PERFORM set_config('naoberkaart.touched', touched::text, true);
        SELECT string_agg(format(CASE WHEN sql_type = 'jsonb'
                THEN ', %1$I = CASE WHEN v.patch ? %2$L THEN nullif(v.patch -> %2$L, ''null'') ELSE t.%1$I END'
                ELSE ', %1$I = CASE WHEN v.patch ? %2$L THEN (v.patch ->> %2$L)::%3$s ELSE t.%1$I END' END,
                field, field, sql_type), '')
        INTO assigned
        FROM field_meta WHERE entity = target AND field = ANY (touched);
        EXECUTE format($sql$
            UPDATE %I t SET seq = $3 + v.step, revision = t.revision + 1, changed_at = $4, changed_by = $5,
                deleted = CASE v.action WHEN 'delete' THEN true WHEN 'restore' THEN false ELSE t.deleted END,
                extra = CASE WHEN v.unknown IS NULL AND t.extra = '{}' THEN t.extra ELSE (
                    SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM (
                        SELECT key, value FROM jsonb_each(t.extra) WHERE NOT coalesce(v.patch ? key, false)
                        UNION ALL SELECT key, value FROM jsonb_each(coalesce(v.unknown, '{}'))) kept) END
                %s
            FROM unnest($1) v
            WHERE t.municipality = $2 AND t.id = v.record_id AND v.action IN ('update', 'delete', 'restore')
        $sql$, target, coalesce(assigned, ''))
        USING verdicts, who.municipality, first_seq, moment, who.id;
        PERFORM set_config('naoberkaart.touched', '', true);
    END IF;
    IF target = 'plot' THEN
        PERFORM refuse_overlap(who.municipality, verdicts);
    END IF;
END $$;

-- The values that missing ones stand for, as a row of the table in text form.
CREATE FUNCTION naoberkaart.empty_row(target text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
DECLARE
    made text;
BEGIN
    EXECUTE format('SELECT jsonb_populate_record(NULL::%I, $1)::text', target) INTO made
    USING (SELECT coalesce(jsonb_object_agg(field, fallback), '{}') FROM field_meta
           WHERE entity = target AND fallback IS NOT NULL);
    RETURN made;
END $$;

-- Two active plots share no land: 1 m2 is allowed, for borders are measured in decimetres.
CREATE FUNCTION naoberkaart.refuse_overlap(whose text, verdicts naoberkaart.verdict[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
DECLARE
    moved uuid[] := ARRAY(SELECT v.record_id FROM unnest(verdicts) v WHERE v.step IS NOT NULL
                          AND (v.action <> 'update' OR v.patch ?| '{geometry,status}'));
BEGIN
    DELETE FROM plot_bounds WHERE municipality = whose AND id = ANY (moved);
    INSERT INTO plot_bounds
    SELECT municipality, id, bounds(geometry) FROM plot
    WHERE municipality = whose AND id = ANY (moved) AND NOT deleted AND geometry IS NOT NULL
      AND status NOT IN ('issued', 'withdrawn');
    -- Neighbours touch: their bounds share next to nothing, and that is quick to see.
    IF EXISTS (
        SELECT FROM plot_bounds mine
        JOIN plot_bounds other ON other.bounds && mine.bounds AND other.municipality = whose
            AND other.id <> mine.id AND area(other.bounds # mine.bounds) > 1
        JOIN plot a ON a.municipality = whose AND a.id = mine.id
        JOIN plot b ON b.municipality = whose AND b.id = other.id
        WHERE mine.municipality = whose AND mine.id = ANY (moved) AND overlap_m2(a.geometry, b.geometry) > 1
    ) THEN
        RAISE EXCEPTION 'overlap' USING errcode = 'NK001';
    END IF;
END $$;

-- Who stored the values that someone else now wants to change, and when; and keep the loser.
CREATE FUNCTION naoberkaart.tell_conflicts(
    who naoberkaart.person, target text, change naoberkaart.incoming, disputed naoberkaart.verdict,
    at_seq bigint, moment timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    told jsonb;
    personal boolean := (SELECT is_personal FROM entity_meta WHERE entity = target)
        OR target = 'attachment' AND EXISTS (
            SELECT FROM attachment a JOIN entity_meta m ON m.entity = a.belongs_to_entity
            WHERE a.municipality = who.municipality AND a.id = change.record_id AND m.is_personal);
BEGIN
    INSERT INTO change_log VALUES (
        who.municipality, at_seq, change.id, target, change.record_id, 'conflict', who.id,
        change.made_at::timestamptz, moment, change.device::uuid, personal,
        (SELECT jsonb_object_agg(o ->> 'name', jsonb_build_array(o -> 'theirs', o -> 'ours'))
         FROM jsonb_array_elements(disputed.open) o));
    SELECT jsonb_agg(jsonb_build_object(
               'fields', c.names, 'theirs', c.theirs, 'by', coalesce(l.person, disputed.changed_by),
               'at', coalesce(l.applied_at, disputed.changed_at)) ORDER BY c.names)
    INTO told
    FROM (
        SELECT jsonb_agg(o -> 'name') AS names, array_agg(o ->> 'name') AS plain,
               jsonb_object_agg(o ->> 'name', o -> 'theirs') AS theirs
        FROM jsonb_array_elements(disputed.open) o GROUP BY o ->> 'grp'
    ) c
    LEFT JOIN LATERAL (
        SELECT h.person, h.applied_at FROM change_log h
        WHERE h.municipality = who.municipality AND h.record_id = change.record_id
          AND h.seq < at_seq AND h.kind <> 'conflict'
          AND (h.fields ?| c.plain OR (h.kind = 'delete' AND c.plain = '{deleted}'))
        ORDER BY h.seq DESC LIMIT 1
    ) l ON true;
    RETURN told;
END $$;

-- Decide, write and answer one batch; raises when the database refuses any of it.
CREATE FUNCTION naoberkaart.apply_batch(
    who naoberkaart.person, target text, batch naoberkaart.incoming[], moment timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    verdicts verdict[] := decide(who.municipality, target, batch);
    first_seq bigint;
    written int;
    disputed int;
    first_number bigint := next_numbers(who.municipality, 'receipt', cardinality(batch));
    answers jsonb;
BEGIN
    SELECT count(v.step), count(v.open) INTO written, disputed FROM unnest(verdicts) v;
    IF written + disputed > 0 THEN
        first_seq := next_numbers(who.municipality, 'seq', written + disputed);
    END IF;
    IF written > 0 THEN
        PERFORM set_config('naoberkaart.context', (
            SELECT jsonb_agg(jsonb_build_object('record_id', c.record_id, 'change_id', c.id,
                                                'made_at', c.made_at, 'device_id', c.device))::text
            FROM unnest(batch) c), true);
        PERFORM write_rows(who, target, verdicts, first_seq, moment);
        PERFORM set_config('naoberkaart.context', '', true);
    END IF;
    WITH told AS MATERIALIZED (
        SELECT c.id, c.place, first_number + row_number() OVER (ORDER BY c.place) AS number,
               v.action, v.problem, v.seq, v.ground, v.step,
               CASE WHEN v.open IS NOT NULL THEN tell_conflicts(
                   who, target, c, v, first_seq + written + rank() OVER (PARTITION BY v.open IS NULL ORDER BY c.place), moment)
               END AS conflicts
        FROM unnest(batch) c JOIN unnest(verdicts) v ON v.place = c.place
    ), answered AS MATERIALIZED (
        SELECT id, place, number, answer(
            id,
            CASE WHEN action = 'refuse' THEN 'refused' WHEN conflicts IS NULL THEN 'applied'
                 WHEN step IS NOT NULL THEN 'merged' ELSE 'conflict' END,
            number,
            CASE WHEN step IS NOT NULL THEN first_seq + step ELSE coalesce(seq, 0) END,
            CASE WHEN action = 'refuse' THEN problem WHEN conflicts IS NULL THEN '' ELSE ground END,
            conflicts) AS result
        FROM told
    ), kept AS (
        INSERT INTO receipt SELECT who.municipality, id, who.id, number, moment, result FROM answered
    )
    SELECT jsonb_object_agg(place, result) INTO answers FROM answered;
    RETURN answers;
END $$;

-- Refuse every change of a batch for one reason.
CREATE FUNCTION naoberkaart.refuse(
    who naoberkaart.person, batch naoberkaart.incoming[], reason text, moment timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    first_number bigint := next_numbers(who.municipality, 'receipt', cardinality(batch));
    answers jsonb;
BEGIN
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

-- The declared field whose value can't be read as its type, or ''.
CREATE FUNCTION naoberkaart.bad_field(target text, given jsonb) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    f record;
BEGIN
    FOR f IN SELECT field, sql_type FROM field_meta
             WHERE entity = target AND given ? field AND sql_type <> 'jsonb' ORDER BY field LOOP
        BEGIN
            EXECUTE format('SELECT ($1)::%s', f.sql_type) USING given ->> f.field;
        EXCEPTION WHEN data_exception THEN
            RETURN f.field;
        END;
    END LOOP;
    RETURN '';
END $$;

-- Apply a batch; where the database refuses, halve it until the fault stands alone.
CREATE FUNCTION naoberkaart.take_batch(
    who naoberkaart.person, target text, batch naoberkaart.incoming[], moment timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    fault text;
    at_constraint text;
    at_column text;
    said text;
    half int := (cardinality(batch) + 1) / 2;
BEGIN
    BEGIN
        RETURN apply_batch(who, target, batch, moment);
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS fault = RETURNED_SQLSTATE, at_constraint = CONSTRAINT_NAME,
            at_column = COLUMN_NAME, said = MESSAGE_TEXT;
        IF left(fault, 2) NOT IN ('22', '23', 'NK') THEN
            RAISE;  -- a full disk or a broken lock is no fault of the change
        END IF;
    END;
    IF half < cardinality(batch) THEN
        RETURN take_batch(who, target, batch[:half], moment) || take_batch(who, target, batch[half + 1:], moment);
    END IF;
    IF at_constraint = 'receipt_pkey' THEN  -- two changes of this push share one id
        RETURN jsonb_build_object(batch[1].place, answer(batch[1].id, 'refused', 0, 0, 'change_id', NULL));
    END IF;
    RETURN refuse(who, batch, CASE
        WHEN fault = '23514' THEN regexp_replace('check:' || substr(at_constraint, length(target) + 2),
                                                 '^check:rule_([0-9]+)_', 'rule:\1:')
        WHEN fault = '23502' THEN 'value:' || at_column
        WHEN fault = 'NK001' THEN said
        ELSE 'value:' || bad_field(target, batch[1].given) END, moment);
END $$;

-- Whether a change speaks of an attachment of a contact, before or after it.
CREATE FUNCTION naoberkaart.is_of_contact(whose text, c naoberkaart.incoming) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM entity_meta m WHERE m.is_personal AND (
            m.entity = c.given ->> 'belongs_to_entity'
            OR m.entity = (SELECT a.belongs_to_entity FROM attachment a WHERE a.municipality = whose AND a.id = c.record_id)))
$$;

-- One round of one entity: what was answered before is answered again, without a second effect.
CREATE FUNCTION naoberkaart.take(
    who naoberkaart.person, target text, batch naoberkaart.incoming[], moment timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    meta entity_meta;
    answers jsonb;
    fresh incoming[];
    hidden incoming[];
BEGIN
    SELECT jsonb_object_agg(c.place, CASE WHEN r.person = who.id THEN r.result
               ELSE answer(c.id, 'refused', 0, 0, 'change_id', NULL) END) FILTER (WHERE r.person IS NOT NULL),
           array_agg(c ORDER BY c.place) FILTER (WHERE r.person IS NULL)
    INTO answers, fresh
    FROM unnest(batch) c
    LEFT JOIN receipt r ON r.municipality = who.municipality AND r.change_id = c.id;
    answers := coalesce(answers, '{}');
    IF fresh IS NULL THEN
        RETURN answers;
    END IF;
    IF target = 'attachment' AND NOT has_right('contacts') THEN
        SELECT array_agg(c) FILTER (WHERE is_of_contact(who.municipality, c)),
               array_agg(c ORDER BY c.place) FILTER (WHERE NOT is_of_contact(who.municipality, c))
        INTO hidden, fresh FROM unnest(fresh) c;
        IF hidden IS NOT NULL THEN
            answers := answers || refuse(who, hidden, 'rights', moment);
        END IF;
        IF fresh IS NULL THEN
            RETURN answers;
        END IF;
    END IF;
    SELECT * INTO meta FROM entity_meta WHERE entity = target;
    RETURN answers || CASE
        WHEN meta.entity IS NULL THEN refuse(who, fresh, 'unknown_entity', moment)
        WHEN meta.is_server_only OR NOT has_right('write') OR (meta.is_personal AND NOT has_right('contacts'))
            THEN refuse(who, fresh, 'rights', moment)
        ELSE take_batch(who, target, fresh, moment) END;
END $$;

-- A revoked person's unsent work is kept for the administrator.
CREATE FUNCTION naoberkaart.rescue(who naoberkaart.person, changes jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
BEGIN
    INSERT INTO rescued
    SELECT who.municipality, (c ->> 'id')::uuid, who.id, now(), c FROM jsonb_array_elements(changes) c
    WHERE c ->> 'id' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    ON CONFLICT DO NOTHING;
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('change_id', c -> 'id', 'outcome', 'refused', 'number', 0,
                                                         'reason', 'revoked') ORDER BY n), '[]')
            FROM jsonb_array_elements(changes) WITH ORDINALITY AS x (c, n));
END $$;

-- A change of the wire as a value; what is not an object counts as empty.
CREATE FUNCTION naoberkaart.as_incoming(c jsonb, place bigint) RETURNS naoberkaart.incoming
LANGUAGE sql IMMUTABLE
AS $$
    SELECT (place, (c ->> 'id')::uuid, (c ->> 'record_id')::uuid, c ->> 'kind',
            CASE WHEN jsonb_typeof(c -> 'base') = 'object' AND c ->> 'kind' <> 'restore' THEN c -> 'base' ELSE '{}' END,
            CASE WHEN jsonb_typeof(c -> 'values') = 'object' AND c ->> 'kind' IN ('create', 'edit')
                 THEN c -> 'values' ELSE '{}' END,
            c ->> 'made_at', c ->> 'device_id')::naoberkaart.incoming
$$;

CREATE FUNCTION naoberkaart.news_channel() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$ SELECT 'naoberkaart.' || municipality FROM person WHERE role_name = session_user $$;

CREATE FUNCTION naoberkaart.push(changes jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
    SET datestyle = 'ISO, YMD' SET jit = off
AS $$
DECLARE
    who person;
    moment timestamptz;
    batch record;
    answers jsonb := '{}';
    is_uuid text := '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
BEGIN
    SELECT * INTO who FROM person WHERE role_name = session_user;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this login is no person of Naoberkaart' USING errcode = '42501';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('naoberkaart.push.' || who.municipality, 0));
    -- A client that freezes after this in an open transaction would hold everyone up.
    PERFORM set_config('idle_in_transaction_session_timeout', '10s', true);
    SELECT * INTO who FROM person WHERE role_name = session_user;
    IF NOT who.is_active THEN
        RETURN rescue(who, changes);
    END IF;
    moment := date_trunc('second', clock_timestamp());
    -- One change a record a round. Plots stand in each other's way, so among them the order is kept,
    -- too: every change of a plot that was changed before begins a new round.
    FOR batch IN
        SELECT round, entity, array_agg(change ORDER BY place) AS list
        FROM (SELECT change, place, entity, CASE WHEN entity = 'plot'
                         THEN 1 + count(*) FILTER (WHERE turn > 1) OVER (PARTITION BY entity ORDER BY place)
                         ELSE turn END AS round
              FROM (SELECT as_incoming(c, place) AS change, place, c ->> 'entity' AS entity,
                           row_number() OVER (PARTITION BY c ->> 'entity', (c ->> 'record_id')::uuid ORDER BY place) AS turn
                    FROM jsonb_array_elements(changes) WITH ORDINALITY AS x (c, place)
                    WHERE c ->> 'id' ~* is_uuid AND c ->> 'record_id' ~* is_uuid) numbered) grouped
        GROUP BY round, entity ORDER BY round, min(place)
    LOOP
        answers := answers || take(who, coalesce(batch.entity, ''), batch.list, moment);
    END LOOP;
    -- Those who listen hear it when this commits.
    PERFORM pg_notify(news_channel(), '');
    RETURN (SELECT coalesce(jsonb_agg(coalesce(answers -> place::text, jsonb_build_object(
                       'change_id', c -> 'id', 'outcome', 'refused', 'number', 0, 'reason', 'malformed')) ORDER BY place), '[]')
            FROM jsonb_array_elements(changes) WITH ORDINALITY AS x (c, place));
END $$;
