import { Topic } from "sf/topic";

/**
 * The colours of tokens.css for a canvas. They are resolved by an element of the page, so that light and dark, mixes
 * and system colours are as in CSS.
 */
const FORCED = matchMedia("(forced-colors: active)");
const LINES_FROM = 50; // per cent; fainter are fills and bands, which a system's colours would paint opaque

class Palette {
  changed = new Topic();

  #colours = new Map();
  #probe = null;

  constructor() {
    const forget = () => {
      this.#colours.clear();
      this.changed.publish();
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", forget);
    FORCED.addEventListener("change", forget);
    new MutationObserver(forget).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ["data-theme"],
    });
  }

  /** The colour of a token (`q-temp`, `line`), with this opacity in per cent. */
  colour(token, percent = 100) {
    const key = `${token} ${percent}`;
    if (!this.#colours.has(key)) this.#colours.set(key, this.#resolve(token, percent));
    return this.#colours.get(key);
  }

  #resolve(token, percent) {
    if (FORCED.matches && percent < LINES_FROM) return "transparent";
    this.#probe ??= document.body.appendChild(document.createElement("i"));
    this.#probe.hidden = true;
    // Mixed in oklab: in oklch Safari 17 turns the hue when it mixes with transparent.
    const mix = percent === 100 ? `var(--${token})` : `color-mix(in oklab, var(--${token}) ${percent}%, transparent)`;
    this.#probe.style.setProperty("color", mix);
    return getComputedStyle(this.#probe).color;
  }
}

export const palette = new Palette();
