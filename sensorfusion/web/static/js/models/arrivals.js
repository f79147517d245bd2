/**
 * Statistics of the stream for the live pill's details: readings in each of the last 60 seconds, and their latency.
 */
const SECONDS = 60;

export class Arrivals {
  #counts = new Map(); // epoch second -> readings
  // {sensorMs, serverMs} of the last reading that was not late: from the sensor to the server, from there to the screen.
  latency = null;

  /** Counts arriving readings; `now` is the server's time in milliseconds. */
  add(readings, now) {
    const second = Math.floor(now / 1000);
    this.#counts.set(second, (this.#counts.get(second) ?? 0) + readings.length);
    for (const each of this.#counts.keys()) if (each <= second - SECONDS) this.#counts.delete(each);
    const fresh = readings.filter((each) => !each.isLate).at(-1);
    if (fresh)
      this.latency = { sensorMs: fresh.receivedAt - fresh.observedAt, serverMs: Math.max(0, now - fresh.receivedAt) };
  }

  /** Readings in each of the last 60 seconds, the oldest first. */
  perSecond(now) {
    const second = Math.floor(now / 1000);
    return Array.from({ length: SECONDS }, (_, i) => this.#counts.get(second - SECONDS + 1 + i) ?? 0);
  }

  perMinute(now) {
    return this.perSecond(now).reduce((sum, each) => sum + each, 0);
  }
}
