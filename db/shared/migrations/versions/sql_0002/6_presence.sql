-- Who has a record open in a form: a hint, so that most double edits never happen. It stands in no
-- history, ends by itself after 90 seconds unless it is renewed, and is gone when the server crashes
-- (an unlogged table writes no journal). Told on a channel of its own, as programs of version 1 take
-- every notice on the other one for news of records.

CREATE UNLOGGED TABLE naoberkaart.presence (
    municipality text NOT NULL,
    person uuid NOT NULL,
    device uuid NOT NULL,
    entity text NOT NULL,
    record_id uuid NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (municipality, person, device, record_id)
);
CREATE INDEX presence_until ON naoberkaart.presence (municipality, until);

-- The whole list of what this laptop has open; empty when nothing is. An attachment has no form.
CREATE FUNCTION naoberkaart.editing(my_device uuid, entities text[], records uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp SET jit = off
AS $$
DECLARE
    who person;
    moment timestamptz := clock_timestamp();
    is_news boolean;
BEGIN
    SELECT * INTO who FROM person WHERE role_name = session_user AND is_active;
    IF NOT FOUND OR my_device IS NULL THEN
        RETURN;
    END IF;
    WITH wanted AS MATERIALIZED (
        SELECT DISTINCT ON (o.record_id) o.entity, o.record_id
        FROM unnest(entities, records) AS o (entity, record_id)
        JOIN entity_meta m ON m.entity = o.entity AND NOT m.is_server_only AND m.entity <> 'attachment'
        WHERE o.record_id IS NOT NULL ORDER BY o.record_id LIMIT 100
    ), closed AS (
        DELETE FROM presence p
        WHERE p.municipality = who.municipality AND p.person = who.id AND p.device = my_device
          AND p.record_id NOT IN (SELECT record_id FROM wanted)
        RETURNING p.until > moment AS is_news
    ), opened AS (
        INSERT INTO presence
        SELECT who.municipality, who.id, my_device, entity, record_id, moment, moment + interval '90 s' FROM wanted
        ON CONFLICT (municipality, person, device, record_id) DO UPDATE
        SET entity = excluded.entity, until = excluded.until,
            since = CASE WHEN presence.until > moment THEN presence.since ELSE moment END
        RETURNING since = moment AS is_news
    )
    SELECT coalesce(bool_or(c.is_news), false) INTO is_news
    FROM (SELECT * FROM closed UNION ALL SELECT * FROM opened) c;
    -- What others left behind; whoever else clears it now goes first.
    DELETE FROM presence WHERE ctid IN (
        SELECT ctid FROM presence WHERE municipality = who.municipality AND until < moment FOR UPDATE SKIP LOCKED);
    IF is_news THEN
        PERFORM pg_notify(news_channel() || '.editing', '');
    END IF;
END $$;

-- What other laptops have open, of the records that the person who asks may see: it runs with that
-- person's own rights. `left_s` is for how long it holds, so that no clocks are compared.
CREATE FUNCTION naoberkaart.who_is_editing(my_device uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = naoberkaart, pg_temp SET jit = off
AS $$
DECLARE
    target text;
    found jsonb;
    told jsonb := '[]';
BEGIN
    FOR target IN SELECT DISTINCT entity FROM presence WHERE until > clock_timestamp() ORDER BY entity LOOP
        EXECUTE format($sql$
            SELECT jsonb_agg(jsonb_build_object(
                       'entity', p.entity, 'record_id', p.record_id, 'person', p.person, 'name', coalesce(s.name, ''),
                       'left_s', extract(epoch FROM p.until - clock_timestamp())) ORDER BY p.since, p.record_id)
            FROM presence p
            JOIN %I t ON t.municipality = p.municipality AND t.id = p.record_id
            LEFT JOIN staff s ON s.municipality = p.municipality AND s.id = p.person
            WHERE p.entity = $1 AND p.device <> $2 AND p.until > clock_timestamp()
        $sql$, target) INTO found USING target, my_device;
        told := told || coalesce(found, '[]');
    END LOOP;
    RETURN told;
END $$;

ALTER TABLE naoberkaart.presence ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON naoberkaart.presence FOR SELECT TO naoberkaart_person USING (
    municipality = (SELECT naoberkaart.my_municipality())
    AND ((SELECT naoberkaart.has_right('contacts'))
         OR entity <> ALL (ARRAY(SELECT m.entity FROM naoberkaart.entity_meta m WHERE m.is_personal))));
GRANT SELECT ON naoberkaart.presence TO naoberkaart_person;

-- Whoever loses access edits nothing any more.
CREATE FUNCTION naoberkaart.end_presence() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
BEGIN
    DELETE FROM presence WHERE municipality = NEW.municipality AND person = NEW.id;
    IF FOUND THEN
        PERFORM pg_notify('naoberkaart.' || NEW.municipality || '.editing', '');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER presence_ends AFTER UPDATE OF is_active ON naoberkaart.person
    FOR EACH ROW WHEN (NOT NEW.is_active) EXECUTE FUNCTION naoberkaart.end_presence();

REVOKE ALL ON FUNCTION naoberkaart.editing(uuid, text[], uuid[]), naoberkaart.who_is_editing(uuid),
    naoberkaart.end_presence() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION naoberkaart.editing(uuid, text[], uuid[]), naoberkaart.who_is_editing(uuid)
    TO naoberkaart_person;
