-- Just enough geometry to be the guard, without PostGIS: shape, bounds and the overlap of two areas.

-- Whether a value is GeoJSON this project can keep; a plot has to be an area.
CREATE FUNCTION naoberkaart.is_geometry(value jsonb, is_area boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = naoberkaart, pg_temp
AS $$
    SELECT coalesce(
        jsonb_typeof(value -> 'coordinates') = 'array'
        AND NOT value @? '$.coordinates.** ? (@.type() != "number" && @.type() != "array")'
        AND NOT value @? '$.coordinates.** ? (@.type() == "array" && @.size() == 0)'
        AND CASE value ->> 'type'
            WHEN 'Point' THEN NOT is_area AND value @? 'strict $.coordinates[1] ? (@.type() == "number")'
            WHEN 'MultiPoint' THEN NOT is_area AND value @? 'strict $.coordinates[*][1] ? (@.type() == "number")'
            WHEN 'LineString' THEN NOT is_area AND value @? 'strict $.coordinates[1][1] ? (@.type() == "number")'
            WHEN 'MultiLineString' THEN NOT is_area AND value @? 'strict $.coordinates[*][1][1] ? (@.type() == "number")'
            WHEN 'Polygon' THEN value @? 'strict $.coordinates[*][3][1] ? (@.type() == "number")'
                AND NOT value @? 'strict $.coordinates[*] ? (@.size() < 4)'
            WHEN 'MultiPolygon' THEN value @? 'strict $.coordinates[*][*][3][1] ? (@.type() == "number")'
                AND NOT value @? 'strict $.coordinates[*][*] ? (@.size() < 4)'
        END, false)
$$;

CREATE FUNCTION naoberkaart.edges(geometry jsonb)
RETURNS TABLE (x1 double precision, y1 double precision, x2 double precision, y2 double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = naoberkaart, pg_temp
AS $$
    SELECT (a ->> 0)::float8, (a ->> 1)::float8, (b ->> 0)::float8, (b ->> 1)::float8
    FROM (
        SELECT corner AS a, lead(corner) OVER (PARTITION BY ring.number ORDER BY corners.number) AS b
        FROM jsonb_path_query(geometry, CASE geometry ->> 'type'
                WHEN 'Polygon' THEN '$.coordinates[*]'::jsonpath ELSE '$.coordinates[*][*]' END)
            WITH ORDINALITY AS ring (corners, number)
        CROSS JOIN LATERAL jsonb_array_elements(ring.corners) WITH ORDINALITY AS corners (corner, number)
    ) pairs
    WHERE b IS NOT NULL
$$;

CREATE FUNCTION naoberkaart.bounds(geometry jsonb) RETURNS box
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = naoberkaart, pg_temp
AS $$
    SELECT box(point(max(greatest(x1, x2)), max(greatest(y1, y2))), point(min(least(x1, x2)), min(least(y1, y2))))
    FROM edges(geometry)
$$;

-- Square metres that two areas share. Between two levels at which no edge begins, ends or crosses
-- another, every shared piece is a trapezoid: its middle width times its height is its area.
CREATE FUNCTION naoberkaart.overlap_m2(one jsonb, other jsonb) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = naoberkaart, pg_temp
AS $$
    WITH edge AS (
        SELECT 1 AS side, e.* FROM edges(one) e UNION ALL SELECT 2, e.* FROM edges(other) e
    ), crossing AS (
        SELECT a.y1 + cut.t * (a.y2 - a.y1) AS y
        FROM edge a JOIN edge b ON a.side = 1 AND b.side = 2
        CROSS JOIN LATERAL (SELECT nullif((a.x2 - a.x1) * (b.y2 - b.y1) - (a.y2 - a.y1) * (b.x2 - b.x1), 0) AS d) det
        CROSS JOIN LATERAL (
            SELECT ((b.x1 - a.x1) * (b.y2 - b.y1) - (b.y1 - a.y1) * (b.x2 - b.x1)) / det.d AS t,
                   ((b.x1 - a.x1) * (a.y2 - a.y1) - (b.y1 - a.y1) * (a.x2 - a.x1)) / det.d AS u
        ) cut
        WHERE cut.t BETWEEN 0 AND 1 AND cut.u BETWEEN 0 AND 1
    ), level AS (
        SELECT y1 AS y FROM edge UNION SELECT y FROM crossing
    ), slab AS (
        SELECT row_number() OVER (ORDER BY y) AS number, (y + lead(y) OVER (ORDER BY y)) / 2 AS middle,
               lead(y) OVER (ORDER BY y) - y AS height
        FROM level
    ), cut AS (
        SELECT s.number, s.height, e.side, x.x,
               row_number() OVER (PARTITION BY s.number, e.side ORDER BY x.x) AS place
        FROM slab s
        JOIN edge e ON (e.y1 < s.middle) <> (e.y2 < s.middle)
        CROSS JOIN LATERAL (SELECT e.x1 + (s.middle - e.y1) / (e.y2 - e.y1) * (e.x2 - e.x1) AS x) x
    ), span AS (
        SELECT number, height, side, x AS low, place, lead(x) OVER (PARTITION BY number, side ORDER BY place) AS high
        FROM cut
    )
    SELECT coalesce(sum(a.height * greatest(0, least(a.high, b.high) - greatest(a.low, b.low))), 0)
    FROM span a JOIN span b ON a.number = b.number AND a.side = 1 AND b.side = 2
    WHERE a.place % 2 = 1 AND b.place % 2 = 1
$$;

-- The bounds of every plot on offer, kept by push: to find neighbours by an index.
CREATE TABLE naoberkaart.plot_bounds (
    municipality text NOT NULL,
    id uuid NOT NULL,
    bounds box NOT NULL,
    PRIMARY KEY (municipality, id)
);
CREATE INDEX plot_bounds_place ON naoberkaart.plot_bounds USING gist (bounds);
