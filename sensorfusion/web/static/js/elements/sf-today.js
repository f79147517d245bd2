import { setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { shortText } from "sf/format";
import { clock, page, siteDay, siteTime, store, tick } from "sf/live";
import { numberIn } from "sf/series";
import { Today } from "sf/today";

/**
 * `<sf-today sensor q>`: the highest and the lowest value since the beginning of the site's day in `[data-fact=high]` and
 * `[data-fact=low]`, each with the records that it may break: `[data-beyond]`, the longest span first.
 */
class HighLow extends LiveElement {
  #today;

  connected(signal) {
    const known = (fact) => {
      const { value, at } = this.fact(fact)?.dataset ?? {};
      return value === undefined ? null : { value: +value, at: +at };
    };
    const now = clock.now() / 1000;
    this.#today = new Today({ day: siteDay(this.sensor), now, low: known("low"), high: known("high") });
    store.subscribe(this.sensor, (entry, reading) => this.#take(reading), { signal });
    tick.subscribe(() => this.#turn(clock.now()), { signal });
  }

  draw() {
    this.#show("low", this.#today.low);
    this.#show("high", this.#today.high);
  }

  #take(reading) {
    const value = reading?.observedAt ? numberIn(reading, this.quantity) : null;
    if (value === null) return;
    this.#turn(reading.observedAt);
    this.#today.take(reading.observedAt / 1000, value);
    this.redraw(250);
  }

  /** Begins a new day, whose records are known by the server. */
  #turn(now) {
    if (!this.#today.turn(now / 1000)) return;
    for (const ribbon of this.querySelectorAll("[data-beyond]")) ribbon.remove();
    this.redraw();
  }

  #show(fact, extreme) {
    const place = this.fact(fact);
    if (!place) return;
    const isBroken = ({ dataset }) => (fact === "low" ? extreme?.value < dataset.beyond : extreme?.value > dataset.beyond);
    const ribbons = [...place.querySelectorAll("[data-beyond]")];
    const broken = ribbons.find(isBroken);
    for (const ribbon of ribbons) ribbon.hidden = ribbon !== broken;
    setText(place.querySelector("b"), extreme ? shortText(extreme.value, page.units[this.quantity]) : "–");
    setText(place.querySelector("time"), extreme ? siteTime(this.sensor).time(extreme.at * 1000) : "");
  }
}

customElements.define("sf-today", HighLow);
