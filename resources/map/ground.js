// The ground without tiles: municipality, neighbours, kernen and their names, and the kilometre grid
// of RD New, so that the map is never a grey void, however far one zooms in.

import { fromRd, isInRd, pathsOf, toRd } from "./geometry.js";

const NAME_FONT = "system-ui, 'Segoe UI', Inter, 'Noto Sans', sans-serif";
const PLAIN = { dot: 0, font: `400 12px ${NAME_FONT}`, colour: "muted", halo: "map_halo" };
const HALO = 3; // px, on each side of the letters
const NAME_BELOW = 24; // px; a disc that stands on the dot leaves the name free
const BUURT_ZOOM = 13.5;
const GRID_STEPS = [10, 100, 1000]; // metres
const GRID_PIXELS = 72; // a grid closer than this is noise

export class Ground {
  constructor(tokens) {
    this.tokens = tokens;
    this.features = [];
    this.cache = null;
    this.isPlain = false; // true when tiles cover the ground
  }

  set(features) {
    this.features = features;
    this.cache = null;
  }

  // Replace the kernen that came with the program by those of the local store.
  setKernen(features) {
    const others = this.features.filter(({ properties }) => !properties.layer.startsWith("kern"));
    const layerOf = ({ geometry }) => (geometry.type === "Point" ? "kern" : "kern_area");
    this.set([
      ...others,
      ...features.map((item) => ({ ...item, properties: { ...item.properties, layer: layerOf(item) } })),
    ]);
  }

  of(layer) {
    return this.features.filter(({ properties }) => properties.layer === layer);
  }

  // Outlines in pixels of this zoom around a fixed place, kept until the zoom changes.
  paths(map, zoom) {
    if (this.cache?.zoom === zoom) return this.cache;
    const around = this.of("municipality")[0]?.geometry.coordinates[0][0] ?? [0, 0];
    const origin = map.project([around[1], around[0]], zoom).round();
    this.cache = { zoom, origin };
    for (const layer of ["neighbour", "municipality", "kern_area", "built"]) {
      const path = new Path2D();
      for (const { geometry } of this.of(layer)) {
        for (const [ring] of pathsOf(geometry)) {
          ring.forEach(([lon, lat], i) => {
            const { x, y } = map.project([lat, lon], zoom).subtract(origin);
            if (i === 0) path.moveTo(x, y);
            else path.lineTo(x, y);
          });
          path.closePath();
        }
      }
      this.cache[layer] = path;
    }
    return this.cache;
  }

  paint(context, { map, bounds, zoom }) {
    const { tokens } = this;
    const paths = this.paths(map, zoom);
    const shift = paths.origin.subtract(map.getPixelOrigin());
    context.translate(shift.x, shift.y);
    const fill = (path, colour) => {
      context.fillStyle = colour;
      context.fill(path, "evenodd");
    };
    const stroke = (path, width, alpha, dash = []) => {
      context.strokeStyle = tokens.map_border;
      context.lineWidth = width;
      context.globalAlpha = alpha;
      context.setLineDash(dash);
      context.stroke(path);
      context.globalAlpha = 1;
    };
    context.lineJoin = "round";
    if (!this.isPlain) {
      fill(paths.municipality, tokens.map_paper);
      fill(paths.built, tokens.map_built);
      stroke(paths.neighbour, 1, 0.28);
      stroke(paths.kern_area, 1, 0.3, [2, 4]);
    }
    stroke(paths.municipality, 1.5, 1);
    context.translate(-shift.x, -shift.y);
    if (!this.isPlain) this.paintGrid(context, map, bounds);
  }

  paintGrid(context, map, bounds) {
    const middle = map.getCenter().wrap();
    if (!isInRd([middle.lng, middle.lat])) return;
    const metresPerPixel = (156543.034 * Math.cos((middle.lat * Math.PI) / 180)) / 2 ** map.getZoom();
    const metres = GRID_STEPS.find((candidate) => candidate / metresPerPixel >= GRID_PIXELS);
    if (!metres) return;
    const corners = [bounds.min, bounds.getTopRight(), bounds.max, bounds.getBottomLeft()].map((corner) => {
      const { lng, lat } = map.layerPointToLatLng(corner);
      return toRd([lng, lat]);
    });
    const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
    const place = (x, y) => {
      const [lon, lat] = fromRd([x, y]);
      return map.latLngToLayerPoint([lat, lon]);
    };
    const path = new Path2D();
    const line = (from, to) => {
      path.moveTo(from.x, from.y);
      path.lineTo(to.x, to.y);
    };
    const first = (values) => Math.floor(Math.min(...values) / metres) * metres;
    for (let x = first(xs); x <= Math.max(...xs); x += metres) {
      line(place(x, Math.min(...ys)), place(x, Math.max(...ys)));
    }
    for (let y = first(ys); y <= Math.max(...ys); y += metres) {
      line(place(Math.min(...xs), y), place(Math.max(...xs), y));
    }
    context.strokeStyle = this.tokens.map_border;
    context.globalAlpha = 0.13;
    context.lineWidth = 1;
    context.stroke(path);
    context.globalAlpha = 1;
  }
}

const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

// Names with a halo, above the areas and below the pins; the more important name wins the room.
export class Names {
  constructor(ground) {
    this.ground = ground;
  }

  labels(zoom) {
    const labels = [];
    for (const { properties, geometry } of this.ground.of("kern")) {
      const isMain = properties.kind !== "kleine kern";
      const font = `${isMain ? 600 : 500} 13px ${NAME_FONT}`;
      labels.push({ name: properties.name, at: geometry.coordinates, dot: isMain ? 3 : 2.25, font,
        colour: "map_name", halo: "map_halo" });
    }
    labels.sort((a, b) => b.dot - a.dot);
    for (const { properties } of this.ground.of("neighbour")) {
      labels.push({ ...PLAIN, name: properties.name, at: properties.label, halo: "map_outside" });
    }
    if (zoom >= BUURT_ZOOM) {
      const kernen = new Set(labels.map(({ name }) => name));
      for (const { properties, geometry } of this.ground.of("buurt")) {
        if (kernen.has(properties.name)) continue;
        labels.push({ ...PLAIN, name: properties.name, at: geometry.coordinates });
      }
    }
    return labels;
  }

  paint(context, { map, bounds, zoom }) {
    if (this.ground.isPlain) return;
    const { tokens } = this.ground;
    const taken = [];
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    for (const { name, at, dot, font, colour, halo } of this.labels(zoom)) {
      const point = map.latLngToLayerPoint([at[1], at[0]]);
      if (!bounds.contains(point)) continue;
      context.font = font;
      const half = context.measureText(name).width / 2 + 4;
      const y = point.y + (dot ? NAME_BELOW : 0);
      const box = [point.x - half, point.y - (dot ? 5 : 9), point.x + half, y + 9];
      if (taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      context.strokeStyle = tokens[halo];
      context.lineWidth = HALO * 2;
      if (dot) {
        context.beginPath();
        context.arc(point.x, point.y, dot, 0, 2 * Math.PI);
        context.lineWidth = 2;
        context.stroke();
        context.fillStyle = tokens.map_name;
        context.fill();
        context.lineWidth = HALO * 2;
      }
      context.strokeText(name, point.x, y);
      context.fillStyle = tokens[colour];
      context.fillText(name, point.x, y);
    }
  }
}
