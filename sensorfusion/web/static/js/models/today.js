import { midnightS } from "sf/zone";

/**
 * A quantity since the site's midnight: its extremes as {value, at}, and the sum of an amount. Instants are epoch
 * seconds, values canonical.
 */
export class Today {
  low;
  high;
  total;

  #zone;
  #until; // `total` is complete up to here
  #midnight;

  constructor({ zone, now, low = null, high = null, total = 0, until = 0 }) {
    Object.assign(this, { low, high, total });
    this.#zone = zone;
    this.#until = until;
    this.#midnight = midnightS(now, zone);
  }

  get midnight() {
    return this.#midnight;
  }

  get until() {
    return this.#until;
  }

  /** Resets after midnight; returns whether it did. */
  turn(now) {
    const midnight = midnightS(now, this.#zone);
    if (midnight <= this.#midnight) return false;
    Object.assign(this, { low: null, high: null, total: 0 });
    this.#midnight = this.#until = midnight;
    return true;
  }

  /**
   * Adds a reading. One that is not the newest, late or corrected, may be in the total already: returns false if the
   * total must be fetched.
   */
  take(at, value) {
    if (at < this.#midnight) return true;
    if (!(this.low?.value <= value)) this.low = { value, at };
    if (!(this.high?.value >= value)) this.high = { value, at };
    if (at <= this.#until) return false;
    this.#until = at;
    this.total += value;
    return true;
  }
}
