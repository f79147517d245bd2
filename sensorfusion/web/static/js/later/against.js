import { setText } from "sf/dom";
import { gettext } from "sf/translation";

/** Defines the comparison, which is far down the page. What is shared with the page is passed. */
const EVERY_MS = 1_000;

export function follow(place, shared) {
  const { LiveElement, clock, dayBefore, differenceText, page, siteTime, store, tick, withUnit } = shared;

  /**
   * `<sf-against sensor>`: the table of current values beside yesterday's at this time and those
   * that stay as they are, of last year and the month, in `data-value`; a row for each quantity.
   */
  class Against extends LiveElement {
    connected(signal) {
      store.subscribe(this.sensor, () => this.redraw(EVERY_MS), { signal });
      tick.subscribe(() => this.#drawWhen(), { signal });
      if (store.sensor(this.sensor)?.observedAt) this.redraw(); // readings may have arrived before this was loaded
    }

    draw() {
      const { observedAt } = store.sensor(this.sensor);
      dayBefore?.reach(observedAt / 1000);
      for (const row of this.querySelectorAll("tr[data-quantity]")) this.#drawRow(row, row.dataset.quantity, observedAt);
      this.#drawWhen();
    }

    #drawRow(row, quantity, observedAt) {
      const [value, unit] = [store.current(this.sensor, quantity), page.units[quantity]];
      setText(row.querySelector("[data-fact=now]"), value === null ? "–" : withUnit(value, unit));
      const yesterday = row.querySelector("[data-fact=yesterday]");
      this.#compare(yesterday, value, dayBefore?.value(quantity, observedAt / 1000) ?? null, unit);
      for (const cell of row.querySelectorAll("[data-value]")) this.#compare(cell, value, +cell.dataset.value, unit);
    }

    #compare(cell, value, other, unit) {
      const isKnown = value !== null && other !== null;
      setText(cell.querySelector("span"), isKnown ? withUnit(other, unit) : "–");
      setText(cell.querySelector("small"), isKnown ? differenceText(value - other, unit, value) : "");
    }

    /** Labels the values; those of a sensor that has stopped are not current. */
    #drawWhen() {
      const isNow = ["live", "late"].includes(store.state(this.sensor));
      const { observedAt } = store.sensor(this.sensor);
      setText(this.fact("when"), isNow ? gettext`Now` : siteTime(this.sensor).since(observedAt, clock.now()));
    }
  }

  customElements.define("sf-against", Against);
}
