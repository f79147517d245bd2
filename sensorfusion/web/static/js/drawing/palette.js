import { Topic } from "sf/topic";

/**
 * The colours of tokens.css for a canvas. They are resolved by an element of the page, so that light and dark, mixes
 * and system colours are as in CSS.
 */
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
    matchMedia("(forced-colors: active)").addEventListener("change", forget);
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
    this.#probe ??= document.body.appendChild(document.createElement("i"));
    this.#probe.hidden = true;
    // Mixed in oklab: in oklch Safari 17 turns the hue when it mixes with transparent.
    const mix = percent === 100 ? `var(--${token})` : `color-mix(in oklab, var(--${token}) ${percent}%, transparent)`;
    this.#probe.style.setProperty("color", mix);
    return getComputedStyle(this.#probe).color;
  }
}

export const palette = new Palette();
