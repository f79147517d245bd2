import { setState, setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { valueParts } from "sf/format";
import { store, tick, unitOf } from "sf/live";
import { roll } from "sf/roll";

/** `<sf-value sensor q><b>18.4</b><span>°C</span></sf-value>`: the newest value of a quantity. */
const EVERY_MS = 250; // faster changes are unreadable

class Value extends LiveElement {
  #shown = null;

  connected(signal) {
    this.#shown = this.#value;
    store.subscribe(this.sensor, () => this.redraw(EVERY_MS), { signal });
    tick.subscribe(() => this.draw(), { signal });
  }

  draw() {
    setState(this, store.quantityState(this.sensor, this.quantity));
    const value = this.#value;
    if (value === undefined || value === this.#shown) return;
    const direction = Math.sign(value - this.#shown) || 0;
    this.#shown = value;
    const [number, symbol] = valueParts(value, unitOf(this.sensor, this.quantity));
    roll(this.querySelector("b"), number, direction);
    setText(this.querySelector("span:not(.rolled)"), symbol);
  }

  get #value() {
    return store.standing(this.sensor, this.quantity);
  }
}

customElements.define("sf-value", Value);
