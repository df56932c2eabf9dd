-- Who may see what, and the history that nobody can forge: row security and triggers.

CREATE FUNCTION naoberkaart.my_municipality() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$ SELECT municipality FROM person WHERE role_name = session_user AND is_active $$;

CREATE FUNCTION naoberkaart.has_right(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM person p JOIN role_right r ON r.role = ANY (p.roles)
        WHERE p.role_name = session_user AND p.is_active AND r.right_name = wanted
    )
$$;

-- Every statement on an entity table writes its history; the context is set by push.
CREATE FUNCTION naoberkaart.log_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    context jsonb := coalesce(nullif(current_setting('naoberkaart.context', true), ''), '[]');
    touched text[] := nullif(current_setting('naoberkaart.touched', true), '');
    looked_at text;
    personal boolean := (SELECT is_personal FROM entity_meta WHERE entity = tg_table_name);
    private text[] := ARRAY(SELECT entity FROM entity_meta WHERE is_personal);
BEGIN
    IF tg_op = 'INSERT' THEN
        INSERT INTO change_log
        SELECT n.municipality, n.seq, c.change_id, tg_table_name, n.id, 'create', n.changed_by,
               coalesce(c.made_at, n.changed_at), n.changed_at, c.device_id,
               personal OR (tg_table_name = 'attachment' AND to_jsonb(n) ->> 'belongs_to_entity' = ANY (private)),
               '{}'
        FROM new_rows n
        LEFT JOIN jsonb_to_recordset(context)
            AS c (record_id uuid, change_id uuid, made_at timestamptz, device_id uuid) ON c.record_id = n.id;
        RETURN NULL;
    END IF;
    -- What push touches is enough to look at; a write past push is looked at in whole.
    SELECT coalesce(string_agg(format('(%L, to_jsonb(o.%I), to_jsonb(n.%I))', field, field, field), ', '),
                    '(NULL::text, NULL::jsonb, NULL::jsonb)')
    INTO looked_at FROM field_meta
    WHERE entity = tg_table_name AND (touched IS NULL OR field = ANY (touched));
    EXECUTE format($sql$
        INSERT INTO change_log
        SELECT n.municipality, n.seq, c.change_id, $2, n.id,
               CASE WHEN n.deleted AND NOT o.deleted THEN 'delete'
                    WHEN o.deleted AND NOT n.deleted THEN 'restore' ELSE 'edit' END,
               n.changed_by, coalesce(c.made_at, n.changed_at), n.changed_at, c.device_id,
               $3 OR ($2 = 'attachment' AND (to_jsonb(n) ->> 'belongs_to_entity' = ANY ($4)
                                          OR to_jsonb(o) ->> 'belongs_to_entity' = ANY ($4))),
               coalesce((
                   SELECT jsonb_object_agg(field, jsonb_build_array(was, becomes))
                   FROM (VALUES %s) known (field, was, becomes) WHERE was IS DISTINCT FROM becomes), '{}')
               || CASE WHEN n.extra = o.extra THEN '{}' ELSE coalesce((
                   SELECT jsonb_object_agg(coalesce(a.key, b.key), jsonb_build_array(b.value, a.value))
                   FROM jsonb_each(n.extra) a FULL JOIN jsonb_each(o.extra) b ON b.key = a.key
                   WHERE a.value IS DISTINCT FROM b.value), '{}') END
        FROM new_rows n
        JOIN old_rows o ON o.municipality = n.municipality AND o.id = n.id
        LEFT JOIN jsonb_to_recordset($1)
            AS c (record_id uuid, change_id uuid, made_at timestamptz, device_id uuid) ON c.record_id = n.id
    $sql$, looked_at) USING context, tg_table_name, personal, private;
    RETURN NULL;
END $$;

CREATE FUNCTION naoberkaart.refuse_removal() RETURNS trigger
LANGUAGE plpgsql SET search_path = naoberkaart, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never removed or rewritten', tg_table_name USING errcode = '42501';
END $$;

CREATE TRIGGER is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON naoberkaart.change_log
    FOR EACH STATEMENT EXECUTE FUNCTION naoberkaart.refuse_removal();

DO $$
DECLARE
    target record;
    mine text := 'municipality = (SELECT naoberkaart.my_municipality())';
    allowed text := '(SELECT naoberkaart.has_right(''contacts''))';
BEGIN
    FOR target IN SELECT * FROM naoberkaart.entity_meta LOOP
        EXECUTE format('CREATE TRIGGER history_of_new AFTER INSERT ON naoberkaart.%I
            REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION naoberkaart.log_changes()', target.entity);
        EXECUTE format('CREATE TRIGGER history AFTER UPDATE ON naoberkaart.%I
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION naoberkaart.log_changes()', target.entity);
        EXECUTE format('CREATE TRIGGER is_kept BEFORE DELETE OR TRUNCATE ON naoberkaart.%I
            FOR EACH STATEMENT EXECUTE FUNCTION naoberkaart.refuse_removal()', target.entity);
        EXECUTE format('ALTER TABLE naoberkaart.%I ENABLE ROW LEVEL SECURITY', target.entity);
        EXECUTE format('CREATE POLICY own ON naoberkaart.%I FOR SELECT TO naoberkaart_person USING (%s%s)',
            target.entity, mine,
            CASE WHEN target.is_personal THEN ' AND ' || allowed
                 WHEN target.entity = 'attachment' THEN
                    ' AND (' || allowed || ' OR belongs_to_entity IS NULL OR belongs_to_entity <> ALL
                      (ARRAY(SELECT m.entity FROM naoberkaart.entity_meta m WHERE m.is_personal)))'
                 ELSE '' END);
        EXECUTE format('GRANT SELECT ON naoberkaart.%I TO naoberkaart_person', target.entity);
    END LOOP;
    EXECUTE 'ALTER TABLE naoberkaart.change_log ENABLE ROW LEVEL SECURITY';
    EXECUTE format('CREATE POLICY own ON naoberkaart.change_log FOR SELECT TO naoberkaart_person
        USING (%s AND (NOT is_personal OR %s))', mine, allowed);
    GRANT SELECT ON naoberkaart.change_log, naoberkaart.entity_meta, naoberkaart.field_meta,
        naoberkaart.server TO naoberkaart_person;
    GRANT USAGE ON SCHEMA naoberkaart TO naoberkaart_person;
END $$;
