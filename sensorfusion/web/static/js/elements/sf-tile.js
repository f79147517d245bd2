import { setState, setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { valueParts, valueText } from "sf/format";
import { clock, page, placeOf, siteDay, siteTime, store, tick } from "sf/live";
import { tileSentence } from "sf/sentences";
import { numberIn, step } from "sf/series";
import { position } from "sf/sun";
import { tables } from "sf/tables";
import { Today } from "sf/today";

/**
 * `<sf-tile sensor q>`: one quantity's card. It becomes stale on its own when only its probe has stopped, updates
 * today's extremes or, for an amount, today's sum, and the sentence.
 */
const EVERY_MS = 250;
const { slot_s: SLOT_S } = tables.sentences;
const MEMORY_S = 18_000; // as long as the longest tendency needs

class Tile extends LiveElement {
  #today;
  #before; // the last value, of a counter
  #wetAt = null;
  #hours = []; // readings of the last hours

  connected(signal) {
    const { value, until } = this.#total?.dataset ?? {};
    const { wetAt, hours } = this.fact("sentence")?.dataset ?? {};
    this.#hours = JSON.parse(hours ?? "[]");
    this.#wetAt = wetAt === undefined ? null : +wetAt;
    this.#before = store.number(this.sensor, this.quantity) ?? undefined;
    this.#today = new Today({
      day: siteDay(this.sensor),
      now: clock.now() / 1000,
      low: this.#bound("low"),
      high: this.#bound("high"),
      total: value ? +value : null,
      until: +(until ?? 0),
    });
    store.subscribe(this.sensor, (entry, reading) => this.#take(reading), { signal });
    tick.subscribe(() => this.#tick(), { signal });
  }

  draw() {
    const unit = page.units[this.quantity];
    setState(this, store.quantityState(this.sensor, this.quantity));
    for (const fact of ["low", "high"])
      setText(this.fact(fact), this.#today[fact] ? valueText(this.#today[fact].value, unit) : "–");
    const [total, symbol] = valueParts(this.#today.total, unit);
    setText(this.#total, total);
    setText(this.querySelector(".total span"), symbol);
    setText(this.fact("sentence"), tileSentence(this.quantity, this.#told));
  }

  get #time() {
    return siteTime(this.sensor);
  }

  get #total() {
    return this.querySelector(".total b");
  }

  /** The inputs of the sentence. */
  get #told() {
    const now = clock.now();
    const place = placeOf(this.sensor);
    return {
      number: (name) => this.#number(name),
      isCurrent: this.#beside(this.quantity) !== null,
      unit: (name) => page.units[name],
      isMean: page.quantities[this.quantity]?.combine === "mean",
      steps: this.querySelector("sf-spark")?.steps ?? [],
      hours: this.#hours,
      at: (store.newest(this.sensor, this.quantity)?.at ?? now) / 1000,
      now: now / 1000,
      altitude: place && position(now, place).altitude,
      wetAt: this.#wetAt,
      clock: (at) => this.#time.since(at * 1000, now),
    };
  }

  /** The tile's own newest number unless it is bad, and the others of a sensor that reports while they are current. */
  #number(name) {
    return name === this.quantity ? store.good(this.sensor, name) : this.#beside(name);
  }

  #beside(name) {
    return store.isReporting(this.sensor) ? store.current(this.sensor, name) : null;
  }

  #bound(name) {
    const value = this.fact(name)?.dataset.value;
    return value === undefined ? null : { value: +value };
  }

  /** Updates what depends on time alone: midnight, the sun, how long it has been dry. */
  #tick() {
    this.#today.turn(clock.now() / 1000);
    this.redraw(1_000);
  }

  #take(reading) {
    this.redraw(EVERY_MS);
    // A snapshot repeats values that are shown already.
    const value = reading?.observedAt && !reading.older ? numberIn(reading, this.quantity) : null;
    if (value === null) return;
    const at = reading.observedAt / 1000;
    const { combine } = page.quantities[this.quantity] ?? {};
    if ((combine === "sum" ? value : step(this.#before, value)) > 0) this.#wetAt = Math.max(this.#wetAt, at);
    this.#before = value;
    this.#remember(at, value);
    this.#today.turn(at);
    this.#today.take(at, value);
  }

  /** Keeps the last reading of each slot, as the server does. */
  #remember(at, value) {
    const slot = (t) => Math.floor(t / SLOT_S);
    if (this.#hours.length && slot(this.#hours.at(-1)[0]) === slot(at)) this.#hours.pop();
    this.#hours.push([at, value]);
    while (this.#hours[0][0] < at - MEMORY_S) this.#hours.shift();
  }
}

customElements.define("sf-tile", Tile);
