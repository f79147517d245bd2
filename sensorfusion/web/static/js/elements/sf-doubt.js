import { setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { store } from "sf/live";
import { tables } from "sf/tables";

/** `<sf-doubt sensor q hidden>`: shows that the newest value was flagged. */
class Doubt extends LiveElement {
  connected(signal) {
    store.subscribe(this.sensor, () => this.redraw(250), { signal });
  }

  draw() {
    const [word, reason] = tables.doubts[store.newest(this.sensor, this.quantity)?.flag] ?? [];
    this.hidden = !word;
    setText(this, word ?? "");
    this.title = reason ?? "";
  }
}

customElements.define("sf-doubt", Doubt);
