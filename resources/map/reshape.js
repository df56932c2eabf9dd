// Moving a pin, or the corners of a line or area. Several rings and parts stay what they were:
// only their corners move.

import { closedRing, crossesItself, exact, pathsOf, toLatLng, toLngLat } from "./geometry.js";

const LEAST_LINE = 2;
const LEAST_RING = 3;

export class Reshape {
  // page: marker(place, options), changed(geometry), told(error)
  constructor(map, layer, renderer, geometry, page) {
    Object.assign(this, { map, layer, renderer, page, source: geometry, held: null, frame: 0 });
    this.isPoint = geometry.type === "Point";
    this.paths = this.isPoint
      ? [{ corners: [geometry.coordinates], isRing: false }]
      : pathsOf(geometry).map(([path, isRing]) => ({ corners: path.slice(0, isRing ? -1 : undefined), isRing }));
    if (this.isPoint) this.held = { path: 0, corner: 0, from: geometry.coordinates };
    this.build();
  }

  geometry() {
    const { type } = this.source;
    const parts = this.paths.map(({ corners }) => corners);
    if (type === "Point") return { type, coordinates: parts[0][0] };
    if (type === "LineString") return { type, coordinates: parts[0] };
    if (type === "MultiLineString") return { type, coordinates: parts };
    if (type === "Polygon") return { type, coordinates: parts.map((ring, i) => closedRing(ring, i === 0)) };
    let next = 0;
    const coordinates = this.source.coordinates.map((rings) => rings.map((_, i) => closedRing(parts[next++], i === 0)));
    return { type, coordinates };
  }

  end() {
    cancelAnimationFrame(this.frame);
  }

  // The place in hand, for those who listen.
  place() {
    return this.held && this.paths[this.held.path].corners[this.held.corner];
  }

  get isValid() {
    return this.paths.every(({ corners, isRing }) => !isRing || !crossesItself(corners));
  }

  // ---- what is seen ----------------------------------------------------------------------------

  build() {
    this.layer.clearLayers();
    this.lines = this.paths.map(({ corners, isRing }) => {
      const make = isRing ? L.polygon : L.polyline;
      const options = { className: isRing ? "draft" : "draft-line", interactive: false, renderer: this.renderer };
      return this.isPoint ? null : make(corners.map(toLatLng), options).addTo(this.layer);
    });
    this.paths.forEach(({ corners, isRing }, path) => {
      corners.forEach((place, corner) => this.addCorner(path, corner, place));
      if (this.isPoint) return;
      const last = isRing ? corners.length : corners.length - 1;
      for (let i = 0; i < last; i += 1) this.addMiddle(path, i);
    });
  }

  addCorner(path, corner, place) {
    const options = { draggable: true, interactive: true, keyboard: false };
    const isHeld = this.held?.path === path && this.held?.corner === corner;
    const icon = () => L.divIcon({ className: isHeld ? "corner is-held" : "corner", iconSize: [24, 24] });
    const marker = this.isPoint
      ? this.page.marker(place, options)
      : L.marker(toLatLng(place), { icon: icon(), zIndexOffset: 100, ...options });
    marker.addTo(this.layer);
    if (this.isPoint) this.pin = marker;
    marker.on("dragstart", () => this.hold(path, corner, false));
    marker.on("drag", () => this.moveTo(toLngLat(marker.getLatLng()), true));
    marker.on("dragend", () => this.settle());
    marker.on("click", () => !this.isPoint && this.hold(path, corner));
  }

  // A handle half way between two corners: drag it, and it is a new corner.
  addMiddle(path, corner) {
    const { corners } = this.paths[path];
    const next = corners[(corner + 1) % corners.length];
    const middle = [0, 1].map((axis) => exact((corners[corner][axis] + next[axis]) / 2));
    const icon = L.divIcon({ className: "middle", iconSize: [24, 24] });
    const marker = L.marker(toLatLng(middle), { icon, draggable: true, keyboard: false }).addTo(this.layer);
    marker.once("dragstart", () => {
      corners.splice(corner + 1, 0, middle);
      this.hold(path, corner + 1, false);
    });
    marker.on("drag", () => this.moveTo(toLngLat(marker.getLatLng()), true));
    marker.on("dragend", () => this.settle());
  }

  // ---- moving ----------------------------------------------------------------------------------

  hold(path, corner, isRebuilt = true) {
    this.held = { path, corner, from: this.paths[path].corners[corner] };
    if (isRebuilt) this.build();
    this.page.told();
  }

  holdNext(direction) {
    if (this.isPoint) return false;
    const all = this.paths.flatMap(({ corners }, path) => corners.map((_, corner) => [path, corner]));
    const now = all.findIndex(([path, corner]) => this.held?.path === path && this.held?.corner === corner);
    const next = all[now < 0 && direction < 0 ? -1 : now + direction];
    if (next) this.hold(...next);
    else this.release();
    return Boolean(next);
  }

  moveTo(place, isDragged = false) {
    const { path, corner } = this.held;
    this.paths[path].corners[corner] = place.map(exact);
    this.lines[path]?.setLatLngs(this.paths[path].corners.map(toLatLng));
    if (!isDragged) {
      if (this.isPoint) this.pin.setLatLng(toLatLng(place));
      else this.build();
    }
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.announce();
    });
  }

  announce() {
    const { isValid } = this;
    this.page.told(!isValid);
    if (isValid) this.page.changed(this.geometry());
  }

  nudge(move) {
    const place = this.place();
    if (!place) return false;
    this.moveTo(move(place));
    if (!this.isValid) {
      this.moveTo(place);
      this.page.told(true);
    }
    return true;
  }

  // An area that crosses itself springs back to what it was; tells whether it had to.
  mend() {
    if (this.isValid) return false;
    this.moveTo(this.held.from);
    return true;
  }

  // After a drag.
  settle() {
    if (this.mend()) this.page.told(true);
    else if (!this.isPoint) {
      this.held.from = this.place();
      this.build();
    }
  }

  // Enter on a corner puts it down; a second Enter ends the editing.
  release() {
    if (this.isPoint || !this.held) return false;
    this.held = null;
    this.build();
    this.page.told();
    return true;
  }

  // Escape brings a corner back to where it was taken up.
  putBack() {
    if (this.isPoint || !this.held) return false;
    this.moveTo(this.held.from);
    return this.release();
  }

  removeHeld() {
    if (this.isPoint || !this.held) return false;
    const { corners, isRing } = this.paths[this.held.path];
    if (corners.length > (isRing ? LEAST_RING : LEAST_LINE)) {
      const [gone] = corners.splice(this.held.corner, 1);
      if (this.isValid) {
        this.held = null;
        this.build();
        this.announce();
      } else corners.splice(this.held.corner, 0, gone);
    }
    return true;
  }
}
