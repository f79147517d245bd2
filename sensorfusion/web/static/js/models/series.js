import { DAY_S } from "sf/basics";
import { longestStep, silences } from "sf/gaps";
import { tables } from "sf/tables";
import { heading, vector, weight } from "sf/wind";

/**
 * The data of charts: for each quantity a track of points in time order, into which live and late readings are merged.
 * Gaps follow from time alone, so a reading that lacks a quantity is not a gap in it, and late data closes its gap.
 * Instants are epoch seconds, as in the API and in the chart library.
 */
const [LATE_FACTOR] = tables.late;
const UTC = { zone: "UTC", startsH: 0 };
const { buckets: BUCKET_GAP, neighbours: NEIGHBOURS } = tables.gaps;

/**
 * The points of one quantity. `gapS` is how long after the last point a silence begins. For buckets, `t` holds the
 * middles of those drawn as a line, and the starts of amounts, which are drawn as bars.
 */

export class Track {
  t = [];
  value = [];
  low = []; // least and greatest reading of each bucket
  high = [];
  increase = []; // of a counter since the point before, where the server knows it
  #vectors = new Map(); // of buckets of directions: the sum of the winds that were added here

  /**
   * `resolution` and `days` are as in the API, `widthS` is the width of buckets, 0 for readings; `combine` is how readings are combined in a bucket, as in the
   * catalogue; `day` is how the site's days are divided.
   */
  constructor({ resolution = "raw", days = 1, intervalS = null, combine = "mean", day = UTC, ...given } = {}) {
    this.resolution = resolution;
    this.days = days;
    this.widthS = given.widthS ?? (tables.bucket_s[resolution] ?? 0) * days;
    this.day = day;
    this.intervalS = intervalS;
    this.combine = combine;
  }

  /** Seconds from the start of a bucket to its point. */
  get offsetS() {
    return this.combine === "sum" || this.combine === "counter" ? 0 : this.widthS / 2;
  }

  /** Whether the points are buckets with a least and a greatest value. */
  get hasBand() {
    return this.widthS > 0 && this.combine === "mean";
  }

  get gapS() {
    const interval = this.intervalS ?? this.#usualStep();
    return Math.max(LATE_FACTOR * interval, BUCKET_GAP * this.widthS) || Infinity;
  }

  get last() {
    const i = this.t.length - 1;
    return i < 0 ? null : { at: this.t[i], value: this.value[i] };
  }

  /** Inserts a point in time order; one with the same instant is replaced. */
  add(at, value, low = value, high = value, increase = undefined) {
    const i = this.#firstAfter(at);
    const replaced = this.t[i - 1] === at ? 1 : 0;
    this.t.splice(i - replaced, replaced, at);
    this.value.splice(i - replaced, replaced, value);
    this.low.splice(i - replaced, replaced, low);
    this.high.splice(i - replaced, replaced, high);
    this.increase.splice(i - replaced, replaced, increase);
  }

  /** Adds a live reading: as a point, or to its bucket; a direction with the speed of its wind. */
  take(at, value, speed = null) {
    if (!this.widthS) return this.add(at, value);
    if (this.combine === "vector" && !weight(speed)) return; // a calm has no direction
    const i = this.#firstAfter(at + this.offsetS) - 1;
    const start = this.#startOf(at);
    // The first bucket of a range may begin with the range.
    if (i < 0 || this.#startOf(this.t[i] - this.offsetS) !== start) return this.#begin(start + this.offsetS, value, speed);
    if (this.combine === "vector") return this.#turn(i, at, value, speed);
    this.low[i] = Math.min(this.low[i], value);
    this.high[i] = Math.max(this.high[i], value);
    if (this.increase[i] !== undefined) this.increase[i] += step(this.value[i], value);
    this.value[i] = this.#combined(i, at, value);
  }

  #begin(at, value, speed) {
    this.add(at, value);
    if (this.combine === "vector") this.#vectors.set(at, vector(value, weight(speed)));
  }

