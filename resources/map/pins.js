// The records on the map: areas and lines, pins, and discs with a number where pins stand close.

import { boundsOf, isInside, pathsOf } from "./geometry.js";
import { cluster, latitude, longitude, members, mercatorX, mercatorY, pinsIn, regionOf } from "./clusters.js";
import { trace } from "./canvas.js";

const PLOT_ZOOM = 14; // areas of plots are hatched from here
const SHAPE_PIXELS = 24; // other lines and areas once they are larger than a pin
const PIN = 24;
const TAIL = 6;
const DISC_FONT = "600 13px system-ui, 'Segoe UI', Inter, 'Noto Sans', sans-serif";
const ZOOM_STEP = 0.5; // clusters are made per half zoom level
const KEPT = 8; // sets of clusters

export class Pins {
  constructor(tokens, symbols) {
    this.tokens = tokens;
    this.symbols = symbols;
    this.chosen = null; // id; painted by its own marker on top
    this.hidden = null; // id of the record whose geometry is being edited
    this.focused = null; // key of the stop that the keyboard is at
    this.stops = [];
    this.set([]);
  }

  set(features) {
    this.features = features;
    this.index = new Map(features.map((feature, i) => [feature.id, i]));
    this.prepare();
  }

  // Change some records; when all stand where they stood, the clusters are kept.
  update(changed, removed) {
    let isMoved = removed.length > 0;
    if (isMoved) {
      const gone = new Set(removed);
      this.features = this.features.filter(({ id }) => !gone.has(id));
      this.index = new Map(this.features.map((feature, i) => [feature.id, i]));
    }
    for (const feature of changed) {
      const known = this.index.get(feature.id);
      const old = this.features[known];
      isMoved ||= old?.lon !== feature.lon || old?.lat !== feature.lat;
      if (old) this.features[known] = feature;
      else this.index.set(feature.id, this.features.push(feature) - 1);
    }
    if (isMoved) this.prepare();
    else this.prepareShapes();
  }

  prepare() {
    this.xs = Float64Array.from(this.features, ({ lon }) => mercatorX(lon));
    this.ys = Float64Array.from(this.features, ({ lat }) => mercatorY(lat));
    this.made = new Map();
    this.stops = [];
    this.prepareShapes();
  }

  prepareShapes() {
    this.shapes = this.features
      .filter(({ shape }) => shape && shape.type !== "Point" && shape.type !== "MultiPoint")
      .map((feature) => ({ feature, box: boundsOf(feature.shape) }));
  }

  // What names a stop when the clusters are made again: a pin keeps its name, a disc may not.
  keyOf({ feature, node }) {
    return feature ? feature.id : `disc ${node.first}`;
  }

  get(id) {
    return this.features[this.index.get(id)];
  }

  clusters({ bounds, zoom }, origin) {
    const level = Math.round(zoom / ZOOM_STEP) * ZOOM_STEP;
    const region = regionOf(bounds, origin);
    const key = [zoom, ...region].join();
    let found = this.made.get(key);
    if (!found) {
      if (this.made.size >= KEPT) this.made.delete(this.made.keys().next().value);
      found = cluster(this.xs, this.ys, pinsIn(region, this.xs, this.ys, zoom), level);
      this.made.set(key, found);
    }
    return found;
  }

  // What stands in these layer bounds, from the back to the front.
  visible({ map, bounds, zoom }) {
    const world = 256 * 2 ** zoom;
    const origin = map.getPixelOrigin();
    const { nodes, next } = this.clusters({ bounds, zoom }, origin);
    const found = [];
    for (const node of nodes) {
      const x = node.x * world - origin.x;
      const y = node.y * world - origin.y;
      if (x < bounds.min.x - PIN || x > bounds.max.x + PIN) continue;
      if (y < bounds.min.y - PIN || y > bounds.max.y + 2 * PIN) continue;
      const feature = node.count === 1 ? this.features[node.first] : null;
      if (feature && feature.id === this.hidden) continue;
      found.push({ x, y, node, next, feature, count: node.count });
    }
    return found.sort((a, b) => a.y - b.y || a.x - b.x);
  }

