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
    this.#shown = store.newest(this.sensor, this.quantity)?.value ?? null;
    store.subscribe(this.sensor, () => this.redraw(EVERY_MS), { signal });
    tick.subscribe(() => this.#drawState(), { signal });
  }

  draw() {
    this.#drawState();
    const newest = store.newest(this.sensor, this.quantity);
    if (!newest || newest.value === this.#shown) return;
    const direction = Math.sign(newest.value - this.#shown) || 0;
    this.#shown = newest.value;
    const [number, symbol] = valueParts(newest.value, unitOf(this.sensor, this.quantity));
    roll(this.querySelector("b"), number, direction);
    setText(this.querySelector("span:not(.rolled)"), symbol);
  }

  #drawState() {
    setState(this, store.quantityState(this.sensor, this.quantity));
  }
}

customElements.define("sf-value", Value);
