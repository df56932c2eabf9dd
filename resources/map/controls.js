// The fixed parts of the page: zoom and home, scale, attribution, errors, and the line for readers.

import { element } from "./overlay.js";

const ICONS = {
  zoom_in: "M10 4v12M4 10h12",
  zoom_out: "M4 10h12",
  home: "M3.5 10.5 10 4.5l6.5 6M5.5 9v7h3.2v-4.4h2.6V16h3.2V9",
};

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export class Controls {
  constructor(map, actions) {
    this.map = map;
    this.texts = {};
    this.container = map.getContainer();
    const make = (name) => [name, this.button(name, actions[name])];
    this.buttons = Object.fromEntries(Object.keys(ICONS).map(make));
    const bar = element("div", "zoom-bar");
    bar.append(...Object.values(this.buttons));
    L.DomEvent.disableClickPropagation(bar);
    this.error = element("div", "error");
    this.error.hidden = true;
    this.attribution = element("div", "attribution");
    this.cross = element("div", "cross");
    this.cross.hidden = true;
    this.live = element("div", "live");
    this.live.setAttribute("aria-live", "polite");
    this.container.append(bar, this.error, this.attribution, this.cross, this.live);
    L.control.scale({ imperial: false, maxWidth: 72, position: "bottomleft" }).addTo(map);
  }

  button(name, act) {
    const button = element("button", "zoom-button");
    button.type = "button";
    button.append(icon(name));
    button.addEventListener("click", act);
    return button;
  }

  setTexts(texts) {
    this.texts = texts;
    document.documentElement.lang = texts.language;
    document.title = texts.map;
    this.container.setAttribute("aria-label", texts.map);
    for (const [name, button] of Object.entries(this.buttons)) {
      button.title = texts[name];
      button.setAttribute("aria-label", texts[name]);
    }
  }

  setAttribution(text) {
    this.attribution.textContent = text;
  }

  // The part of the page that a panel covers on the right.
  setMargin(right) {
    this.container.style.setProperty("--covered", `${right}px`);
  }

  showError(sentence) {
    this.error.hidden = !sentence;
    this.error.textContent = sentence;
  }

  say(sentence) {
    this.live.textContent = sentence;
  }
}
