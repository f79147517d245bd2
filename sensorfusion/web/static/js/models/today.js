import { dayStartS } from "sf/zone";

/**
 * A quantity since the beginning of the site's day: its extremes as {value, at}, and the sum of an amount, each null without
 * a reading. Instants are epoch seconds, values canonical.
 */
export class Today {
  low;
  high;
  total;

  #day;
  #until; // `total` is complete up to here
  #start;

  /** `day` is how the site's days are divided: {zone, startsH}. */
  constructor({ day, now, low = null, high = null, total = null, until = 0 }) {
    Object.assign(this, { low, high, total });
    this.#day = day;
    this.#until = until;
    this.#start = this.#startOf(now);
  }

  /** The beginning of the day. */
  get start() {
    return this.#start;
  }

  /** Resets on a new day; returns whether it did. */
  turn(now) {
    const start = this.#startOf(now);
    if (start <= this.#start) return false;
    Object.assign(this, { low: null, high: null, total: null });
    this.#start = this.#until = start;
    return true;
  }

  /** Adds a reading. The sum of the day contains those up to the newest one already. */
  take(at, value) {
    if (at < this.#start) return;
    if (!(this.low?.value <= value)) this.low = { value, at };
    if (!(this.high?.value >= value)) this.high = { value, at };
    if (at <= this.#until) return;
    this.#until = at;
    this.total += value;
  }

  #startOf(at) {
    return dayStartS(at, this.#day.zone, this.#day.startsH);
  }
}
