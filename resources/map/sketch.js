// Drawing a new place and reshaping an old one, with mouse and keys alike. A sketch lives in its
// own layer; Python hears of it as GeoJSON, and only of geometry that is valid.

import { crossesItself, crossesPath, geometryOf, isInRd, step, toLatLng, toLngLat, toRd } from "./geometry.js";
import { Reshape } from "./reshape.js";

const CLOSE_PIXELS = 12; // a click this near the first corner closes the area
const LEAST = { line: 2, polygon: 3 };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const STEP_M = 1;
const BIG_STEP_M = 10;

export class Sketch {
  // page: emit(event, geometry), hold(isHeld), symbol(), centre()
  constructor(map, overlay, controls, page) {
    Object.assign(this, { map, overlay, controls, page, texts: {}, kind: null, reshape: null, corners: [] });
    this.layer = L.layerGroup().addTo(map);
    this.renderer = L.svg({ padding: 0.5 });
    map.on("move", () => this.kind && !this.controls.cross.hidden && this.hover(page.centre()));
  }

  get isActive() {
    return Boolean(this.kind || this.reshape);
  }

  // ---- a new place -----------------------------------------------------------------------------

  start(kind) {
    this.stop();
    this.kind = kind;
    this.corners = [];
    this.map.getContainer().classList.add("is-drawing");
    this.controls.cross.hidden = false;
    this.paint();
    this.tell();
  }

  // How to draw is written by the window; the page says it to those who listen, and shows what is
  // wrong.
  tell(error = "") {
    this.controls.showError(error);
    this.controls.say(error || this.texts[`draw_${this.kind}`]);
  }

  add(corner) {
    const last = this.corners.at(-1);
    if (last && last[0] === corner[0] && last[1] === corner[1]) return;
    if (this.kind === "polygon" && crossesPath(this.corners, corner)) {
      this.tell(this.texts.crosses);
      return;
    }
    this.corners.push(corner);
    if (this.kind === "point") this.finish();
    else {
      this.paint();
      this.tell();
    }
  }

  takeBack() {
    this.corners.pop();
    this.paint();
    this.tell();
  }

  finish() {
    if (this.reshape) return this.putDown();
    if (!this.kind) return false;
    if (this.corners.length < (LEAST[this.kind] ?? 1)) this.tell(this.texts[`more_${this.kind}`]);
    else if (this.kind === "polygon" && crossesItself(this.corners)) this.tell(this.texts.crosses);
    else {
      const geometry = geometryOf(this.kind, this.corners);
      this.stop();
      this.page.emit("drawn", geometry);
    }
    return true;
  }

  cancel() {
    if (!this.isActive) return false;
    this.stop();
    this.page.emit("finished", null);
    return true;
  }

  stop() {
    const wasReshaping = Boolean(this.reshape);
    this.reshape?.end();
    this.kind = null;
    this.reshape = null;
    this.corners = [];
    this.layer.clearLayers();
    this.controls.cross.hidden = true;
    this.controls.showError("");
    this.map.getContainer().classList.remove("is-drawing");
    if (wasReshaping) this.page.hold(false);
  }

  paint(towards = null) {
    this.layer.clearLayers();
    const places = this.corners.map(toLatLng);
    const add = (layer) => layer.addTo(this.layer);
    const style = (className) => ({ className, interactive: false, renderer: this.renderer });
    const line = (points, className) => add(L.polyline(points, style(className)));
    if (this.kind === "polygon" && places.length > 2) add(L.polygon(places, style("draft")));
    else if (places.length > 1) line(places, "draft-line");
    if (towards && places.length) {
      const back = this.kind === "polygon" && places.length > 1 ? [places[0]] : [];
      line([places.at(-1), towards, ...back], "draft-next");
    }
    const icon = L.divIcon({ className: "corner", iconSize: [24, 24] });
    for (const place of places) add(L.marker(place, { icon, interactive: false, keyboard: false }));
  }

  // ---- an old place ----------------------------------------------------------------------------

  edit(geometry, symbol) {
    this.stop();
    if (!geometry) return;
    this.reshape = new Reshape(this.map, this.layer, this.renderer, geometry, {
      marker: (place, options) => this.overlay.pinMarker(
        { lon: place[0], lat: place[1], symbol: symbol ?? this.page.symbol() ?? "", mark: "" }, options),
      changed: (changed) => this.page.emit("changed", changed),
      told: (isWrong) => this.tellPlace(isWrong),
    });
    this.page.hold(true);
    this.tellPlace();
  }

  tellPlace(isWrong = false) {
    const place = this.reshape.place();
    this.controls.showError(isWrong ? this.texts.crosses : "");
    if (isWrong) this.controls.say(this.texts.crosses);
    else if (place && isInRd(place)) this.controls.say(`RD ${toRd(place).map(Math.round).join(", ")}`);
  }

  putDown() {
    this.reshape.mend();
    const geometry = this.reshape.geometry();
    this.stop();
    this.page.emit("finished", geometry);
    return true;
  }

  // ---- mouse and keys: true when the sketch took the event -------------------------------------

  click(latLng) {
    if (this.reshape?.isPoint) this.reshape.moveTo(toLngLat(latLng));
    if (this.reshape) return true;
    if (!this.kind) return false;
    const first = this.corners[0];
    const pixels = (place) => this.map.latLngToLayerPoint(place);
    const isClosing = this.kind === "polygon" && this.corners.length > 2
      && pixels(latLng).distanceTo(pixels(toLatLng(first))) < CLOSE_PIXELS;
    if (isClosing) this.finish();
    else this.add(toLngLat(latLng));
    return true;
  }

  doubleClick() {
    if (!this.isActive) return false;
    if (this.kind === "line" || this.kind === "polygon") this.finish();
    return true;
  }

  // The mouse moved; Chromium also says so when only the page moved under it.
  point(latLng, { movementX, movementY }) {
    if (!this.kind || !(movementX || movementY)) return;
    this.controls.cross.hidden = true;
    this.hover(latLng);
  }

  hover(latLng) {
    if (!this.kind) return;
    this.paint(latLng);
  }

  key(event) {
    if (event.key === "Escape" && this.isActive) return this.reshape?.putBack() || this.cancel();
    if (this.kind) return this.drawingKey(event);
    return this.reshape ? this.reshapeKey(event) : false;
  }

  drawingKey({ key, ctrlKey }) {
    if (key.startsWith("Arrow")) this.controls.cross.hidden = false;
    if (key === "Enter" && ctrlKey) return this.finish();
    if (key === "Enter") this.add(toLngLat(this.page.centre()));
    else if (key === "Backspace") this.takeBack();
    else return false;
    return true;
  }

  reshapeKey({ key, shiftKey, ctrlKey }) {
    const arrow = ARROWS[key];
    const metres = shiftKey ? BIG_STEP_M : STEP_M;
    if (arrow) return this.reshape.nudge((place) => step(place, arrow[0] * metres, arrow[1] * metres));
    if (key === "Tab") return this.reshape.holdNext(shiftKey ? -1 : 1);
    if (key === "Delete" || key === "Backspace") return this.reshape.removeHeld();
    if (key !== "Enter") return false;
    return (!ctrlKey && this.reshape.release()) || this.putDown();
  }
}
