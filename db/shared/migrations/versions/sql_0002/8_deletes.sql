-- A deletion asks about every value that its maker did not see: also one in a field that their older
-- program does not know, or that nobody has declared. Version 1 looked at the fields it was told of.
CREATE OR REPLACE FUNCTION naoberkaart.decide_known(whose text, target text, batch naoberkaart.incoming[])
RETURNS naoberkaart.verdict[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    stored text;
    verdicts verdict[];
BEGIN
    -- Only the columns that these changes speak of are read (a function takes at most 100 arguments);
    -- a deletion speaks of all.
    SELECT coalesce(string_agg('jsonb_build_object(' || pairs || ')', ' || ') || ' || ', '') INTO stored
    FROM (SELECT string_agg(format('%L, t.%I', field, field), ', ') AS pairs
          FROM (SELECT field, row_number() OVER (ORDER BY field) AS n FROM field_meta
                WHERE entity = target AND field IN (
                    SELECT jsonb_object_keys(c.base) FROM unnest(batch) c
                    UNION SELECT jsonb_object_keys(c.given) FROM unnest(batch) c)
                OR entity = target AND EXISTS (SELECT FROM unnest(batch) c WHERE c.kind = 'delete')) touched
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
            CROSS JOIN LATERAL jsonb_object_keys(m.base || m.given || CASE
                WHEN m.kind = 'delete' THEN jsonb_strip_nulls(m.stored) ELSE '{}' END) AS n (name)
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
                       FILTER (WHERE base <> theirs) AS differing,
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
