// What floats above the canvas: the chosen pin, the name under the mouse, the list of a stack of
// pins. Texts of records only ever become text nodes; markup in a title is shown, not obeyed.

const CHOSEN_PANE = "chosen";
const LISTED = 50; // records in the list of one stack; more than this is not read by anyone

export function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export class Overlay {
  constructor(map, symbols) {
    this.map = map;
    this.symbols = symbols;
    this.chosen = null;
    map.createPane(CHOSEN_PANE).classList.add("chosen-pane");
    this.tip = element("div", "tip");
    this.tip.setAttribute("role", "tooltip");
    this.stack = element("div", "stack");
    this.stack.setAttribute("role", "menu");
    for (const made of [this.tip, this.stack]) {
      made.hidden = true;
      L.DomEvent.disableClickPropagation(made);
      L.DomEvent.disableScrollPropagation(made);
      map.getContainer().append(made);
    }
    map.on("movestart zoomstart", () => this.hide());
  }

  // A marker of its own for a pin, larger and with a ring, above everything else.
  pinMarker(feature, options = {}) {
    const [width, height] = this.symbols.size(`${feature.symbol}@chosen`) ?? [56, 62];
    const ratio = window.devicePixelRatio || 1;
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * ratio);
    canvas.height = Math.ceil(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    this.symbols.paint(context, feature, width / 2, height - this.symbols.tip, "@chosen");
    const icon = L.divIcon({
      html: canvas,
      className: "chosen-pin",
      iconSize: [width, height],
      iconAnchor: [width / 2, height - this.symbols.tip],
    });
    const still = { icon, pane: CHOSEN_PANE, keyboard: false, interactive: false };
    return L.marker([feature.lat, feature.lon], { ...still, ...options });
  }

  choose(feature) {
    this.chosen?.remove();
    this.chosen = feature ? this.pinMarker(feature).addTo(this.map) : null;
  }

  showTip(feature, point) {
    this.tip.replaceChildren(element("div", "tip-title", feature.title));
    if (feature.subtitle) this.tip.append(element("div", "tip-line", feature.subtitle));
    this.place(this.tip, point, 40);
  }

  // The records of a disc that no zoom level can take apart.
  showStack(features, point, texts, onChoose) {
    this.tip.hidden = true;
    const buttons = features.slice(0, LISTED).map((feature) => {
      const button = element("button", "stack-item", feature.title);
      button.setAttribute("role", "menuitem");
      if (feature.subtitle) button.append(element("span", "stack-line", feature.subtitle));
      button.addEventListener("click", (event) => {
        this.stack.hidden = true;
        this.map.getContainer().focus({ preventScroll: true });
        onChoose(feature, event.detail === 0);
      });
      return button;
    });
    this.stack.replaceChildren(...buttons);
    if (features.length > LISTED) {
      const more = texts.more.replace("{count}", features.length - LISTED);
      this.stack.append(element("div", "stack-line", more));
    }
    this.place(this.stack, point, 20);
    buttons[0].focus();
  }

  // Above the point, or below it where there is no room, and never outside the window.
  place(box, { x, y }, above) {
    const size = this.map.getSize();
    box.hidden = false;
    const left = Math.max(8, Math.min(x - box.offsetWidth / 2, size.x - box.offsetWidth - 8));
    const top = y - above - box.offsetHeight;
    box.style.left = `${Math.round(left)}px`;
    box.style.top = `${Math.round(top < 8 ? Math.min(y + 12, size.y - box.offsetHeight - 8) : top)}px`;
  }

  hide() {
    this.tip.hidden = true;
    this.stack.hidden = true;
  }
}
