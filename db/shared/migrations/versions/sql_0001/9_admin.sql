-- What the administrator stores (villages, staff) goes the same way as everyone's changes: decided,
-- counted and written into the history, but without a receipt. Granted to nobody.

CREATE FUNCTION naoberkaart.store_as_owner(whose text, target text, batch jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    who person;
    verdicts verdict[];
    written int;
BEGIN
    who.municipality := whose;
    PERFORM pg_advisory_xact_lock(hashtextextended('naoberkaart.push.' || whose, 0));
    PERFORM set_config('naoberkaart.context', '', true);
    verdicts := decide(whose, target, ARRAY(
        SELECT as_incoming(c, place) FROM jsonb_array_elements(batch) WITH ORDINALITY AS x (c, place)));
    SELECT count(v.step) INTO written FROM unnest(verdicts) v;
    IF written > 0 THEN
        PERFORM write_rows(who, target, verdicts, next_numbers(whose, 'seq', written),
                           date_trunc('second', clock_timestamp()));
    END IF;
    RETURN written;
END $$;
REVOKE ALL ON FUNCTION naoberkaart.store_as_owner(text, text, jsonb) FROM PUBLIC;
