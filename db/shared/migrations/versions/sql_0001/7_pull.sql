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

CREATE FUNCTION naoberkaart.pull(after bigint, page_size integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = naoberkaart, pg_temp SET timezone = 'UTC' SET jit = off
AS $$
DECLARE
    mine text := my_municipality();
    newest bigint := last_seq();
    until bigint;
    target record;
    found jsonb;
    rows jsonb := '[]';
    lines jsonb;
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
    FOR target IN SELECT entity FROM entity_meta WHERE NOT is_personal OR has_right('contacts') LOOP
        EXECUTE format($sql$
            SELECT jsonb_agg(jsonb_build_object('entity', $4) || jsonb_strip_nulls(to_jsonb(t) - 'municipality' - 'extra')
                             || %s t.extra)
            FROM %I t WHERE municipality = $1 AND seq > $2 AND seq <= $3
        $sql$, (SELECT coalesce(string_agg(format('jsonb_build_object(%L, t.%I) ||', field, field), ' '), '')
                FROM field_meta WHERE entity = target.entity AND kind = 'LINKS'), target.entity)
        INTO found USING mine, after, until, target.entity;
        rows := rows || coalesce(found, '[]');
    END LOOP;
    SELECT jsonb_agg(to_jsonb(l) - 'municipality' - 'is_personal' ORDER BY seq) INTO lines
    FROM change_log l WHERE municipality = mine AND seq > after AND seq <= until;
    RETURN jsonb_build_object('epoch', (SELECT epoch FROM server), 'cursor', until, 'is_last', until = newest,
                              'rows', rows, 'log', coalesce(lines, '[]'));
END $$;
