// Which pins stand so close that they become one disc with a number. Pure; positions are fractions
// of the world in web mercator, so that one call to Math.log per pin serves every zoom level.
//
// After supercluster (greedy, radius in pixels, weighted centre), with one deviation: pins are first
// gathered in cells of a third of the radius, so that the greedy pass walks over cells, not pins, and
// a full view of 50,000 pins costs about the same as one of 5,000.

const RADIUS = 34; // px; two pins of 24 with a gap between them
const WIDE_RADIUS = 62; // px; for a crowd, where more discs say less
const CROWD = 1000; // records
const REGION = 1024; // px; see regionOf
const CELLS = 3; // a side, within one radius
const WIDTH = 2 ** 26; // columns of the cell key: enough for 0.3 px cells at zoom 20

export const mercatorX = (lon) => lon / 360 + 0.5;
export function mercatorY(lat) {
  const sine = Math.sin((Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}
export const longitude = (x) => (x - 0.5) * 360;
export const latitude = (y) => (360 * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI))) / Math.PI - 90;

// Cells of pins: sums, counts, and a chain of members through `next`.
function gather(xs, ys, picks, scale) {
  const cells = new Map();
  const next = new Int32Array(xs.length).fill(-1);
  const nodes = [];
  for (const i of picks) {
    const key = Math.floor(xs[i] * scale) * WIDTH + Math.floor(ys[i] * scale);
    const node = cells.get(key);
    if (node === undefined) {
      const made = { x: xs[i], y: ys[i], count: 1, first: i, last: i, taken: false };
      cells.set(key, made);
      nodes.push(made);
    } else {
      next[node.last] = i;
      node.last = i;
      node.x += xs[i];
      node.y += ys[i];
      node.count += 1;
    }
  }
  for (const node of nodes) {
    node.x /= node.count;
    node.y /= node.count;
  }
  return { nodes, next };
}

function bucket(nodes, scale) {
  const buckets = new Map();
  for (const node of nodes) {
    const key = Math.floor(node.x * scale) * WIDTH + Math.floor(node.y * scale);
    const found = buckets.get(key);
    if (found === undefined) buckets.set(key, [node]);
    else found.push(node);
  }
  return buckets;
}

function absorb(node, neighbour, next) {
  const count = node.count + neighbour.count;
  node.x = (node.x * node.count + neighbour.x * neighbour.count) / count;
  node.y = (node.y * node.count + neighbour.y * neighbour.count) / count;
  node.count = count;
  next[node.last] = neighbour.first;
  node.last = neighbour.last;
  neighbour.taken = true;
}

// One greedy pass: the fullest node takes in all within reach of where it stood.
function merge(nodes, next, scale) {
  const buckets = bucket(nodes, scale);
  const limit = 1 / (scale * scale);
  const made = [];
  for (const node of nodes) node.taken = false;
  for (const node of [...nodes].sort((a, b) => b.count - a.count || a.first - b.first)) {
    if (node.taken) continue;
    node.taken = true;
    const { x, y } = node;
    const column = Math.floor(x * scale);
    const row = Math.floor(y * scale);
    for (let i = column - 1; i <= column + 1; i += 1) {
      for (let j = row - 1; j <= row + 1; j += 1) {
        for (const other of buckets.get(i * WIDTH + j) ?? []) {
          const isNear = (other.x - x) ** 2 + (other.y - y) ** 2 < limit;
          if (isNear && !other.taken) absorb(node, other, next);
        }
      }
    }
    made.push(node);
  }
  return made;
}

// The part of the world, as columns and rows of cells of 1024 px, that holds a view and a cell on each
// side of it. Close by, only its pins are clustered; discs far outside the view may differ then.
export function regionOf({ min, max }, origin) {
  const cell = (value, shift) => Math.floor(value / REGION) + shift;
  return [
    cell(min.x + origin.x, -1), cell(min.y + origin.y, -1), // west, north
    cell(max.x + origin.x, 2), cell(max.y + origin.y, 2), // east, south
  ];
}

export function pinsIn([west, north, east, south], xs, ys, zoom) {
  const cells = (256 * 2 ** zoom) / REGION;
  const picks = [];
  for (let i = 0; i < xs.length; i += 1) {
    const x = xs[i] * cells;
    const y = ys[i] * cells;
    if (x >= west && x < east && y >= north && y < south) picks.push(i);
  }
  return picks;
}

// Cluster the pins with these indices. Return { nodes, next }: each node has x, y, count and `first`;
// its members follow through `next`.
// The second pass joins discs that moved over one another in the first.
export function cluster(xs, ys, picks, zoom) {
  const scale = (256 * 2 ** zoom) / (xs.length > CROWD ? WIDE_RADIUS : RADIUS);
  const { nodes, next } = gather(xs, ys, picks, scale * CELLS);
  return { nodes: merge(merge(nodes, next, scale), next, scale), next };
}

export function* members(node, next) {
  for (let i = node.first, left = node.count; left > 0; i = next[i], left -= 1) yield i;
}
