// The page's side of the bridge. Python calls the functions of window.naoberkaart; the page answers
// through the slots of one QWebChannel object. Everything else of the page is wired up here.

import { MapCanvas } from "./canvas.js";
import { Controls } from "./controls.js";
import { toLngLat } from "./geometry.js";
import { Ground, Names } from "./ground.js";
import { Keyboard } from "./keyboard.js";
import { Overlay } from "./overlay.js";
import { Pins, Shapes } from "./pins.js";
import { Sketch } from "./sketch.js";
import { Symbols } from "./symbols.js";

const DISC_PIXELS = 200; // how far apart the members of a disc stand once it is opened
const PAN_SECONDS = 0.2;

const map = window.map_naoberkaart;
const container = map.getContainer();
const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)");
const tokens = {};
const symbols = new Symbols(tokens);
const ground = new Ground(tokens);
const pins = new Pins(tokens, symbols);
const shapes = new Shapes(pins, symbols);
const canvas = new MapCanvas([ground, shapes, new Names(ground), pins]);
const overlay = new Overlay(map, symbols);
// Leaflet glides to what is near and jumps to what is far, unless the system asks for less motion.
const motion = () => (isCalm.matches ? { animate: false } : { duration: PAN_SECONDS });
const page = {
  bridge: null,
  home: null, // west, south, east, north of the municipality
  isHome: false, // whether that is what is shown
  margin: 0, // px on the right that a panel covers
  texts: {},
  loads: 0,
  loading: Promise.resolve(),
  isAwaited: false, // whether the chosen record is still to come
};

const feature = ([id, symbol, lon, lat, title, subtitle, mark, shape]) =>
  ({ id, symbol, lon, lat, title, subtitle, mark, shape });

// ---- views -------------------------------------------------------------------------------------

const room = () => ({ paddingTopLeft: [20, 20], paddingBottomRight: [20 + page.margin, 36] });
// As large as it goes: the steps of the wheel do not bind a fit.
function fit(west, south, east, north) {
  const { zoomSnap } = map.options;
  map.options.zoomSnap = 0;
  map.fitBounds([[south, west], [north, east]], { ...room(), maxZoom: 18, animate: false });
  map.options.zoomSnap = zoomSnap;
}
function showAll() {
  fit(...page.home);
  page.isHome = true;
}
const zoomBy = (levels) => map.setZoomAround(visibleCentre(), map.getZoom() + levels, motion());

// The middle of what no panel covers.
function visibleCentre() {
  const { x, y } = map.getSize();
  return map.containerPointToLatLng([(x - page.margin) / 2, y / 2]);
}

function reveal({ lon, lat }) {
  const paddingBottomRight = [page.margin + 48, 64];
  map.panInside([lat, lon], { paddingTopLeft: [72, 72], paddingBottomRight, ...motion() });
}

// ---- records -----------------------------------------------------------------------------------

function showChosen() {
  const found = pins.get(pins.chosen);
  overlay.choose(found && pins.chosen !== pins.hidden ? found : null);
  return found;
}

function select(id) {
  pins.chosen = id;
  const found = showChosen();
  if (found) reveal(found);
  page.isAwaited = !found; // it may come with the records that are under way
  canvas.request();
}

function choose(found, isOpened) {
  select(found.id);
  page.bridge.on_record("chosen", found.id);
  if (isOpened) page.bridge.on_record("opened", found.id);
}

// A disc opens to its members, just far enough to tell them apart; when they share one place, to a
// list of their names.
function openDisc(stop, point) {
  const box = pins.boundsOf(stop);
  const pixels = (corner) => map.project(corner, map.getZoom());
  const span = pixels(box.getNorthEast()).distanceTo(pixels(box.getSouthWest()));
  const zoom = map.getZoom() + Math.log2(DISC_PIXELS / span);
  if (zoom > map.getMaxZoom()) overlay.showStack(pins.membersOf(stop), point, page.texts, choose);
  else map.setView(box.getCenter(), Math.max(zoom, map.getZoom() + 0.5), motion());
}

function openStop(stop, isOpened) {
  const point = map.layerPointToContainerPoint([stop.x, stop.y]);
  if (stop.count > 1) openDisc(stop, point);
  else choose(stop.feature, isOpened);
}

async function load(url) {
  page.loads += 1;
  const number = page.loads;
  const rows = await (await fetch(url)).json();
  if (number !== page.loads) return; // a newer load is under way
  pins.set(rows.map(feature));
  const chosen = showChosen();
  if (chosen && page.isAwaited) reveal(chosen);
  page.isAwaited = false;
  canvas.request();
  requestAnimationFrame(() => page.bridge.on_shown(pins.features.length));
}

function update(changed, removed) {
  pins.update(changed.map(feature), removed);
  showChosen();
  canvas.request();
}

// ---- drawing -----------------------------------------------------------------------------------

