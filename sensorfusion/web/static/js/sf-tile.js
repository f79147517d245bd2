import { setState, setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { valueText } from "sf/format";
import { clock, page, siteTime, store, tick } from "sf/live";
import { numberIn } from "sf/series";
import { midnightS } from "sf/zone";

/**
 * `<sf-tile sensor q>`: one quantity's card. It goes stale on its own when its probe alone has died, and keeps today's
 * extremes.
 */
class Tile extends LiveElement {
  #day = null;
  #total = null; // canonical, of an amount

  connected(signal) {
    this.#day = this.#midnight();
    store.subscribe(this.sensor, (entry, reading) => this.#take(reading), { signal });
    tick.subscribe(() => this.draw(), { signal });
  }

  draw() {
    setState(this, store.quantityState(this.sensor, this.quantity));
  }

  #take(reading) {
    this.redraw(250);
    const value = reading?.observedAt && !reading.older ? numberIn(reading, this.quantity) : null;
    if (value === null || reading.observedAt / 1000 < this.#midnight()) return;
    if (this.#midnight() !== this.#day) this.#startDay(value);
    this.#addUp(value);
    this.#extend("low", value, (known) => value < known);
    this.#extend("high", value, (known) => value > known);
  }

  #extend(fact, value, isPast) {
    const place = this.querySelector(`[data-fact=${fact}]`);
    if (place?.dataset.value === undefined || !isPast(Number(place.dataset.value))) return;
    place.dataset.value = value;
    setText(place.querySelector("b") ?? place, valueText(value, page.units[this.quantity]));
  }

  /** A tile of an amount shows what came since midnight; the server wrote it rounded, so the sum begins with that. */
  #addUp(amount) {
    const place = this.querySelector(".total b");
    if (!place) return;
    const unit = page.units[this.quantity];
    this.#total ??= Number(place.textContent) / (unit?.factor ?? 1) || 0;
    this.#total += amount;
    setText(place, valueText(this.#total, unit));
  }

  #startDay(value) {
    this.#day = this.#midnight();
    this.#total = 0;
    for (const place of this.querySelectorAll("[data-fact=low], [data-fact=high]")) {
      place.dataset.value = value;
      setText(place.querySelector("b") ?? place, valueText(value, page.units[this.quantity]));
    }
  }

  #midnight() {
    return midnightS(clock.now() / 1000, siteTime(this.sensor).zone);
  }
}

customElements.define("sf-tile", Tile);
