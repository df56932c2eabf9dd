-- push(changes): the one way to write. A batch is decided and written set by set; when the database
-- refuses a batch it is halved until the change at fault stands alone, so one bad change never blocks
-- another. All of it is one statement of one transaction, under one lock per municipality, so that
-- the order of `seq` is the order of commit (no hole for a pull to fall in).

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
    change jsonb, outcome text, number bigint, seq bigint, reason text, conflicts jsonb
) RETURNS jsonb
LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object('change_id', change -> 'id', 'outcome', outcome, 'number', number,
                              'seq', seq, 'reason', reason, 'conflicts', coalesce(conflicts, '[]'))
$$;

-- The verdict on changes that make records nobody has yet: only their values can be wrong.
CREATE FUNCTION naoberkaart.decide_new(target text, batch jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
DECLARE
    types jsonb := (SELECT jsonb_object_agg(field, json_type) FROM field_meta WHERE entity = target);
    by_server jsonb := (SELECT coalesce(jsonb_object_agg(field, fallback), '{}') FROM field_meta
                        WHERE entity = target AND is_by_server);
BEGIN
    RETURN (
        SELECT jsonb_agg(jsonb_build_object(
            'place', c -> 'place', 'record_id', c -> 'record_id', 'seq', NULL,
            'action', CASE WHEN c ->> 'kind' = 'create' AND v.problem IS NULL THEN 'insert' ELSE 'refuse' END,
            'problem', CASE WHEN c ->> 'kind' = 'create' THEN v.problem
                            WHEN c ->> 'kind' IN ('edit', 'delete', 'restore') THEN 'unknown_record' ELSE 'kind' END,
            'patch', c -> 'values', 'unknown', v.unknown))
        FROM jsonb_array_elements(batch) c
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(key, value) FILTER (WHERE NOT types ? key) AS unknown,
                   min(CASE WHEN key = ANY (reserved_names()) OR jsonb_typeof(value) <> types ->> key THEN 'value:' || key
                            WHEN by_server ? key AND value <> coalesce(by_server -> key, 'null') THEN 'server:' || key
                            WHEN types ->> key = 'object' AND NOT is_geometry(value, target = 'plot' AND key = 'geometry')
                                THEN 'value:' || key END) AS problem
            FROM jsonb_each(CASE WHEN c ->> 'kind' = 'create' THEN c -> 'values' END) WHERE value <> 'null'
        ) v
    );
END $$;

-- The verdict on changes of records that are there, at most one change a record: field by field the
-- stored value is compared with what the editor saw, and what belongs together stands or falls as one.
CREATE FUNCTION naoberkaart.decide_known(who naoberkaart.person, target text, batch jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    stored text;
    verdicts jsonb;
BEGIN
    -- Only the columns that these changes speak of are read (a function takes at most 100 arguments).
    SELECT coalesce(string_agg('jsonb_build_object(' || pairs || ')', ' || ') || ' || ', '') INTO stored
    FROM (SELECT string_agg(format('%L, t.%I', field, field), ', ') AS pairs
          FROM (SELECT field, row_number() OVER (ORDER BY field) AS n FROM field_meta
                WHERE entity = target AND field IN (
                    SELECT jsonb_object_keys(coalesce(nullif(c -> 'base', 'null'), '{}') || coalesce(nullif(c -> 'values', 'null'), '{}'))
                    FROM jsonb_array_elements(batch) c)) touched
          GROUP BY (n - 1) / 40) chunk;
    EXECUTE format($sql$
        WITH met AS MATERIALIZED (
            SELECT (c ->> 'place')::int AS place, t.id AS record_id, c ->> 'kind' AS kind,
                   coalesce(nullif(c -> 'base', 'null'), '{}') AS base,
                   CASE WHEN c ->> 'kind' IN ('create', 'edit')
                        THEN coalesce(nullif(c -> 'values', 'null'), '{}') ELSE '{}' END AS given,
                   t.deleted AS is_deleted, t.seq, t.changed_by, t.changed_at, %s t.extra AS stored
            FROM jsonb_array_elements($1) c
            JOIN %I t ON t.municipality = $2 AND t.id = (c ->> 'record_id')::uuid
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
            WHERE m.kind <> 'restore'
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
            SELECT m.place, m.record_id, m.seq, m.changed_by, m.changed_at, s.patch, s.unknown,
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
        SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'place', place, 'record_id', record_id, 'seq', seq, 'unknown', unknown, 'ground', ground,
            'action', CASE WHEN problem IS NOT NULL THEN 'refuse' ELSE action END, 'problem', problem,
            'changed_by', changed_by, 'changed_at', changed_at))
            || CASE WHEN patch IS NULL THEN '{}' ELSE jsonb_build_object('patch', patch) END
            || CASE WHEN open IS NOT NULL AND problem IS NULL AND action IN ('conflict', 'update')
                    THEN jsonb_build_object('open', open) ELSE '{}' END)
        FROM verdict
    $sql$, stored, target) INTO verdicts USING batch, who.municipality, target;
    RETURN coalesce(verdicts, '[]');
