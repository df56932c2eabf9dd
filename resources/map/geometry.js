// Pure geometry of the map page: RD New, metres, rings. Order is always lon, lat.

export const DECIMALS = 8; // about a millimetre: no coordinate is lost on its way to Python

export const exact = (value) => Number(value.toFixed(DECIMALS));
export const toLngLat = (latLng) => {
  const wrapped = latLng.wrap();
  return [exact(wrapped.lng), exact(wrapped.lat)];
};
export const toLatLng = ([lon, lat]) => L.latLng(lat, lon);

// Polynomials of Schreutelkamp and Strang van Hees (Geodesia 2001), good to 0.25 m in the Netherlands.
// Enough to show a place and to step metres; what is stored is converted by pyproj.
const TO_X = [[0, 1, 190094.945], [1, 1, -11832.228], [2, 1, -114.221], [0, 3, -32.391],
  [1, 0, -0.705], [3, 1, -2.34], [1, 3, -0.608], [0, 2, -0.008], [2, 3, 0.148]];
const TO_Y = [[1, 0, 309056.544], [0, 2, 3638.893], [2, 0, 73.077], [1, 2, -157.984],
  [3, 0, 59.788], [0, 1, 0.433], [2, 2, -6.439], [1, 1, -0.032], [0, 4, 0.092], [1, 4, -0.054]];
const TO_LAT = [[0, 1, 3235.65389], [2, 0, -32.58297], [0, 2, -0.2475], [2, 1, -0.84978],
  [0, 3, -0.0655], [2, 2, -0.01709], [1, 0, -0.00738], [4, 0, 0.0053], [2, 3, -0.00039],
  [4, 1, 0.00033], [1, 1, -0.00012]];
const TO_LON = [[1, 0, 5260.52916], [1, 1, 105.94684], [1, 2, 2.45656], [3, 0, -0.81885],
  [1, 3, 0.05594], [3, 1, -0.05607], [0, 1, 0.01199], [3, 2, -0.00256], [1, 4, 0.00128],
  [0, 2, 0.00022], [2, 0, -0.00022], [5, 0, 0.00026]];
const ORIGIN = { x: 155000, y: 463000, lon: 5.38720621, lat: 52.1551744 };

const polynomial = (terms, a, b) =>
  terms.reduce((sum, [p, q, factor]) => sum + factor * a ** p * b ** q, 0);

export function toRd([lon, lat]) {
  const a = 0.36 * (lat - ORIGIN.lat);
  const b = 0.36 * (lon - ORIGIN.lon);
  return [ORIGIN.x + polynomial(TO_X, a, b), ORIGIN.y + polynomial(TO_Y, a, b)];
}

export function fromRd([x, y]) {
  const a = (x - ORIGIN.x) * 1e-5;
  const b = (y - ORIGIN.y) * 1e-5;
  return [ORIGIN.lon + polynomial(TO_LON, a, b) / 3600, ORIGIN.lat + polynomial(TO_LAT, a, b) / 3600];
}

export const isInRd = ([lon, lat]) => lon > 3.2 && lon < 7.4 && lat > 50.6 && lat < 53.7;

// Move a place by metres east and north. The difference of two inverse values is added, so that
// the rounding of the polynomials does not creep over many steps.
export function step(place, east, north) {
  if (!isInRd(place)) {
    const metre = 1 / 111320;
    return [place[0] + (east * metre) / Math.cos((place[1] * Math.PI) / 180), place[1] + north * metre];
  }
  const [x, y] = toRd(place);
  const from = fromRd([x, y]);
  const to = fromRd([x + east, y + north]);
  return [place[0] + to[0] - from[0], place[1] + to[1] - from[1]];
}

const cross = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);

function segmentsMeet(a, b, c, d) {
  const one = cross(a, b, c) * cross(a, b, d);
  const two = cross(c, d, a) * cross(c, d, b);
  return one <= 0 && two <= 0 && !(one === 0 && two === 0 && !boxesMeet(a, b, c, d));
}

function boxesMeet(a, b, c, d) {
  const below = (i, p, q, r, s) => Math.max(p[i], q[i]) < Math.min(r[i], s[i]);
  const apart = (i) => below(i, a, b, c, d) || below(i, c, d, a, b);
  return !apart(0) && !apart(1);
}

const same = (a, b) => a[0] === b[0] && a[1] === b[1];

// Whether the open ring of corners crosses or touches itself once closed.
export function crossesItself(corners) {
  const count = corners.length;
  for (let i = 0; i < count; i += 1) {
    if (same(corners[i], corners[(i + 1) % count])) return true;
    for (let j = i + 2; j < count; j += 1) {
      if (i === 0 && j === count - 1) continue;
      if (segmentsMeet(corners[i], corners[i + 1], corners[j], corners[(j + 1) % count])) return true;
    }
  }
  return false;
}

// Whether the line from the last corner to a new place crosses an earlier line of the open path.
export function crossesPath(corners, place) {
  const last = corners.at(-1);
  for (let i = 0; i + 2 < corners.length; i += 1) {
    if (segmentsMeet(corners[i], corners[i + 1], last, place)) return true;
  }
  return false;
}

export const signedArea = (corners) =>
  corners.reduce((sum, corner, i) => {
    const next = corners[(i + 1) % corners.length];
    return sum + corner[0] * next[1] - next[0] * corner[1];
  }, 0) / 2;

// The closed ring of RFC 7946: first equals last; outer rings counterclockwise, holes clockwise.
export function closedRing(corners, isOuter = true) {
  const ordered = signedArea(corners) > 0 === isOuter ? [...corners] : [...corners].reverse();
  return [...ordered, ordered[0]];
}

export const geometryOf = (kind, corners) => {
  if (kind === "point") return { type: "Point", coordinates: corners[0] };
  if (kind === "line") return { type: "LineString", coordinates: corners };
  return { type: "Polygon", coordinates: [closedRing(corners)] };
};

// Every line or ring of a geometry, and whether it is closed.
export function pathsOf(geometry) {
  const { type, coordinates } = geometry;
  if (type === "LineString") return [[coordinates, false]];
  if (type === "MultiLineString") return coordinates.map((line) => [line, false]);
  if (type === "Polygon") return coordinates.map((ring) => [ring, true]);
  if (type === "MultiPolygon") return coordinates.flat().map((ring) => [ring, true]);
  return [];
}

// Whether a place lies in the rings of an area, holes left out (even-odd rule).
export function isInside([x, y], geometry) {
  let inside = false;
  for (const [ring, isRing] of pathsOf(geometry)) {
    for (let i = 1; isRing && i < ring.length; i += 1) {
      const [ax, ay] = ring[i - 1];
      const [bx, by] = ring[i];
      if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) inside = !inside;
    }
  }
  return inside;
}

export function boundsOf(geometry) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [path] of pathsOf(geometry)) {
    for (const [lon, lat] of path) {
      box[0] = Math.min(box[0], lon);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon);
      box[3] = Math.max(box[3], lat);
    }
  }
  return box;
}
