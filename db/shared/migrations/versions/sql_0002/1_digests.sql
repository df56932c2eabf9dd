-- A digest of every row, so that two sides can be compared without sending them; what was delivered
-- by another; the small picture of an attachment.

CREATE OR REPLACE FUNCTION naoberkaart.reserved_names() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{id,entity,seq,municipality,revision,code,deleted,created_at,created_by,changed_at,changed_by,extra,digest}'::text[];

-- 40 bits: a laptop adds up millions of them in a 64-bit number. It is opaque to the laptop, which
-- only keeps what came with the row, so how PostgreSQL writes a row may differ between its versions.
CREATE FUNCTION naoberkaart.stamp_digest() RETURNS trigger
LANGUAGE plpgsql SET search_path = naoberkaart, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
AS $$
BEGIN
    NEW.digest := 0;
    NEW.digest := ('x' || left(md5(NEW::text), 10))::bit(40)::bigint;
    RETURN NEW;
END $$;

DO $$
DECLARE
    target text;
BEGIN
    FOR target IN SELECT entity FROM naoberkaart.entity_meta LOOP
        EXECUTE format('ALTER TABLE naoberkaart.%I ADD COLUMN digest bigint NOT NULL DEFAULT 0', target);
        EXECUTE format('CREATE TRIGGER z_digest BEFORE INSERT OR UPDATE ON naoberkaart.%I
            FOR EACH ROW EXECUTE FUNCTION naoberkaart.stamp_digest()', target);
    END LOOP;
END $$;

ALTER TABLE naoberkaart.attachment ADD COLUMN thumbnail text,
    ADD CONSTRAINT attachment_thumbnail CHECK ((length(btrim(thumbnail)) >= 64) AND (length(thumbnail) <= 64));
INSERT INTO naoberkaart.field_meta VALUES
    ('attachment', 'thumbnail', 'thumbnail', 'TEXT', 'string', 'text', NULL, false, false);

-- Who brought a change that somebody else had made; set by deliver, never by a client.
ALTER TABLE naoberkaart.change_log
    ADD COLUMN delivered_by uuid DEFAULT nullif(current_setting('naoberkaart.deliverer', true), '')::uuid;

-- Give the rows that are here their digest, and what newer programs already sent its column: this
-- is no edit, so it makes no history.
DO $$
DECLARE
    target text;
BEGIN
    FOR target IN SELECT entity FROM naoberkaart.entity_meta LOOP
        EXECUTE format('ALTER TABLE naoberkaart.%I DISABLE TRIGGER history', target);
        IF target = 'attachment' THEN
            UPDATE naoberkaart.attachment SET thumbnail = extra ->> 'thumbnail', extra = extra - 'thumbnail'
            WHERE length(btrim(extra ->> 'thumbnail')) = 64;
        END IF;
        EXECUTE format('UPDATE naoberkaart.%I SET digest = 0', target);
        EXECUTE format('ALTER TABLE naoberkaart.%I ENABLE TRIGGER history', target);
    END LOOP;
END $$;
