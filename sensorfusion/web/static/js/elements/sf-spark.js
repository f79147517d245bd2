import { LiveElement } from "sf/element";
import { page, store } from "sf/live";
import { numberIn } from "sf/series";
import { Spark } from "sf/spark";

/**
 * `<sf-spark sensor q data-points data-from data-to data-step data-least>`: the server's line, continued with live
 * readings.
 */
const EVERY_MS = 1_000;

class SparkLine extends LiveElement {
  #spark = null;

  connected(signal) {
    const { points, from, to, step, least } = this.dataset;
    if (!points) return;
    this.#spark = new Spark({
      points: JSON.parse(points),
      from: +from,
      to: +to,
      stepS: +step,
      least: +least,
      combine: page.quantities[this.quantity]?.combine,
    });
    store.subscribe(this.sensor, (entry, reading) => this.#take(reading), { signal });
  }

  /** The day in steps, as [epoch seconds, value]. */
  get steps() {
    return this.#spark?.steps ?? [];
  }

  draw() {
    const { line, area } = this.#spark.paths();
    this.querySelector("path.line")?.setAttribute("d", line);
    this.querySelector("path.area")?.setAttribute("d", area);
  }

  #take(reading) {
    // A snapshot repeats values that are in the line already.
    if (!reading?.observedAt || reading.older || reading.values === undefined) return;
    const value = numberIn(reading, this.quantity);
    if (value === null) return;
    this.#spark.take(reading.observedAt / 1000, value);
    this.redraw(EVERY_MS);
  }
}

customElements.define("sf-spark", SparkLine);
