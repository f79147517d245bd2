import { readTracks } from "sf/series";
import { tables } from "sf/tables";
import { dayBeforeS } from "sf/zone";

/**
 * A sensor's values of the day before, for comparison: the page contains an hour of them, the next ones are fetched.
 * The same choice as the server's `reports/comparison.py`. Instants are epoch seconds.
 */
const { lasts_s: LASTS_S, points: POINTS, within_s: WITHIN_S, within_intervals: WITHIN_INTERVALS } = tables.day_before;
const AGAIN_S = 60; // after a failure

export class DayBefore {
  #fetchJson;
  #sensor;
  #names;
  #quantities;
  #within;
  #zone;
  #tracks;
  #until;
  #askedAt = -Infinity;

  /** `series` is the page's data, around the newest reading at `at`. */
  constructor({ fetchJson, sensor, intervalS, quantities, series, at, zone = "UTC" }) {
    this.#fetchJson = fetchJson;
    this.#sensor = sensor;
    this.#zone = zone;
    this.#names = Object.keys(series.series);
    this.#quantities = quantities;
    this.#within = Math.max(WITHIN_S, WITHIN_INTERVALS * (intervalS ?? 0));
    this.#take(series, at);
  }

  /** The value nearest to the same time of the day before, null without one within the tolerance. */
  value(quantity, at) {
    const track = this.#tracks[quantity];
    if (!track) return null;
    const wanted = dayBeforeS(at, this.#zone);
    const distance = (i) => Math.abs(track.t[i] - wanted);
    const nearest = track.t.reduce((best, t, i) => (distance(i) < distance(best) ? i : best), 0);
    return distance(nearest) <= this.#within ? track.value[nearest] : null;
  }

  /** Fetches the next hour when `at` reaches the end of the data. */
  async reach(at) {
    if (at < this.#until || at - this.#askedAt < AGAIN_S) return;
    this.#askedAt = at;
    const before = dayBeforeS(at, this.#zone);
    const [from, to] = [before - this.#within, before + LASTS_S + this.#within];
    const query = `quantities=${this.#names.join(",")}&from=${from}&to=${to}&points=${POINTS}`;
    try {
      this.#take(await this.#fetchJson(`sensors/${this.#sensor}/series?${query}`), at);
    } catch {
      // A value too far from a day before is not shown; the next reading retries.
    }
  }

  /** Replaces the data: values may have arrived late. */
  replace(series, at) {
    this.#take(series, at);
  }

  #take(series, at) {
    this.#tracks = readTracks(series, { quantities: this.#quantities });
    this.#until = at + LASTS_S;
  }
}
