import { gettext } from "sf/translation";

/**
 * A sensor's first day: the sentence of its first readings, and a range of the charts that follows the age of the data.
 * The page passes what it shares.
 */
const KNOWN_FROM = 5; // readings, as in domain/liveness.py: then the usual interval is known
const GROWING = ["5m", "1h", "6h", "24h"];
const LENGTHS_S = [300, 3_600, 21_600]; // of those that grow

/** Follows the readings of the page's sensor. */
export function follow(line, { store, stream, tick, view, clock, intervalText }) {
  const first = new FirstDay({ line, lastAt: store.sensor(store.sensors[0]).observedAt });
  stream.readings.subscribe((readings) => first.take(readings, intervalText));
  tick.subscribe(() => first.grow(view, clock.now() / 1000));
}

export class FirstDay {
  #line;
  #count;
  #every = [];
  #lastAt;

  constructor({ line, lastAt }) {
    this.#line = line;
    this.#count = Number(line.dataset.count);
    this.#lastAt = lastAt;
  }

  /** Counts new readings of the sensor. */
  take(readings, intervalText) {
    for (const { observedAt } of readings) {
      if (observedAt > this.#lastAt) this.#every.push((observedAt - this.#lastAt) / 1000);
      this.#lastAt = Math.max(this.#lastAt, observedAt);
      this.#count += 1;
    }
    this.#line.hidden = this.#count >= KNOWN_FROM;
    if (!this.#line.hidden) this.#line.textContent = soFar(this.#count, median(this.#every), intervalText);
  }

  /** Widens the range of the charts with the age of the data, unless the reader chose one. */
  grow(view, nowS) {
    if (!("grows" in this.#line.dataset) || !view.isLive) return;
    const place = GROWING.indexOf(view.name);
    const next = GROWING[place + 1];
    if (place < 0 || !next) return;
    if (nowS - Number(this.#line.dataset.since) > LENGTHS_S[place]) view.choose(next);
  }
}

export function soFar(count, everyS, intervalText) {
  const readings = count === 1 ? gettext`1 reading so far` : gettext`${count} readings so far`;
  return everyS ? gettext`${readings}, about every ${intervalText(everyS)}` : readings;
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
