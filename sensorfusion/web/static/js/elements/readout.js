import { html, setText } from "sf/dom";

/**
 * The line above a plot: the instant under the crosshair and what every line says there; without a crosshair, the
 * newest. It is the legend too: a press hides a line, with Alt all others.
 */
const PATIENCE_MS = 400; // a held arrow key must not make a screen reader stammer

export class Readout {
  #place;
  #time;
  #keys = new Map();
  #hidden = new Set();
  #toggled;
  #timer;

  /** `toggled(item, isShown)` is told what a press hides or shows. */
  constructor(place, { toggled }) {
    this.#place = place;
    this.#toggled = toggled;
    this.#time = html("span", { class: "readout-time" });
  }

  /** Makes a key for each line, the subject first. */
  build(items) {
    this.#keys.clear();
    for (const item of items.filter(({ isRead }) => isRead).reverse())
      this.#keys.set(item.look + item.quantity, this.#key(item));
    this.#place.replaceChildren(...[...this.#keys.values()].map(({ button }) => button), this.#time);
    this.#place.setAttribute("aria-live", "off");
  }

  /** Shows what each line says: `texts` by item, and the words for the instant. */
  show(items, textOf, time) {
    for (const item of items.filter(({ isRead }) => isRead))
      setText(this.#keys.get(item.look + item.quantity)?.value, textOf(item));
    setText(this.#time, time);
  }

  /** Reads out what is shown, once it has stood still for a moment. */
  announce() {
    clearTimeout(this.#timer);
    this.#place.setAttribute("aria-live", "off");
    this.#timer = setTimeout(() => {
      this.#place.setAttribute("aria-live", "polite");
      this.#time.textContent += "\u200b"; // a change is what makes it be read
    }, PATIENCE_MS);
  }

  close() {
    clearTimeout(this.#timer);
  }

  #key(item) {
    const value = html("b");
    const swatch = html("i", { class: "key-mark", "data-look": item.look });
    swatch.style.setProperty("--c", `var(--${item.hue})`);
    const button = html(
      "button",
      { type: "button", class: "key", "aria-pressed": !this.#hidden.has(item.label) },
      swatch,
      html("span", {}, item.label),
      value,
    );
    button.disabled = item.look === "none";
    button.addEventListener("click", ({ altKey }) => this.#press(item, altKey));
    return { item, button, value };
  }

  #press(item, isSolo) {
    const all = [...this.#keys.values()].filter(({ button }) => !button.disabled);
    const isAlone = all.every((each) => each.item === item || this.#hidden.has(each.item.label));
    for (const each of all) {
      if (isSolo) this.#set(each, isAlone || each.item === item);
      else if (each.item === item) this.#set(each, this.#hidden.has(item.label));
    }
  }

  #set({ item, button }, isShown) {
    this.#hidden[isShown ? "delete" : "add"](item.label);
    button.setAttribute("aria-pressed", isShown);
    this.#toggled(item, isShown);
  }
}
