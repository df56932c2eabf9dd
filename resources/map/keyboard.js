// The map by keyboard: every act of the mouse has a key. Keys act only while the map has the focus.

const PAN = 80; // px
const FINE_PAN = 10; // px, with Shift: to bring the cross of a drawing to its place
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Keyboard {
  constructor(map, page) {
    this.map = map;
    Object.assign(this, page);
    const container = map.getContainer();
    container.tabIndex = 0;
    container.setAttribute("role", "application");
    container.addEventListener("mousedown", ({ target }) => {
      if (!target.closest("button")) container.focus({ preventScroll: true });
    });
    container.addEventListener("keydown", (event) => this.onKey(event));
    window.addEventListener("focus", () => this.takeFocus());
    if (document.hasFocus()) this.takeFocus();
    container.addEventListener("blur", () => this.focusStop(null));
    map.on("zoomend", () => this.focusStop(null));
  }

  // The window gives the keyboard to the page; in the page it belongs to the map.
  takeFocus() {
    if (document.activeElement !== document.body) return;
    this.map.getContainer().focus({ preventScroll: true });
  }

  onKey(event) {
    if (event.altKey || event.metaKey) return;
    const isHandled = event.target.closest(".stack")
      ? this.inStack(event)
      : event.target === this.map.getContainer() && (this.sketch.key(event) || this.onMap(event));
    if (isHandled) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  onMap(event) {
    const arrow = ARROWS[event.key];
    if (arrow) {
      const pixels = event.shiftKey ? FINE_PAN : PAN;
      this.map.panBy([arrow[0] * pixels, arrow[1] * pixels], this.motion());
      return true;
    }
    if (event.ctrlKey) return false;
    switch (event.key) {
      case "+": case "=": this.zoomBy(1); return true;
      case "-": case "_": this.zoomBy(-1); return true;
      case "Home": this.showAll(); return true;
      case "Tab": return this.nextStop(event.shiftKey ? -1 : 1);
      case "Enter": return this.enter();
      case "Escape": return this.escape();
      default: return false;
    }
  }

  // Pins and discs in the visible part, in reading order.
  stopsInView() {
    const size = this.map.getSize();
    return this.pins.stops.filter((stop) => {
      const { x, y } = this.map.layerPointToContainerPoint([stop.x, stop.y]);
      return x >= 0 && y >= 0 && x <= size.x - this.margin() && y <= size.y;
    });
  }

  // After the last pin the focus goes on to the buttons: the map is no trap.
  nextStop(direction) {
    const stops = this.stopsInView();
    const now = stops.findIndex((stop) => this.pins.keyOf(stop) === this.pins.focused);
    const next = now < 0 && direction < 0 ? -1 : now + direction;
    this.focusStop(stops[next] ?? null);
    return Boolean(stops[next]);
  }

  focusStop(stop) {
    if (!stop && !this.pins.focused) return;
    this.pins.focused = stop && this.pins.keyOf(stop);
    this.overlay.tip.hidden = true;
    if (stop) {
      const { feature, count } = stop;
      if (feature) this.overlay.showTip(feature, this.map.layerPointToContainerPoint([stop.x, stop.y]));
      const together = this.controls.texts.together.replace("{count}", count);
      this.controls.say(feature ? `${feature.title}. ${feature.subtitle}` : together);
    }
    this.canvas.request();
  }

  enter() {
    const stop = this.pins.stops.find((one) => this.pins.keyOf(one) === this.pins.focused);
    if (stop) this.openStop(stop, true);
    return Boolean(stop);
  }

  escape() {
    const isOpen = this.pins.focused || !this.overlay.stack.hidden;
    this.focusStop(null);
    this.overlay.hide();
    return Boolean(isOpen);
  }

  inStack({ key }) {
    const items = [...this.overlay.stack.querySelectorAll("button")];
    const now = items.indexOf(document.activeElement);
    if (key === "ArrowDown" || key === "ArrowUp") {
      items[(now + (key === "ArrowDown" ? 1 : items.length - 1)) % items.length].focus();
      return true;
    }
    if (key !== "Escape") return false;
    this.overlay.hide();
    this.map.getContainer().focus({ preventScroll: true });
    return true;
  }
}
