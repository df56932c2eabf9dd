-- Writing what was decided, with the codes that a delivery keeps (codes_to_keep).

CREATE OR REPLACE FUNCTION naoberkaart.write_rows(
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
                       coalesce($9 ->> v.record_id::text, $5 || lpad(($6 + v.number)::text, greatest(4, length(($6 + v.number)::text)), '0')),
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
              empty_row(target), coalesce(nullif(current_setting('naoberkaart.codes', true), ''), '{}')::jsonb;
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