const controls = new Controls(map, { zoom_in: () => zoomBy(1), zoom_out: () => zoomBy(-1), home: showAll });
const sketch = new Sketch(map, overlay, controls, {
  emit(event, geometry) {
    page.bridge.on_geometry(event, JSON.stringify(geometry));
  },
  // The record in hand is drawn by the sketch, not by the canvas.
  hold(isHeld) {
    pins.hidden = isHeld ? pins.chosen : null;
    showChosen();
    canvas.request();
  },
  symbol: () => pins.get(pins.chosen)?.symbol,
  centre: visibleCentre,
});
new Keyboard(map, {
  pins, sketch, overlay, controls, canvas, zoomBy, showAll, openStop, motion, margin: () => page.margin,
});

// ---- mouse -------------------------------------------------------------------------------------

map.on("click", ({ latlng, layerPoint, originalEvent }) => {
  if (!overlay.stack.hidden) {
    overlay.hide();
    return;
  }
  if (sketch.click(latlng) || originalEvent.detail > 1) return;
  const stop = pins.hit(layerPoint);
  const found = stop ? stop.feature : shapes.hit(toLngLat(latlng));
  page.clicked = found;
  if (found) choose(found, false);
  else if (stop) openStop(stop, false);
  else page.bridge.on_place("clicked", ...toLngLat(latlng));
});
// The first click may have moved the map under the mouse: what it chose is what is opened.
map.on("dblclick", () => {
  if (!sketch.doubleClick() && page.clicked) page.bridge.on_record("opened", page.clicked.id);
});
map.on("mousemove", ({ latlng, layerPoint, containerPoint, originalEvent }) => {
  sketch.point(latlng, originalEvent);
  const stop = sketch.isActive ? null : pins.hit(layerPoint);
  container.classList.toggle("is-over-pin", Boolean(stop));
  if (stop?.feature && overlay.stack.hidden) {
    overlay.showTip(stop.feature, containerPoint.subtract(layerPoint).add([stop.x, stop.y]));
  } else if (!pins.focused) overlay.tip.hidden = true;
  page.pointer = latlng;
  page.pointerFrame ||= requestAnimationFrame(() => {
    page.pointerFrame = 0;
    page.bridge?.on_place("pointer", ...toLngLat(page.pointer));
  });
});
map.on("mouseout", () => {
  overlay.tip.hidden = true;
});
map.on("moveend", () => {
  page.isHome = false;
  const box = map.getBounds();
  page.bridge?.on_view(box.getWest(), box.getSouth(), box.getEast(), box.getNorth(), map.getZoom());
});

// The whole municipality stays whole when the window grows. Leaflet asked for its own frame first.
window.addEventListener("resize", () => {
  if (page.isHome) requestAnimationFrame(showAll);
});

// ---- calls from Python -------------------------------------------------------------------------

window.naoberkaart = {
  theme(values, isDark) {
    Object.assign(tokens, values);
    for (const [name, value] of Object.entries(values)) {
      document.documentElement.style.setProperty(`--${name.replaceAll("_", "-")}`, value);
    }
    document.documentElement.style.colorScheme = isDark ? "dark" : "light";
    symbols.patterns.clear();
    canvas.request();
  },
  styles(table) {
    symbols.setStyles(table);
    canvas.request();
  },
  async symbols(url, meta) {
    await symbols.load(url, meta);
    showChosen();
    canvas.request();
  },
  texts(texts) {
    page.texts = texts;
    controls.setTexts(texts);
    sketch.texts = texts;
  },
  attribution: (text) => controls.setAttribution(text),
  kernen(features) {
    ground.setKernen(features);
    canvas.request();
  },
  margin(right) {
    page.margin = right;
    controls.setMargin(right);
    const found = pins.get(pins.chosen);
    if (found) reveal(found);
  },
  load(url) {
    page.loading = load(url);
  },
  settled: () => page.loading, // for benchmarks and tests
  // An update that comes while records are being fetched waits for them.
  update(changed, removed) {
    page.loading = page.loading.then(() => update(changed, removed));
  },
  select,
  fit,
  showAll,
  zoomBy,
  draw: (kind) => sketch.start(kind),
  edit: (geometry, symbol) => sketch.edit(geometry, symbol),
  cancel: () => sketch.cancel(),
  finish: () => sketch.finish(),
  stops: () => pins.stops.map(({ x, y, count, feature: found }) => {
    const point = map.layerPointToContainerPoint([x, y]);
    return { x: point.x, y: point.y, count, id: found?.id ?? null };
  }),
};

async function start() {
  const outlines = await (await fetch("map/outlines.geojson")).json();
  page.home = outlines.bbox;
  ground.set(outlines.features);
  controls.setAttribution(outlines.attribution);
  new QWebChannel(qt.webChannelTransport, ({ objects }) => {
    page.bridge = objects.bridge;
    page.bridge.on_ready();
  });
}

// The first paint waits for the colours, which Python sends as its answer to on_ready.
window.naoberkaart.begin = () => {
  showAll();
  canvas.addTo(map);
  requestAnimationFrame(() => requestAnimationFrame(() => page.bridge.on_drawn()));
};

start();
