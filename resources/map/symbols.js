// Draws the symbols that Qt painted into one sprite; plain circles until it is there.

const HATCH = 7; // px between the lines, at 45 degrees

export class Symbols {
  constructor(tokens) {
    this.tokens = tokens;
    this.styles = {};
    this.index = {};
    this.patterns = new Map();
    this.image = null;
    this.ratio = 1;
    this.tip = 0;
  }

  setStyles(styles) {
    this.styles = styles;
    this.patterns.clear();
  }

  // Decode before use, so that no frame shows half a sprite.
  async load(url, { index, ratio, tip }) {
    const image = new Image();
    image.src = url;
    await image.decode();
    Object.assign(this, { image, index, ratio, tip });
  }

  style(key) {
    const style = this.styles[key];
    return { colour: this.tokens[style?.colour ?? "grey"], dashed: Boolean(style?.dashed) };
  }

  size(key) {
    const cell = this.index[key];
    return cell ? [cell[2] / this.ratio, cell[3] / this.ratio] : null;
  }

  // Draw one picture with its left upper corner at x, y; false when the sprite does not have it.
  picture(context, key, x, y) {
    const cell = this.index[key];
    if (!this.image || !cell) return false;
    const [left, top, width, height] = cell;
    context.drawImage(this.image, left, top, width, height, x, y, width / this.ratio, height / this.ratio);
    return true;
  }

  centred(context, key, x, y) {
    const [width, height] = this.size(key) ?? [0, 0];
    return this.picture(context, key, x - width / 2, y - height / 2);
  }

  // Draw a pin whose tip stands at x, y.
  paint(context, { symbol, mark }, x, y, variant = "") {
    const key = symbol + variant;
    const [width, height] = this.size(key) ?? [24, 30];
    if (mark.includes("approximate")) this.centred(context, "approximate", x, y);
    const isDrawn = this.picture(context, key, x - width / 2, y - height + this.tip);
    if (!isDrawn) this.circle(context, symbol, x, y, variant);
    const scale = variant ? 1.2 : 1;
    if (mark.includes("choice")) this.centred(context, "choice", x + 9 * scale, y - 18 - 9 * scale);
  }

  circle(context, symbol, x, y, variant) {
    context.beginPath();
    context.arc(x, y - 18, variant ? 15 : 11, 0, 2 * Math.PI);
    context.fillStyle = this.style(symbol).colour;
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = this.tokens[variant ? "accent" : "pin_edge"];
    context.stroke();
  }

  hatch(context, colour) {
    const ratio = window.devicePixelRatio || 1;
    const key = `${colour}@${ratio}`;
    let pattern = this.patterns.get(key);
    if (!pattern) {
      const side = Math.round(HATCH * Math.SQRT2 * ratio);
      const tile = new OffscreenCanvas(side, side);
      const brush = tile.getContext("2d");
      brush.strokeStyle = colour;
      brush.lineWidth = ratio;
      brush.globalAlpha = 0.75;
      for (const shift of [-side, 0, side]) {
        brush.moveTo(shift - ratio, side + ratio);
        brush.lineTo(shift + side + ratio, -ratio);
      }
      brush.stroke();
      pattern = context.createPattern(tile, "repeat");
      pattern.setTransform(new DOMMatrix().scale(1 / ratio));
      this.patterns.set(key, pattern);
    }
    return pattern;
  }
}
