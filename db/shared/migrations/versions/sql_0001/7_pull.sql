-- pull(after, page_size): what was committed after a cursor, for the person who asks. It runs with
-- that person's own rights, so row security is what decides; and hello(), which says who is there.

CREATE FUNCTION naoberkaart.last_seq() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
    SELECT coalesce((SELECT value FROM counter WHERE municipality = my_municipality() AND name = 'seq'), 0)
$$;

CREATE FUNCTION naoberkaart.hello() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
    SELECT jsonb_build_object(
        'epoch', s.epoch, 'version', s.version, 'least_client', s.least_client, 'municipality', p.municipality,
        'person', p.id, 'name', p.name, 'roles', p.roles, 'is_active', p.is_active,
        'rights', (SELECT coalesce(jsonb_agg(DISTINCT r.right_name), '[]') FROM role_right r
                   WHERE r.role = ANY (p.roles) AND p.is_active))
    FROM server s, person p WHERE p.role_name = session_user
$$;

-- The SQL that writes one row of a table as a JSON object without what is empty. Text of exactly the
-- columns that are filled: row_to_json and stripping the nulls afterwards takes twice as long.
CREATE FUNCTION naoberkaart.row_as_json(target text) RETURNS text
LANGUAGE sql STABLE SET search_path = naoberkaart, pg_temp
AS $$
    SELECT '''{'' || concat_ws('','', ' || string_agg(format(CASE
               WHEN sql_type IN ('bigint', 'boolean', 'jsonb') THEN '''%1$s'' || t.%2$I::text'
               WHEN sql_type IN ('uuid', 'date') THEN '''%1$s"'' || t.%2$I::text || ''"'''
               ELSE '''%1$s'' || to_json(t.%2$I)::text' END, '"' || field || '":', field), ', ' ORDER BY place)
           || ', CASE WHEN t.extra <> ''{}'' THEN substr(t.extra::text, 2, length(t.extra::text) - 2) END) || ''}'''
    FROM (
        SELECT field, sql_type, 100 + row_number() OVER (ORDER BY field) AS place
        FROM field_meta WHERE entity = target
        UNION ALL VALUES ('id', 'uuid', 1), ('seq', 'bigint', 2), ('revision', 'bigint', 3), ('code', 'text', 4),
            ('deleted', 'boolean', 5), ('created_at', 'timestamptz', 6), ('created_by', 'uuid', 7),
            ('changed_at', 'timestamptz', 8), ('changed_by', 'uuid', 9)
    ) columns
$$;

-- Returns JSON as text: {epoch, cursor, is_last, rows: {entity: [row, ...]}, log: [[...], ...]}; a line
-- of the log is [seq, change_id, entity, record_id, kind, person, made_at, applied_at, device_id, fields].
CREATE FUNCTION naoberkaart.pull(after bigint, page_size integer) RETURNS text
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
    IF after > newest THEN
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
                       row_as_json(target.entity), target.entity)
        INTO found USING mine, after, until;
        IF found IS NOT NULL THEN
            rows := rows || format('"%s":[%s]', target.entity, found);
        END IF;
    END LOOP;
    SELECT string_agg(json_build_array(seq, change_id, entity, record_id, kind, person, made_at, applied_at,
                                       device_id, fields)::text, ',' ORDER BY seq) INTO lines
    FROM change_log WHERE municipality = mine AND seq > after AND seq <= until;
    RETURN format('{"epoch":"%s","cursor":%s,"is_last":%s,"rows":{%s},"log":[%s]}', (SELECT epoch FROM server), until,
                  CASE WHEN until = newest THEN 'true' ELSE 'false' END, array_to_string(rows, ','), lines);
END $$;
