-- Attachments by SHA-256, in pieces, to be resumed in the middle.

CREATE FUNCTION naoberkaart.blob_offset(wanted text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
    SELECT coalesce((SELECT received_bytes FROM blob WHERE municipality = my_municipality() AND sha256 = wanted), 0)
$$;

-- Returns where the next piece begins; -1 when the whole is not what its name says (it is dropped).
CREATE FUNCTION naoberkaart.put_blob(name text, at bigint, total bigint, piece bytea) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
DECLARE
    who person;
    held blob;
BEGIN
    SELECT * INTO who FROM person WHERE role_name = session_user AND is_active;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'revoked' USING errcode = 'NK403';
    END IF;
    IF NOT has_right('write') THEN
        RAISE EXCEPTION 'rights' USING errcode = 'NK001';
    END IF;
    IF total NOT BETWEEN 1 AND 10485760 OR at < 0 OR at + length(piece) > total THEN
        RAISE EXCEPTION 'size' USING errcode = 'NK001';
    END IF;
    INSERT INTO blob VALUES (who.municipality, name, total, 0, false, who.id, now()) ON CONFLICT DO NOTHING;
    SELECT * INTO held FROM blob WHERE municipality = who.municipality AND sha256 = name FOR UPDATE;
    IF held.is_complete OR held.received_bytes <> at OR length(piece) = 0 THEN
        RETURN held.received_bytes;
    END IF;
    IF held.size_bytes <> total THEN
        RAISE EXCEPTION 'size' USING errcode = 'NK001';
    END IF;
    INSERT INTO blob_chunk VALUES (who.municipality, name, at, piece);
    IF at + length(piece) < total THEN
        UPDATE blob SET received_bytes = at + length(piece), changed_at = now()
        WHERE municipality = who.municipality AND sha256 = name;
        RETURN at + length(piece);
    END IF;
    IF encode(sha256((SELECT string_agg(content, '' ORDER BY position) FROM blob_chunk
                      WHERE municipality = who.municipality AND sha256 = name)), 'hex') <> name THEN
        DELETE FROM blob WHERE municipality = who.municipality AND sha256 = name;
        RETURN -1;
    END IF;
    UPDATE blob SET received_bytes = total, is_complete = true, changed_at = now()
    WHERE municipality = who.municipality AND sha256 = name;
    RETURN total;
END $$;

-- Only what belongs to an attachment this person may see (row security decides in `attachment`).
CREATE FUNCTION naoberkaart.blob_piece(whose text, name text, at bigint, size integer) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
    SELECT substring(coalesce(string_agg(
               substring(c.content FROM greatest(1, at - c.position + 1)::int FOR size), '' ORDER BY c.position), '')
               FROM 1 FOR size)
    FROM blob b JOIN blob_chunk c USING (municipality, sha256)
    WHERE b.municipality = whose AND b.municipality = my_municipality() AND b.sha256 = name AND b.is_complete
      AND c.position < at + size AND c.position + length(c.content) > at
      AND EXISTS (SELECT FROM attachment a LEFT JOIN entity_meta m ON m.entity = a.belongs_to_entity
                  WHERE a.municipality = whose AND a.sha256 = name
                    AND (has_right('contacts') OR NOT coalesce(m.is_personal, false)))
$$;

CREATE FUNCTION naoberkaart.get_blob(name text, at bigint, size integer) RETURNS bytea
LANGUAGE sql STABLE SET search_path = naoberkaart, pg_temp
AS $$ SELECT blob_piece(my_municipality(), name, at, size) $$;

CREATE INDEX attachment_sha256_lookup ON naoberkaart.attachment (municipality, sha256);

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA naoberkaart FROM PUBLIC;
GRANT EXECUTE ON FUNCTION naoberkaart.push(jsonb), naoberkaart.pull(bigint, integer), naoberkaart.hello(),
    naoberkaart.last_seq(), naoberkaart.row_as_json(text), naoberkaart.news_channel(), naoberkaart.my_municipality(), naoberkaart.has_right(text),
    naoberkaart.blob_offset(text), naoberkaart.put_blob(text, bigint, bigint, bytea),
    naoberkaart.get_blob(text, bigint, integer), naoberkaart.blob_piece(text, text, bigint, integer)
    TO naoberkaart_person;
