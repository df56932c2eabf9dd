-- What every table needs first, and the tables of the shared database itself.
-- Runs as naoberkaart_owner in the empty schema naoberkaart.

-- A function is for nobody until it is given to someone, those of later versions included.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION naoberkaart.filled(value jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN value IS NOT NULL
    AND value <> ALL (ARRAY['null', '""', '[]', 'false', '{}']::jsonb[]);

CREATE TABLE naoberkaart.server (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    epoch uuid NOT NULL DEFAULT gen_random_uuid(),
    version integer NOT NULL,
    least_client integer NOT NULL
);

CREATE TABLE naoberkaart.municipality (
    code text PRIMARY KEY CHECK (code ~ '^GM[0-9]{4}$'),
    name text NOT NULL
);

CREATE TABLE naoberkaart.person (
    id uuid PRIMARY KEY,
    municipality text NOT NULL REFERENCES naoberkaart.municipality,
    role_name text NOT NULL UNIQUE,
    name text NOT NULL,
    roles text[] NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    added_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);

CREATE TABLE naoberkaart.role_right (
    role text NOT NULL,
    right_name text NOT NULL,
    PRIMARY KEY (role, right_name)
);

CREATE TABLE naoberkaart.entity_meta (
    entity text PRIMARY KEY,
    is_personal boolean NOT NULL,
    is_server_only boolean NOT NULL,
    code_prefix text NOT NULL
);

CREATE TABLE naoberkaart.field_meta (
    entity text NOT NULL REFERENCES naoberkaart.entity_meta,
    field text NOT NULL,
    grp text NOT NULL,
    kind text NOT NULL,
    json_type text NOT NULL,
    sql_type text NOT NULL,
    fallback jsonb,
    is_by_server boolean NOT NULL,
    has_steps boolean NOT NULL,
    PRIMARY KEY (entity, field)
);

CREATE TABLE naoberkaart.transition (
    entity text NOT NULL,
    field text NOT NULL,
    old text NOT NULL,
    new text NOT NULL,
    PRIMARY KEY (entity, field, old, new)
);

CREATE TABLE naoberkaart.counter (
    municipality text NOT NULL,
    name text NOT NULL,
    value bigint NOT NULL,
    PRIMARY KEY (municipality, name)
);

CREATE TABLE naoberkaart.receipt (
    municipality text NOT NULL,
    change_id uuid NOT NULL,
    person uuid NOT NULL,
    number bigint NOT NULL,
    received_at timestamptz NOT NULL,
    result jsonb NOT NULL,
    PRIMARY KEY (municipality, change_id)
);

CREATE TABLE naoberkaart.change_log (
    municipality text NOT NULL,
    seq bigint NOT NULL,
    change_id uuid,
    entity text NOT NULL,
    record_id uuid NOT NULL,
    kind text NOT NULL,
    person uuid,
    made_at timestamptz NOT NULL,
    applied_at timestamptz NOT NULL,
    device_id uuid,
    is_personal boolean NOT NULL,
    fields jsonb NOT NULL,
    PRIMARY KEY (municipality, seq)
);
CREATE INDEX change_log_record ON naoberkaart.change_log (municipality, record_id, seq);

-- What a revoked person had not sent yet: kept for the administrator, applied by nobody.
CREATE TABLE naoberkaart.rescued (
    municipality text NOT NULL,
    change_id uuid NOT NULL,
    person uuid NOT NULL,
    rescued_at timestamptz NOT NULL,
    change jsonb NOT NULL,
    PRIMARY KEY (municipality, change_id)
);

CREATE TABLE naoberkaart.blob (
    municipality text NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size_bytes bigint NOT NULL,
    received_bytes bigint NOT NULL DEFAULT 0,
    is_complete boolean NOT NULL DEFAULT false,
    person uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (municipality, sha256)
);

CREATE TABLE naoberkaart.blob_chunk (
    municipality text NOT NULL,
    sha256 text NOT NULL,
    position bigint NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (municipality, sha256, position),
    FOREIGN KEY (municipality, sha256) REFERENCES naoberkaart.blob ON DELETE CASCADE
);
ALTER TABLE naoberkaart.blob_chunk ALTER content SET STORAGE EXTERNAL;