  /** Adds a wind to a bucket's; those that the server had added are taken to have been as fast as this one. */
  #turn(i, at, direction, speed) {
    const known = this.#vectors.get(this.t[i]) ?? vector(this.value[i], weight(speed) * this.#many(i, at));
    const sum = vector(direction, weight(speed)).map((part, place) => part + known[place]);
    this.#vectors.set(this.t[i], sum);
    this.value[i] = heading(sum) ?? this.value[i];
    this.low[i] = this.high[i] = this.value[i];
  }

  /**
   * Combines a reading into a bucket. The number of readings in the server's buckets is unknown; the bucket's age is
   * used instead until the next load.
   */
  #combined(i, at, value) {
    if (this.combine === "sum") return this.value[i] + value;
    if (this.combine !== "mean") return value;
    return this.value[i] + (value - this.value[i]) / (this.#many(i, at) + 1);
  }

  #many(i, at) {
    return Math.max(1, (at - this.t[i] + this.offsetS) / (this.intervalS ?? this.widthS));
  }

  /** Drops points before `from`, except those needed for the line and the usual interval. */
  trim(from) {
    const many = this.#firstAfter(from) - 1 - NEIGHBOURS;
    if (many > 0) for (const column of [this.t, this.value, this.low, this.high, this.increase]) column.splice(0, many);
  }

  /** The silences [from, to] between points. */
  gaps() {
    return this.silences().map((i) => [this.t[i - 1], this.t[i]]);
  }

  /** The indices of the points after a silence. */
  silences() {
    return silences(this.t, { width: this.widthS, usual: this.intervalS ?? 0 });
  }

  /** The longest step before an index that is still drawn as a line. */
  #longest(i) {
    if (i < 1 || i >= this.t.length) return this.gapS;
    return longestStep(this.t, i, { usual: this.intervalS ?? 0, width: this.widthS });
  }

  /** The index of the point nearest to an instant, or the silence [from, to] that contains it. */
  at(at) {
    const after = this.#firstAfter(at);
    const [from, to] = [this.t[after - 1] ?? -Infinity, this.t[after] ?? Infinity];
    const nearest = at - from <= to - at ? after - 1 : after;
    const longest = this.#longest(after);
    const isGap = to - from > longest && Math.min(at - from, to - at) > longest / 2;
    return isGap || this.t[nearest] === undefined ? { silence: [from, to] } : { index: nearest };
  }

  /**
   * The least and the greatest value in [from, to], bands included, or null. Buckets that begin in it count, though their
   * middle may be outside; the first of a fixed span begins with it.
   */
  bounds(from, to) {
    let [low, high] = [Infinity, -Infinity];
    for (let i = this.#firstAfter(from - 1e-9); i < this.t.length && this.t[i] <= to; i++) {
      low = Math.min(low, this.low[i] ?? this.value[i]);
      high = Math.max(high, this.high[i] ?? this.value[i]);
    }
    return low <= high ? [low, high] : null;
  }

  /** The start of the bucket that contains an instant: buckets of days follow the site's calendar, others UTC. */
  #startOf(at) {
    if (this.widthS < DAY_S) return Math.floor(at / this.widthS) * this.widthS;
    return barStartS(at, DAY_S, this.day.zone, this.day.startsH);
  }

  #firstAfter(at) {
    return firstAfter(this.t, at);
  }

  #usualStep() {
    const steps = this.t
      .slice(-12)
      .map((at, i, all) => at - all[i - 1])
      .slice(1)
      .sort((a, b) => a - b);
    return steps.length ? steps[steps.length >> 1] : 0;
  }
}

/** The index of the first of ascending instants that is after one. */
export function firstAfter(t, at) {
  let [low, high] = [0, t.length];
  if (high && t[high - 1] <= at) return high; // nearly always: new readings come last
  while (low < high) {
    const middle = (low + high) >> 1;
    if (t[middle] <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Parses a response of `/series` into one track for each quantity, as {name: Track}; `quantities` is the page's table
 * of them, `moved` the instant at which a point is drawn.
 */
export function readTracks(
  { resolution, t, series, days = 1 },
  { intervalS = null, moved = (at) => at, quantities = {}, day } = {},
) {
  return Object.fromEntries(
    Object.entries(series).map(([name, { min, max, increase, ...rest }]) => {
      const track = new Track({ resolution, days, intervalS, combine: quantities[name]?.combine, day });
      const [values] = Object.values(rest); // called mean, sum or last
      t.forEach((at, i) => {
        if (values[i] == null) return;
        const [low, high] = [min?.[i] ?? values[i], max?.[i] ?? values[i]];
        track.add(moved(at + track.offsetS), values[i], low, high, increase?.[i] ?? undefined);
      });
      return [name, track];
    }),
  );
}

/** Whether the server flagged a reading as ahead of time: it is not a current value. */
export function isAhead({ flags }) {
  return flags?.observed_at !== undefined;
}

/** The number a reading has for a quantity, if it can be drawn. */
export function numberIn(reading, quantity) {
  const value = reading.values[quantity];
  return typeof value === "number" && reading.flags?.[quantity] !== tables.bad_flag && !isAhead(reading) ? value : null;
}

/**
 * Aligns tracks to one time axis: [t, column, …], each column `undefined` where its track has no point at that instant.
 * The columns are given as {t, v}.
 */
export function align(columns) {
  const all = columns.flatMap(({ t }) => t);
  const t = columns.length > 1 ? [...new Set(all)].sort((a, b) => a - b) : all;
  const place = new Map(t.map((at, i) => [at, i]));
  const aligned = columns.map(({ t: own, v }) => {
    const column = new Array(t.length).fill(undefined);
    for (let i = 0; i < own.length; i++) column[place.get(own[i])] = v[i];
    return column;
  });
  return [t, ...aligned];
}

/** A counter's increase between two values; if it decreased, it restarted from zero. */
export function step(before, now) {
  if (before === undefined) return 0;
  return now >= before ? now - before : now;
}