  paint(context, view) {
    this.stops = this.visible(view);
    for (const stop of this.stops) {
      if (stop.count > 1) this.paintDisc(context, stop);
      else if (stop.feature.id !== this.chosen) this.symbols.paint(context, stop.feature, stop.x, stop.y);
      if (this.focused && this.focused === this.keyOf(stop)) this.paintFocus(context, stop);
    }
  }

  paintDisc(context, { x, y, count }) {
    const { tokens } = this;
    context.font = DISC_FONT;
    const label = count > 9999 ? `${Math.round(count / 1000)}k` : String(count);
    const radius = Math.max(15, context.measureText(label).width / 2 + 7);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = tokens.surface;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = tokens.map_name;
    context.stroke();
    context.fillStyle = tokens.text;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(label, x, y + 0.5);
  }

  paintFocus(context, { x, y, count }) {
    context.beginPath();
    context.arc(x, count > 1 ? y : y - TAIL - PIN / 2, count > 1 ? 20 : 18, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = this.tokens.accent;
    context.stroke();
  }

  // The frontmost pin or disc under a layer point.
  hit({ x, y }) {
    for (let i = this.stops.length - 1; i >= 0; i -= 1) {
      const stop = this.stops[i];
      const dx = Math.abs(stop.x - x);
      const dy = stop.y - y;
      const inside = stop.count > 1 ? Math.hypot(dx, dy) <= 17 : dx <= 14 && dy >= -3 && dy <= PIN + TAIL + 3;
      if (inside) return stop;
    }
    return null;
  }

  membersOf(stop) {
    return [...members(stop.node, stop.next)].map((i) => this.features[i]);
  }

  // South-west and north-east of the members of a disc.
  boundsOf(stop) {
    const box = L.latLngBounds([]);
    for (const i of members(stop.node, stop.next)) {
      box.extend([latitude(this.ys[i]), longitude(this.xs[i])]);
    }
    return box;
  }
}

// Lines and areas of the records in view.
export class Shapes {
  constructor(pins, symbols) {
    this.pins = pins;
    this.symbols = symbols;
    this.plots = []; // hatched now, so that a click in one chooses it
  }

  // The plot in which a place lies. Other areas do not take a click: new things start inside them.
  hit(place) {
    return this.plots.findLast(({ shape }) => isInside(place, shape));
  }

  paint(context, view) {
    const { map, bounds, zoom } = view;
    const northWest = map.layerPointToLatLng(bounds.min);
    const southEast = map.layerPointToLatLng(bounds.max);
    const pixels = (256 * 2 ** zoom) / 360;
    this.plots = [];
    for (const { feature, box } of this.pins.shapes) {
      if (box[2] < northWest.lng || box[0] > southEast.lng) continue;
      if (box[3] < southEast.lat || box[1] > northWest.lat) continue;
      const isPlot = feature.symbol.startsWith("plot");
      const size = Math.max(box[2] - box[0], (box[3] - box[1]) * 1.6) * pixels;
      const isChosen = feature.id === this.pins.chosen;
      if (isPlot ? zoom < PLOT_ZOOM && !isChosen : size < SHAPE_PIXELS) continue;
      if (feature.id === this.pins.hidden) continue;
      if (isPlot) this.plots.push(feature);
      this.paintShape(context, map, feature, isPlot, isChosen);
    }
  }

  paintShape(context, map, feature, isPlot, isChosen) {
    const style = this.symbols.style(feature.symbol);
    const paths = pathsOf(feature.shape);
    context.beginPath();
    for (const [path, isClosed] of paths) trace(context, map, path, isClosed);
    if (paths.some(([, isClosed]) => isClosed)) {
      context.globalAlpha = 0.16;
      context.fillStyle = style.colour;
      context.fill("evenodd");
      context.globalAlpha = 1;
      if (isPlot) {
        context.fillStyle = this.symbols.hatch(context, style.colour);
        context.fill("evenodd");
      }
    }
    context.lineJoin = "round";
    context.setLineDash(style.dashed ? [6, 4] : []);
    context.lineWidth = isChosen ? 3 : 2;
    context.strokeStyle = isChosen ? this.pins.tokens.accent : style.colour;
    context.stroke();
    context.setLineDash([]);
  }
}
