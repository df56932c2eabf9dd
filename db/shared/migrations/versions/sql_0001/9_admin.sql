-- What the administrator stores (villages, staff) goes the same way as everyone's changes: decided,
-- counted and written into the history, but without a receipt. Granted to nobody.

CREATE FUNCTION naoberkaart.store_as_owner(whose text, target text, batch jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    who person;
    rows jsonb;
    written int;
BEGIN
    who.municipality := whose;
    PERFORM pg_advisory_xact_lock(hashtextextended('naoberkaart.push.' || whose, 0));
    PERFORM set_config('naoberkaart.context', '', true);
    SELECT jsonb_agg(v || jsonb_build_object('step', step) ORDER BY step), count(*) INTO rows, written
    FROM (SELECT v, row_number() OVER (ORDER BY (v ->> 'place')::int) AS step
          FROM jsonb_array_elements(decide(who, target, batch)) v
          WHERE v ->> 'action' IN ('insert', 'update', 'delete', 'restore')) chosen;
    IF written > 0 THEN
        PERFORM write_rows(who, target, rows, next_numbers(whose, 'seq', written),
                           date_trunc('second', clock_timestamp()));
    END IF;
    RETURN written;
END $$;
REVOKE ALL ON FUNCTION naoberkaart.store_as_owner(text, text, jsonb) FROM PUBLIC;
