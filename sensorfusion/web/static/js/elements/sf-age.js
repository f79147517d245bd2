import { setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { ageText } from "sf/format";
import { clock, store, tick } from "sf/live";

/**
 * `<sf-age sensor prefix="…"><time datetime="…">2 min ago</time></sf-age>`: the age of the newest reading.
 */
class Age extends LiveElement {
  #at = NaN;

  connected(signal) {
    this.#at = Date.parse(this.querySelector("time")?.dateTime);
    store.subscribe(this.sensor, (entry) => this.#take(entry), { signal });
    tick.subscribe(() => this.draw(), { signal });
  }

  draw() {
    const time = this.querySelector("time");
    if (!time || Number.isNaN(this.#at)) return;
    setText(time, (this.getAttribute("prefix") ?? "") + ageText(clock.now() - this.#at));
  }

  #take({ observedAt: at }) {
    if (at == null || at === this.#at) return;
    this.#at = at;
    this.querySelector("time")?.setAttribute("datetime", new Date(at).toISOString());
    this.redraw();
  }
}

customElements.define("sf-age", Age);
