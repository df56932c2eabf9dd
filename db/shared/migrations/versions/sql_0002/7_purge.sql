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
        AND is_complete AND changed_at < before;
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
