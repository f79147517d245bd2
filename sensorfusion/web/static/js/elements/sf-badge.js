import { setState, setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { clock, siteTime, store, tick } from "sf/live";
import { why } from "sf/station-words";

/** `<sf-badge [sensor [q]] data-state>`: the state of a sensor, or of a quantity, and why a value is not fresh. */
class Badge extends LiveElement {
  connected(signal) {
    if (!this.sensor) return; // it stays as the server wrote it
    store.subscribe(this.sensor, () => this.draw(), { signal });
    tick.subscribe(() => this.draw(), { signal });
  }

  draw() {
    const { sensor, quantity } = this;
    const state = quantity ? store.quantityState(sensor, quantity) : store.state(sensor);
    const at = quantity ? store.newest(sensor, quantity)?.at : store.sensor(sensor)?.observedAt;
    setState(this, state);
    // Why there is no reading yet is known to the server only.
    if (at) setText(this.fact("why"), why(state, siteTime(sensor).since(at, clock.now())));
  }
}

customElements.define("sf-badge", Badge);
