-- greet() and pull() for programs that check what they hold; the older ones stay for older programs.

-- A mark of the history up to a place: another history has another mark there. Restoring an older
-- dump and going on makes another history under the same numbers.
CREATE FUNCTION naoberkaart.tip_of(at bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
    SET datestyle = 'ISO, YMD'
AS $$
    SELECT coalesce((
        SELECT left(md5(concat_ws('|', seq, change_id, record_id, kind, applied_at, delivered_by)), 16) FROM change_log
        WHERE municipality = my_municipality() AND seq <= at ORDER BY seq DESC LIMIT 1), '')
$$;

-- Whether the history of this database runs through a place that a laptop was at before.
CREATE FUNCTION naoberkaart.is_known(at bigint, tip text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$ SELECT at = 0 OR (at <= last_seq() AND (coalesce(tip, '') = '' OR tip = tip_of(at))) $$;

-- One query over all entity tables: `asked` is what to tell of each of them.
CREATE FUNCTION naoberkaart.of_every_entity(asked text) RETURNS text
LANGUAGE sql STABLE SET search_path = naoberkaart, pg_temp
AS $$
    SELECT string_agg(format('SELECT %L AS entity, %s FROM %I WHERE municipality = $1', entity, asked, entity),
                      ' UNION ALL ' ORDER BY entity) FROM entity_meta
$$;

CREATE FUNCTION naoberkaart.greet(at bigint, tip text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = naoberkaart, pg_temp SET jit = off
AS $$
DECLARE
    held bigint;
BEGIN
    EXECUTE format('SELECT sum(n) FROM (%s) s', of_every_entity('count(*) AS n')) INTO held USING my_municipality();
    RETURN hello() || jsonb_build_object('is_known', is_known(at, tip), 'held', coalesce(held, 0),
                                         'at', floor(extract(epoch FROM clock_timestamp())));
END $$;

-- Per entity how many rows this person sees, and the sum of their digests.
CREATE FUNCTION naoberkaart.sums() RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = naoberkaart, pg_temp SET jit = off
AS $$
DECLARE
    found jsonb;
BEGIN
    EXECUTE format('SELECT jsonb_object_agg(entity, jsonb_build_array(n, total)) FROM (%s) s',
                   of_every_entity('count(*) AS n, coalesce(sum(digest), 0) AS total'))
    INTO found USING my_municipality();
    RETURN found;
END $$;

-- The SQL that writes one row as JSON with its digest, see row_as_json.
CREATE FUNCTION naoberkaart.row_with_digest(target text) RETURNS text
LANGUAGE sql STABLE SET search_path = naoberkaart, pg_temp
AS $$
    SELECT left(made, length(made) - 8) || ', ''"digest":'' || t.digest) || ''}'''
    FROM (SELECT row_as_json(target) AS made) x
$$;

-- As pull(after, page_size); `tip` is the mark that came with `after` ('' when there is none). Returns
-- also tip, and on the last page sums; a line of the log has delivered_by as its eleventh item.
CREATE FUNCTION naoberkaart.pull(after bigint, page_size integer, tip text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
    SET datestyle = 'ISO, YMD' SET jit = off
AS $$
DECLARE
    mine text := my_municipality();
    newest bigint := last_seq();
    until bigint;
    target record;
    found text;
    rows text[] := '{}';
    lines text;
BEGIN
    IF mine IS NULL THEN
        RAISE EXCEPTION 'revoked' USING errcode = 'NK403';
    END IF;
    IF NOT is_known(after, tip) THEN
        RAISE EXCEPTION 'restored' USING errcode = 'NK409';
    END IF;
    -- Every write of a record has a line in the history with the same seq.
    SELECT seq INTO until FROM change_log WHERE municipality = mine AND seq > after
    ORDER BY seq OFFSET page_size - 1 LIMIT 1;
    until := coalesce(until, newest);
    FOR target IN
        SELECT DISTINCT entity FROM change_log WHERE municipality = mine AND seq > after AND seq <= until
    LOOP
        EXECUTE format('SELECT string_agg(%s, '','') FROM %I t WHERE municipality = $1 AND seq > $2 AND seq <= $3',
                       row_with_digest(target.entity), target.entity)
        INTO found USING mine, after, until;
        IF found IS NOT NULL THEN
            rows := rows || format('"%s":[%s]', target.entity, found);
        END IF;
    END LOOP;
    SELECT string_agg(json_build_array(seq, change_id, entity, record_id, kind, person, made_at, applied_at,
                                       device_id, fields, delivered_by)::text, ',' ORDER BY seq) INTO lines
    FROM change_log WHERE municipality = mine AND seq > after AND seq <= until;
    RETURN format('{"epoch":"%s","cursor":%s,"is_last":%s,"tip":"%s","sums":%s,"rows":{%s},"log":[%s]}',
                  (SELECT epoch FROM server), until, CASE WHEN until = newest THEN 'true' ELSE 'false' END,
                  tip_of(until), CASE WHEN until = newest THEN sums()::text ELSE 'null' END,
                  array_to_string(rows, ','), lines);
END $$;

-- The digests of one entity, {id: digest}: asked where the sums differ.
CREATE FUNCTION naoberkaart.digests(wanted text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = naoberkaart, pg_temp SET jit = off
AS $$
DECLARE
    found text;
BEGIN
    IF EXISTS (SELECT FROM entity_meta WHERE entity = wanted) THEN
        EXECUTE format('SELECT ''{'' || string_agg(format(''"%%s":%%s'', id, digest), '','') || ''}'' FROM %I
                        WHERE municipality = $1', wanted) INTO found USING my_municipality();
    END IF;
    RETURN coalesce(found, '{}');
END $$;

-- These rows of one entity as they are now, as pull writes them.
CREATE FUNCTION naoberkaart.rows_of(wanted text, ids uuid[]) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
    SET datestyle = 'ISO, YMD' SET jit = off
AS $$
DECLARE
    found text;
BEGIN
    IF EXISTS (SELECT FROM entity_meta WHERE entity = wanted) THEN
        EXECUTE format('SELECT string_agg(%s, '','') FROM %I t WHERE municipality = $1 AND id = ANY ($2)',
                       row_with_digest(wanted), wanted) INTO found USING my_municipality(), ids;
    END IF;
    RETURN '[' || coalesce(found, '') || ']';
END $$;

REVOKE ALL ON FUNCTION naoberkaart.tip_of(bigint), naoberkaart.is_known(bigint, text), naoberkaart.of_every_entity(text),
    naoberkaart.greet(bigint, text), naoberkaart.sums(), naoberkaart.row_with_digest(text),
    naoberkaart.pull(bigint, integer, text), naoberkaart.digests(text), naoberkaart.rows_of(text, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION naoberkaart.tip_of(bigint), naoberkaart.is_known(bigint, text), naoberkaart.of_every_entity(text),
    naoberkaart.greet(bigint, text), naoberkaart.sums(), naoberkaart.row_with_digest(text),
    naoberkaart.pull(bigint, integer, text), naoberkaart.digests(text), naoberkaart.rows_of(text, uuid[])
    TO naoberkaart_person;
