-- Attachments in fewer round trips, small pictures of them, and no way to block one by beginning it wrongly.

CREATE INDEX attachment_thumbnail_lookup ON naoberkaart.attachment (municipality, thumbnail) WHERE thumbnail IS NOT NULL;

-- For programs of version 1, which do not say the size: what another person began is looked into by put_blob.
CREATE OR REPLACE FUNCTION naoberkaart.blob_offset(wanted text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
    SELECT coalesce((SELECT b.received_bytes FROM blob b LEFT JOIN person p ON p.id = b.person
                     WHERE b.municipality = my_municipality() AND b.sha256 = wanted
                       AND (b.is_complete OR p.role_name = session_user)), 0)
$$;

-- How much of each is there, in the order asked; what was begun with another size counts for nothing.
CREATE FUNCTION naoberkaart.blob_offsets(names text[], sizes bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
    SELECT coalesce(array_agg(CASE WHEN b.is_complete OR b.size_bytes = w.size THEN b.received_bytes ELSE 0 END
                              ORDER BY w.place), '{}')
    FROM unnest(names, sizes) WITH ORDINALITY AS w (name, size, place)
    LEFT JOIN blob b ON b.municipality = my_municipality() AND b.sha256 = w.name
$$;

-- Returns where the next piece begins; -1 when the whole is not what its name says (it is dropped).
CREATE OR REPLACE FUNCTION naoberkaart.put_blob(name text, at bigint, total bigint, piece bytea) RETURNS bigint
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
    IF NOT FOUND THEN
        RETURN 0;  -- dropped a moment ago, as it was damaged
    END IF;
    IF NOT held.is_complete AND held.size_bytes <> total THEN
        -- One of the two is wrong. Whoever has the right bytes ends well; the other never does.
        DELETE FROM blob_chunk WHERE municipality = who.municipality AND sha256 = name;
        UPDATE blob SET size_bytes = total, received_bytes = 0, person = who.id, changed_at = now()
        WHERE municipality = who.municipality AND sha256 = name;
        held.received_bytes := 0;
    END IF;
    IF held.is_complete OR held.received_bytes <> at OR length(piece) = 0 THEN
        RETURN held.received_bytes;
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

-- Several small ones, whole, in one go; says of each whether it is there now.
CREATE FUNCTION naoberkaart.put_blobs(names text[], contents bytea[]) RETURNS boolean[]
LANGUAGE plpgsql SET search_path = naoberkaart, pg_temp
AS $$
DECLARE
    stored boolean[] := '{}';
BEGIN
    FOR i IN 1 .. coalesce(array_length(names, 1), 0) LOOP
        BEGIN
            stored := stored || (put_blob(names[i], 0, length(contents[i]), contents[i]) = length(contents[i]));
        EXCEPTION WHEN SQLSTATE 'NK001' OR check_violation THEN
            stored := stored || false;
        END;
    END LOOP;
    RETURN stored;
END $$;

-- Only what belongs to an attachment this person may see (row security decides in `attachment`).
CREATE OR REPLACE FUNCTION naoberkaart.blob_piece(whose text, name text, at bigint, size integer) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = naoberkaart, pg_temp
AS $$
    SELECT substring(coalesce(string_agg(
               substring(c.content FROM greatest(1, at - c.position + 1)::int FOR size), '' ORDER BY c.position), '')
               FROM 1 FOR size)
    FROM blob b JOIN blob_chunk c USING (municipality, sha256)
    WHERE b.municipality = whose AND b.municipality = my_municipality() AND b.sha256 = name AND b.is_complete
      AND c.position < at + size AND c.position + length(c.content) > at
      AND EXISTS (SELECT FROM attachment a LEFT JOIN entity_meta m ON m.entity = a.belongs_to_entity
                  WHERE a.municipality = whose AND (a.sha256 = name OR a.thumbnail = name)
                    AND (has_right('contacts') OR NOT coalesce(m.is_personal, false)))
$$;

-- The beginnings of several, in the order asked: of a small one, that is all of it.
CREATE FUNCTION naoberkaart.get_blobs(names text[], size integer) RETURNS bytea[]
LANGUAGE sql STABLE SET search_path = naoberkaart, pg_temp
AS $$
    SELECT coalesce(array_agg(blob_piece(my_municipality(), name, 0, size) ORDER BY place), '{}')
    FROM unnest(names) WITH ORDINALITY AS w (name, place)
$$;

REVOKE ALL ON FUNCTION naoberkaart.blob_offsets(text[], bigint[]), naoberkaart.put_blobs(text[], bytea[]),
    naoberkaart.get_blobs(text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION naoberkaart.blob_offsets(text[], bigint[]), naoberkaart.put_blobs(text[], bytea[]),
    naoberkaart.get_blobs(text[], integer) TO naoberkaart_person;