END $$;

-- The verdict on every change of one entity, at most one change a record.
CREATE FUNCTION naoberkaart.decide(who naoberkaart.person, target text, batch jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    known jsonb;
    fresh jsonb;
    met jsonb;
BEGIN
    EXECUTE format('SELECT coalesce(jsonb_object_agg(t.id, true), ''{}'') FROM %I t WHERE t.municipality = $1
        AND t.id = ANY (ARRAY(SELECT (c ->> ''record_id'')::uuid FROM jsonb_array_elements($2) c))', target)
    INTO known USING who.municipality, batch;
    SELECT jsonb_agg(c) FILTER (WHERE NOT known ? lower(c ->> 'record_id')),
           jsonb_agg(c) FILTER (WHERE known ? lower(c ->> 'record_id'))
    INTO fresh, met FROM jsonb_array_elements(batch) c;
    RETURN coalesce(CASE WHEN fresh IS NOT NULL THEN decide_new(target, fresh) END, '[]')
        || coalesce(CASE WHEN met IS NOT NULL THEN decide_known(who, target, met) END, '[]');
END $$;

-- Write what was decided; `rows` are the verdicts with their step (place in the order of seq) added.
CREATE FUNCTION naoberkaart.write_rows(
    who naoberkaart.person, target text, rows jsonb, first_seq bigint, moment timestamptz
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    prefix text := (SELECT code_prefix FROM entity_meta WHERE entity = target);
    year text := to_char(moment AT TIME ZONE 'Europe/Amsterdam', 'YYYY');
    new_rows jsonb := (SELECT jsonb_agg(r ORDER BY (r ->> 'step')::int) FROM jsonb_array_elements(rows) r
                       WHERE r ->> 'action' = 'insert');
    old_rows jsonb := (SELECT jsonb_agg(r) FROM jsonb_array_elements(rows) r WHERE r ->> 'action' <> 'insert');
    first_code bigint;
    columns text;
    assigned text;
    touched text[];
BEGIN
    IF new_rows IS NOT NULL THEN
        IF prefix <> '' THEN
            first_code := next_numbers(who.municipality, prefix || '-' || year, jsonb_array_length(new_rows));
        END IF;
        SELECT string_agg(format('%I', field), ', ' ORDER BY field) INTO columns FROM field_meta WHERE entity = target;
        EXECUTE format($sql$
            INSERT INTO %1$I (municipality, id, seq, revision, code, deleted, created_at, created_by,
                              changed_at, changed_by, extra, %2$s)
            SELECT $2, v.record_id, $3 + v.step, 1,
                   $5 || lpad(($6 + v.number)::text, greatest(4, length(($6 + v.number)::text)), '0'),
                   false, $4, $7, $4, $7, coalesce(v.unknown, '{}'), %3$s
            FROM (SELECT x.*, row_number() OVER (ORDER BY x.step) AS number FROM jsonb_to_recordset($1)
                  AS x (record_id uuid, step int, patch jsonb, unknown jsonb)) v
            CROSS JOIN LATERAL jsonb_populate_record(NULL::%1$I, $8 || coalesce(v.patch, '{}')) n
        $sql$, target, columns, (SELECT string_agg(format('n.%I', field), ', ' ORDER BY field)
                                 FROM field_meta WHERE entity = target))
        USING new_rows, who.municipality, first_seq, moment, prefix || '-' || year || '-', first_code, who.id,
              (SELECT coalesce(jsonb_object_agg(field, fallback), '{}') FROM field_meta
               WHERE entity = target AND fallback IS NOT NULL);
    END IF;
    IF old_rows IS NOT NULL THEN
        touched := ARRAY(
            SELECT DISTINCT k FROM jsonb_array_elements(old_rows) r
            CROSS JOIN LATERAL jsonb_object_keys(CASE WHEN jsonb_typeof(r -> 'patch') = 'object' THEN r -> 'patch' END) k);
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
            FROM jsonb_to_recordset($1) AS v (record_id uuid, step int, action text, patch jsonb, unknown jsonb)
            WHERE t.municipality = $2 AND t.id = v.record_id
        $sql$, target, coalesce(assigned, ''))
        USING old_rows, who.municipality, first_seq, moment, who.id;
        PERFORM set_config('naoberkaart.touched', '', true);
    END IF;
    IF target = 'plot' THEN
        PERFORM refuse_overlap(who.municipality, rows);
    END IF;
END $$;

-- Two active plots share no land: 1 m2 is allowed, for borders are measured in decimetres.
CREATE FUNCTION naoberkaart.refuse_overlap(whose text, rows jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM jsonb_array_elements(rows) r
        JOIN plot mine ON mine.municipality = whose AND mine.id = (r ->> 'record_id')::uuid
        JOIN plot other ON other.municipality = whose AND other.id <> mine.id
            AND other.geometry IS NOT NULL AND NOT other.deleted
            AND bounds(other.geometry) && bounds(mine.geometry)
        WHERE (r ->> 'action' IN ('insert', 'restore') OR r -> 'patch' ?| '{geometry,status}')
          AND NOT mine.deleted AND mine.geometry IS NOT NULL
          AND mine.status NOT IN ('issued', 'withdrawn') AND other.status NOT IN ('issued', 'withdrawn')
          AND overlap_m2(mine.geometry, other.geometry) > 1
    ) THEN
        RAISE EXCEPTION 'overlap' USING errcode = 'NK001';
    END IF;
END $$;

-- Who stored the values that someone else now wants to change, and when; and keep the loser.
CREATE FUNCTION naoberkaart.tell_conflicts(
    who naoberkaart.person, target text, change jsonb, verdict jsonb, at_seq bigint, moment timestamptz
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    told jsonb;
    personal boolean := (SELECT is_personal FROM entity_meta WHERE entity = target)
        OR target = 'attachment' AND EXISTS (
            SELECT FROM attachment a JOIN entity_meta m ON m.entity = a.belongs_to_entity
            WHERE a.municipality = who.municipality AND a.id = (change ->> 'record_id')::uuid AND m.is_personal);
BEGIN
    INSERT INTO change_log VALUES (
        who.municipality, at_seq, (change ->> 'id')::uuid, target, (change ->> 'record_id')::uuid, 'conflict',
        who.id, (change ->> 'made_at')::timestamptz, moment, (change ->> 'device_id')::uuid, personal,
        (SELECT jsonb_object_agg(o ->> 'name', jsonb_build_array(o -> 'theirs', o -> 'ours'))
         FROM jsonb_array_elements(verdict -> 'open') o));
    SELECT jsonb_agg(jsonb_build_object(
               'fields', c.names, 'theirs', c.theirs,
               'by', coalesce(l.person, (verdict ->> 'changed_by')::uuid),
               'at', coalesce(to_jsonb(l.applied_at), verdict -> 'changed_at')) ORDER BY c.names)
    INTO told
    FROM (
        SELECT jsonb_agg(o -> 'name') AS names, array_agg(o ->> 'name') AS plain,
               jsonb_object_agg(o ->> 'name', o -> 'theirs') AS theirs
        FROM jsonb_array_elements(verdict -> 'open') o GROUP BY o ->> 'grp'
    ) c
    LEFT JOIN LATERAL (
        SELECT h.person, h.applied_at FROM change_log h
        WHERE h.municipality = who.municipality AND h.record_id = (change ->> 'record_id')::uuid
          AND h.seq < at_seq AND h.kind <> 'conflict'
          AND (h.fields ?| c.plain OR (h.kind = 'delete' AND c.plain = '{deleted}'))
        ORDER BY h.seq DESC LIMIT 1
    ) l ON true;
    RETURN told;
END $$;

-- Decide, write and answer one batch; raises when the database refuses any of it.
CREATE FUNCTION naoberkaart.apply_batch(who naoberkaart.person, target text, batch jsonb, moment timestamptz)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    verdicts jsonb := decide(who, target, batch);
    rows jsonb;
    first_seq bigint;
    written int;
    disputed int;
    first_number bigint := next_numbers(who.municipality, 'receipt', jsonb_array_length(batch));
    answers jsonb;
BEGIN
    SELECT jsonb_agg(v || jsonb_build_object('step', step) ORDER BY step), count(*) INTO rows, written
    FROM (SELECT v, row_number() OVER (ORDER BY (v ->> 'place')::int) AS step
          FROM jsonb_array_elements(verdicts) v
          WHERE v ->> 'action' IN ('insert', 'update', 'delete', 'restore')) chosen;
    SELECT count(*) INTO disputed FROM jsonb_array_elements(verdicts) v
    WHERE v ->> 'action' <> 'refuse' AND jsonb_typeof(v -> 'open') = 'array';
    IF written + disputed > 0 THEN
        first_seq := next_numbers(who.municipality, 'seq', written + disputed);
    END IF;
    IF written > 0 THEN
        PERFORM set_config('naoberkaart.context', (
            SELECT jsonb_agg(jsonb_build_object('record_id', c -> 'record_id', 'change_id', c -> 'id',
                                                'made_at', c -> 'made_at', 'device_id', c -> 'device_id'))::text
            FROM jsonb_array_elements(batch) c), true);
        PERFORM write_rows(who, target, rows, first_seq, moment);
        PERFORM set_config('naoberkaart.context', '', true);
    END IF;
    WITH told AS (
        SELECT c.change, v.verdict, first_number + row_number() OVER (ORDER BY (c.change ->> 'place')::int) AS number,
               (w.step IS NOT NULL) AS is_written, w.step,
               CASE WHEN v.verdict ->> 'action' <> 'refuse' AND jsonb_typeof(v.verdict -> 'open') = 'array'
                    THEN tell_conflicts(who, target, c.change, v.verdict,
                         first_seq + written + rank() OVER (
                             PARTITION BY v.verdict ->> 'action' <> 'refuse' AND jsonb_typeof(v.verdict -> 'open') = 'array'
                             ORDER BY (c.change ->> 'place')::int), moment)
               END AS conflicts
        FROM jsonb_array_elements(batch) AS c (change)
        JOIN jsonb_array_elements(verdicts) AS v (verdict) ON v.verdict -> 'place' = c.change -> 'place'
        LEFT JOIN jsonb_to_recordset(rows) AS w (place int, step int) ON w.place = (c.change ->> 'place')::int
    ), answered AS (
        SELECT change, number, answer(
            change,
            CASE WHEN verdict ->> 'action' = 'refuse' THEN 'refused'
                 WHEN conflicts IS NULL THEN 'applied' WHEN is_written THEN 'merged' ELSE 'conflict' END,
            number,
            CASE WHEN is_written THEN first_seq + step ELSE coalesce((verdict ->> 'seq')::bigint, 0) END,
            CASE WHEN verdict ->> 'action' = 'refuse' THEN verdict ->> 'problem'
                 WHEN conflicts IS NULL THEN '' ELSE verdict ->> 'ground' END,
            conflicts) AS result
        FROM told
    ), kept AS (
        INSERT INTO receipt SELECT who.municipality, (change ->> 'id')::uuid, who.id, number, moment, result FROM answered
    )
    SELECT jsonb_object_agg(change ->> 'place', result) INTO answers FROM answered;
    RETURN answers;
END $$;

-- Refuse every change of a batch for one reason.
CREATE FUNCTION naoberkaart.refuse(who naoberkaart.person, batch jsonb, reason text, moment timestamptz) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    first_number bigint := next_numbers(who.municipality, 'receipt', jsonb_array_length(batch));
    answers jsonb;
BEGIN
    WITH answered AS (
        SELECT change, first_number + n AS number, answer(change, 'refused', first_number + n, 0, reason, NULL) AS result
        FROM jsonb_array_elements(batch) WITH ORDINALITY AS c (change, n)
    ), kept AS (
        INSERT INTO receipt SELECT who.municipality, (change ->> 'id')::uuid, who.id, number, moment, result FROM answered
    )
    SELECT jsonb_object_agg(change ->> 'place', result) INTO answers FROM answered;
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
CREATE FUNCTION naoberkaart.take_batch(who naoberkaart.person, target text, batch jsonb, moment timestamptz)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    fault text;
    at_constraint text;
    at_column text;
    said text;
    half int := (jsonb_array_length(batch) + 1) / 2;
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
    IF jsonb_array_length(batch) > 1 THEN
        RETURN take_batch(who, target, jsonb_path_query_array(batch, '$[0 to $last]', jsonb_build_object('last', half - 1)), moment)
            || take_batch(who, target, jsonb_path_query_array(batch, '$[$first to last]', jsonb_build_object('first', half)), moment);
    END IF;
    RETURN refuse(who, batch, CASE
        WHEN at_constraint = 'receipt_pkey' THEN 'change_id'
        WHEN fault = '23514' THEN regexp_replace(regexp_replace('check:' || substr(at_constraint, length(target) + 2),
                                                 '^check:rule_([0-9]+)_', 'rule:\1:'), '^$', 'check:')
        WHEN fault = '23502' THEN 'value:' || at_column
        WHEN fault = 'NK001' THEN said
        ELSE 'value:' || bad_field(target, batch -> 0 -> 'values') END, moment);
END $$;

-- One round of one entity: what was answered before is answered again, without a second effect.
CREATE FUNCTION naoberkaart.take(who naoberkaart.person, target text, batch jsonb, moment timestamptz) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    meta entity_meta;
    answers jsonb;
    fresh jsonb;
BEGIN
    SELECT jsonb_object_agg(c ->> 'place', CASE WHEN r.person = who.id THEN r.result
               ELSE answer(c, 'refused', 0, 0, 'change_id', NULL) END) FILTER (WHERE r.person IS NOT NULL),
           jsonb_agg(c ORDER BY (c ->> 'place')::int) FILTER (WHERE r.person IS NULL)
    INTO answers, fresh
    FROM jsonb_array_elements(batch) c
    LEFT JOIN receipt r ON r.municipality = who.municipality AND r.change_id = (c ->> 'id')::uuid;
    answers := coalesce(answers, '{}');
    IF fresh IS NULL THEN
        RETURN answers;
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
    RETURN (SELECT coalesce(jsonb_agg(answer(c, 'refused', 0, 0, 'revoked', NULL) ORDER BY n), '[]')
            FROM jsonb_array_elements(changes) WITH ORDINALITY AS x (c, n));
END $$;

CREATE FUNCTION naoberkaart.push(changes jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
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
    FOR batch IN
        SELECT round, entity, jsonb_agg(change || jsonb_build_object('place', place) ORDER BY place) AS list
        FROM (SELECT c AS change, place, c ->> 'entity' AS entity,
                     row_number() OVER (PARTITION BY lower(c ->> 'record_id') ORDER BY place) AS round
              FROM jsonb_array_elements(changes) WITH ORDINALITY AS x (c, place)
              WHERE c ->> 'id' ~* is_uuid AND c ->> 'record_id' ~* is_uuid) numbered
        GROUP BY round, entity ORDER BY round, min(place)
    LOOP
        answers := answers || take(who, coalesce(batch.entity, ''), batch.list, moment);
    END LOOP;
    RETURN (SELECT coalesce(jsonb_agg(coalesce(answers -> place::text, answer(c, 'refused', 0, 0, 'malformed', NULL))
                                      ORDER BY place), '[]')
            FROM jsonb_array_elements(changes) WITH ORDINALITY AS x (c, place));
END $$;
