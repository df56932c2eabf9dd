// One canvas for everything that is painted: ground, areas, names, pins, in that order. One canvas
// instead of a pane each, as without a graphics card the price of a pan is the compositing.

export const MapCanvas = L.Renderer.extend({
  options: { padding: 0.4, pane: "overlayPane" },

  // painters: objects with paint(context, view); view = { map, bounds, zoom, ratio }
  initialize(painters, options) {
    L.Renderer.prototype.initialize.call(this, options);
    this.painters = painters;
    this.frame = 0;
  },

  getEvents() {
    return { ...L.Renderer.prototype.getEvents.call(this), move: this._onMove, resize: this.request };
  },

  // Paint once before the next frame, however often it is asked for.
  request() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      if (this._map) this._update();
    });
  },

  // While the hand drags, paint again only when the margin around the view is used up.
  _onMove() {
    const size = this._map.getSize();
    const corner = this._map.containerPointToLayerPoint([0, 0]);
    if (!this._bounds.contains(L.bounds(corner, corner.add(size)))) this._update();
  },

  _initContainer() {
    this._container = L.DomUtil.create("canvas", "leaflet-zoom-animated");
    this._context = this._container.getContext("2d");
  },

  _destroyContainer() {
    cancelAnimationFrame(this.frame);
    this._container.remove();
  },

  _updatePaths() {},

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const { min } = this._bounds;
    const size = this._bounds.getSize();
    const ratio = window.devicePixelRatio || 1;
    const canvas = this._container;
    L.DomUtil.setPosition(canvas, min);
    const width = Math.round(size.x * ratio);
    const height = Math.round(size.y * ratio);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
    }
    const context = this._context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(ratio, 0, 0, ratio, -min.x * ratio, -min.y * ratio);
    const view = { map: this._map, bounds: this._bounds, zoom: this._zoom, ratio };
    for (const painter of this.painters) {
      context.save();
      painter.paint(context, view);
      context.restore();
    }
  },
});

// Trace a GeoJSON path in layer points.
export function trace(context, map, path, isClosed) {
  path.forEach(([lon, lat], i) => {
    const point = map.latLngToLayerPoint([lat, lon]);
    if (i === 0) context.moveTo(point.x, point.y);
    else context.lineTo(point.x, point.y);
  });
  if (isClosed) context.closePath();
}
