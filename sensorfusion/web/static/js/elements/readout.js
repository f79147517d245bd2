import { html, setText } from "sf/dom";

/**
 * The line above a plot: the instant under the crosshair and the value of every line there; without a crosshair, the
 * newest values. It is also the legend: a click hides a line, with Alt all others.
 */
const PATIENCE_MS = 400; // debounces announcements of screen readers while an arrow key is held

export class Readout {
  #place;
  #time;
  #keys = new Map();
  #hidden = new Set();
  #toggled;
  #timer;

  /** `toggled(item, isShown)` is called when a click hides or shows lines. */
  constructor(place, { toggled }) {
    this.#place = place;
    this.#toggled = toggled;
    this.#time = html("span", { class: "readout-time" });
  }

  /** Builds a key for each line, the main quantity first. */
  build(items) {
    this.#keys.clear();
    for (const item of items.filter(({ isRead }) => isRead).reverse())
      this.#keys.set(item.look + item.quantity, this.#key(item));
    this.#place.replaceChildren(...[...this.#keys.values()].map(({ button }) => button), this.#time);
    this.#place.setAttribute("aria-live", "off");
  }

  /** Shows the texts of every line and of the instant. */
  show(items, textOf, time) {
    for (const item of items.filter(({ isRead }) => isRead))
      setText(this.#keys.get(item.look + item.quantity)?.value, textOf(item));
    setText(this.#time, time);
  }

  /** Announces the shown values once they have not changed for a moment. */
  announce() {
    clearTimeout(this.#timer);
    this.#place.setAttribute("aria-live", "off");
    this.#timer = setTimeout(() => {
      this.#place.setAttribute("aria-live", "polite");
      this.#time.textContent += "\u200b"; // screen readers only announce a change
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
