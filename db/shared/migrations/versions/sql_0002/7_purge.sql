-- purge(municipality, before): forget for good what was deleted before a moment (a retention term, the
-- right to be forgotten). The history keeps a line without contents, so every laptop, however long it
-- was away, forgets it, too. For the administrator only.

CREATE OR REPLACE FUNCTION naoberkaart.refuse_removal() RETURNS trigger
LANGUAGE plpgsql SET search_path = naoberkaart, pg_temp
AS $$
BEGIN
    -- No person has the right to delete or rewrite; this stops mistakes of those who own the tables.
    IF current_setting('naoberkaart.purging', true) = 'yes' AND tg_op <> 'TRUNCATE' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'rows of % are never removed or rewritten', tg_table_name USING errcode = '42501';
END $$;

CREATE FUNCTION naoberkaart.purge(whose text, before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    target record;
    gone uuid[];
    first_seq bigint;
    purged int := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('naoberkaart.push.' || whose, 0));
    PERFORM set_config('naoberkaart.purging', 'yes', true);
    -- Attachments of what goes, go, too; they are the last in line.
    FOR target IN SELECT * FROM entity_meta WHERE NOT is_server_only ORDER BY (entity = 'attachment'), entity LOOP
        IF target.entity = 'attachment' THEN
            gone := ARRAY(SELECT id FROM attachment a WHERE municipality = whose AND (deleted AND changed_at < before
                OR EXISTS (SELECT FROM change_log l WHERE l.municipality = whose AND l.record_id = a.belongs_to
                           AND l.kind = 'purge')));
        ELSE
            EXECUTE format('SELECT array_agg(id) FROM %I WHERE municipality = $1 AND deleted AND changed_at < $2',
                           target.entity) INTO gone USING whose, before;
        END IF;
        CONTINUE WHEN coalesce(cardinality(gone), 0) = 0;
        IF target.entity = 'plot' THEN
            DELETE FROM plot_bounds WHERE municipality = whose AND id = ANY (gone);
        END IF;
        -- What the contents were goes; who did something and when stays, and with it the marks (tip_of).
        UPDATE change_log SET fields = '{}' WHERE municipality = whose AND record_id = ANY (gone) AND fields <> '{}';
        UPDATE receipt r SET result = result || '{"conflicts": []}' FROM change_log l
        WHERE l.municipality = whose AND l.record_id = ANY (gone) AND r.municipality = whose AND r.change_id = l.change_id;
        DELETE FROM rescued WHERE municipality = whose AND lower(change ->> 'record_id') = ANY (gone::text[]);
        EXECUTE format('DELETE FROM %I WHERE municipality = $1 AND id = ANY ($2)', target.entity) USING whose, gone;
        first_seq := next_numbers(whose, 'seq', cardinality(gone));
        INSERT INTO change_log (municipality, seq, change_id, entity, record_id, kind, person, made_at, applied_at,
                                device_id, is_personal, fields)
        SELECT whose, first_seq + n, NULL, target.entity, id, 'purge', NULL, now(), date_trunc('second', now()), NULL,
               false, '{}'
        FROM unnest(gone) WITH ORDINALITY AS x (id, n);
        purged := purged + cardinality(gone);
    END LOOP;
    DELETE FROM blob b WHERE municipality = whose AND NOT EXISTS (
        SELECT FROM attachment a WHERE a.municipality = whose AND b.sha256 IN (a.sha256, a.thumbnail))
        AND changed_at < before;
    PERFORM set_config('naoberkaart.purging', '', true);
    PERFORM pg_notify('naoberkaart.' || whose, '');
    RETURN purged;
END $$;
REVOKE ALL ON FUNCTION naoberkaart.purge(text, timestamptz) FROM PUBLIC;

-- After a restore by plan: a new epoch makes every laptop look what this database lacks.
CREATE FUNCTION naoberkaart.renew_epoch() RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$ UPDATE server SET epoch = gen_random_uuid() RETURNING epoch $$;
REVOKE ALL ON FUNCTION naoberkaart.renew_epoch() FROM PUBLIC;

-- As before; but what was purged does not come to life again by a laptop that had unsent work on it.
CREATE OR REPLACE FUNCTION naoberkaart.decide(whose text, target text, batch naoberkaart.incoming[])
RETURNS naoberkaart.verdict[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
DECLARE
    known uuid[];
    verdicts verdict[] := '{}';
    fresh incoming[];
    met incoming[];
    gone uuid[];
BEGIN
    EXECUTE format('SELECT array_agg(t.id) FROM %I t WHERE t.municipality = $1
        AND t.id = ANY (ARRAY(SELECT c.record_id FROM unnest($2) c))', target)
    INTO known USING whose, batch;
    SELECT array_agg(c) FILTER (WHERE k IS NULL), array_agg(c) FILTER (WHERE k IS NOT NULL)
    INTO fresh, met FROM unnest(batch) c LEFT JOIN unnest(known) k ON k = c.record_id;
    IF fresh IS NOT NULL THEN
        verdicts := decide_new(target, fresh);
        gone := ARRAY(SELECT l.record_id FROM change_log l WHERE l.municipality = whose AND l.kind = 'purge'
                      AND l.record_id = ANY (ARRAY(SELECT c.record_id FROM unnest(fresh) c)));
    END IF;
    IF met IS NOT NULL THEN
        verdicts := verdicts || decide_known(whose, target, met);
    END IF;
    RETURN ARRAY(
        SELECT (v.place, v.record_id, v.action, v.problem, v.seq, v.changed_by, v.changed_at, v.patch, v.unknown,
                v.open, v.ground,
                CASE WHEN is_written THEN row_number() OVER (PARTITION BY is_written ORDER BY v.place) END)::verdict
        FROM (SELECT *, w.action IN ('insert', 'update', 'delete', 'restore') AS is_written
              FROM (SELECT u.place, u.record_id, u.seq, u.changed_by, u.changed_at, u.patch, u.unknown, u.open, u.ground,
                           CASE WHEN u.record_id = ANY (gone) THEN 'refuse' ELSE u.action END AS action,
                           CASE WHEN u.record_id = ANY (gone) THEN 'purged' ELSE u.problem END AS problem
                    FROM unnest(verdicts) u) w) v
        ORDER BY v.place);
END $$;
