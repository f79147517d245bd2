import { AHEAD_S, DAY_S, HOUR_S } from "sf/basics";
import { numberIn, readTracks } from "sf/series";
import { tables } from "sf/tables";
import { Topic } from "sf/topic";
import { dayAfterS, dayBeforeS } from "sf/zone";

/**
 * The past data of a page's charts: one request for each sensor fetches the columns of all its charts, live readings
 * are appended. The previous drawing stays until the new columns have arrived.
 */
const RANGES = Object.values(tables.ranges);
const MOST_POINTS = 5_000; // of the API
// Buckets are patched with live readings, and yesterday's line ends: both are reloaded periodically.
const REFRESH_S = 900;
const GHOST_UP_TO_S = 2 * DAY_S; // longer spans include yesterday
const GHOST_MARGIN_S = 7_200; // so that yesterday's line spans the plot even of hourly readings
// Before a span, where readings are few: the start of the line, and the interval that distinguishes silence from slow
// readings.
const LEAD_S = 8 * HOUR_S;
const LEAD_INTERVALS = 40;
const LEAD_POINTS = 60;

export class History {
  changed = new Topic(); // sensor
  failed = new Topic(); // (sensor, error)

  #fetchJson;
  #view;
  #now;
  #intervalOf;
  #quantities;
  #dayOf;
  #wanted = new Map(); // sensor -> {names, amounts, ghosts}
  #tracks = new Map(); // sensor -> {quantity: Track}
  #ghosts = new Map();
  #views = new Map(); // sensor -> the view of its columns
  #early = []; // readings that arrived while columns were loading
  #loading = null;
  #loadedAtS = 0;
  #hasFailed = false;

  /**
   * `nowS()` in epoch seconds, `intervalOf(sensor)` the usual seconds between readings, `dayOf(sensor)` how its days
   * are divided, `quantities` the page's table.
   */
  constructor({ fetchJson, view, nowS, intervalOf, dayOf = () => ({ zone: "UTC", startsH: 0 }), quantities }) {
    this.#dayOf = dayOf;
    this.#fetchJson = fetchJson;
    this.#view = view;
    this.#now = nowS;
    this.#intervalOf = intervalOf;
    this.#quantities = quantities;
  }

  get isLoading() {
    return this.#loading !== null;
  }

  /** `ghosts` are drawn with their day before; bars need buckets of which they can be made. */
  want(sensor, names, { ghosts = [], isBars = false } = {}) {
    const wanted = this.#wanted.get(sensor) ?? { names: new Set(), amounts: new Set(), ghosts: new Set() };
    names.forEach((name) => wanted[isBars ? "amounts" : "names"].add(name));
    ghosts.forEach((name) => wanted.ghosts.add(name));
    this.#wanted.set(sensor, wanted);
  }

  track(sensor, quantity) {
    return this.#tracks.get(sensor)?.[quantity];
  }

  /** The same quantity a day earlier, moved to today. */
  ghost(sensor, quantity) {
    return this.#ghosts.get(sensor)?.[quantity];
  }

  /** The view that a sensor's columns are of, which is the page's once they have been loaded. */
  viewOf(sensor) {
    return this.#views.get(sensor);
  }

  /** Whether the page's view could not be loaded. */
  get hasFailed() {
    return this.#hasFailed;
  }

  /** Loads the data of the view; a later call aborts an earlier one. */
  async load() {
    this.#loading?.abort();
    this.#hasFailed = false;
    const loading = (this.#loading = new AbortController());
    this.#loadedAtS = this.#now();
    this.#early = [];
    await Promise.all([...this.#wanted.keys()].map((sensor) => this.#loadOne(sensor, loading.signal)));
    if (this.#loading === loading) this.#loading = null;
  }

  /** Reloads data that is older than the refresh interval. */
  refresh() {
    if (!this.#loading && this.#view.isLive && this.#now() - this.#loadedAtS > REFRESH_S) this.load();
  }

  /** Adds readings of one sensor as they arrive. */
  take(readings) {
    if (this.#loading) this.#early.push(readings);
    const [{ sensor }] = readings;
    const tracks = this.#tracks.get(sensor);
    if (!tracks) return;
    this.#merge(sensor, tracks, readings);
    this.changed.publish(sensor);
  }

  async #loadOne(sensor, signal) {
    const { names, amounts, ghosts } = this.#wanted.get(sensor);
    const view = this.#view.copy();
    const [from, to] = view.span(this.#loadedAtS);
    const isShort = to - from <= GHOST_UP_TO_S;
    // Lines enter from the left; buckets must not hold readings from before the span, and are those of the server's
    // picture.
    const leadS = Math.min(LEAD_S, LEAD_INTERVALS * (this.#intervalOf(sensor) ?? LEAD_S));
    const end = view.isLive ? to + AHEAD_S : to;
    const { zone } = this.#dayOf(sensor);
    const [early, late] = [dayBeforeS(from, zone) - GHOST_MARGIN_S, dayBeforeS(to, zone) + GHOST_MARGIN_S];
    try {
      const [now, fell, lead, before] = await Promise.all([
        names.size ? this.#columns(sensor, names, [from, end], signal) : {},
        amounts.size ? this.#amounts(sensor, amounts, [from, end], signal) : {},
        isShort && names.size ? this.#columns(sensor, names, [from - leadS, from], signal, { points: LEAD_POINTS }) : {},
        isShort && ghosts.size ? this.#columns(sensor, ghosts, [early, late], signal, { isGhost: true }) : {},
      ]);
      if (signal.aborted) return;
      Object.assign(now, fell);
      for (const [name, { widthS, t, value }] of Object.entries(lead))
        if (!widthS && now[name]?.widthS === 0) t.forEach((at, i) => now[name].add(at, value[i]));
      this.#views.set(sensor, view);
      this.#tracks.set(sensor, now);
      this.#ghosts.set(sensor, before);
      this.#catchUp(sensor, now);
      this.changed.publish(sensor);
    } catch (error) {
      if (signal.aborted) return;
      this.#hasFailed = true;
      this.failed.publish(sensor, error);
    }
  }

  async #columns(sensor, names, [from, to], signal, { points = this.#range.points, more = "", isGhost = false } = {}) {
    const span = `from=${Math.floor(from)}&to=${Math.ceil(to)}`;
    const path = `sensors/${sensor}/series?quantities=${[...names].join(",")}&${span}&points=${points}${more}`;
    const answer = await this.#fetchJson(path, { signal });
    const day = this.#dayOf(sensor);
    return readTracks(answer, {
      intervalS: isGhost ? null : this.#intervalOf(sensor), // yesterday's usual interval may differ
      moved: isGhost ? (at) => dayAfterS(at, day.zone) : undefined,
      quantities: this.#quantities,
      day,
    });
  }

  /** Amounts in buckets of which bars can be made, and a counter's value before them, from which it grew. */
  async #amounts(sensor, names, [from, to], signal) {
    const { zone } = this.#dayOf(sensor);
    const resolution = (each) => ({ points: MOST_POINTS, more: `&resolution=${each}` });
    const counters = [...names].filter((name) => this.#quantities[name]?.combine === "counter");
    const [tracks, before] = await Promise.all([
      this.#columns(sensor, names, [from, to], signal, resolution(this.#range.bar_resolution)),
      counters.length ? this.#columns(sensor, counters, [dayBeforeS(from, zone), from], signal, resolution("1h")) : {},
    ]);
    for (const [name, { last }] of Object.entries(before)) tracks[name].before = last?.value;
    return tracks;
  }

  /** The shortest range that contains the view. */
  get #range() {
    return RANGES.find(({ length_s: lengthS }) => this.#view.lengthS <= lengthS) ?? RANGES.at(-1);
  }

  /** Adds the readings that arrived meanwhile: points can be added twice without harm, amounts in buckets cannot. */
  #catchUp(sensor, tracks) {
    const isBucketed = Object.values(tracks).some(({ widthS }) => widthS);
    for (const readings of this.#early.filter(([first]) => first.sensor === sensor)) {
      this.#merge(sensor, tracks, isBucketed ? readings.filter((each) => each.observedAt / 1000 > this.#loadedAtS) : readings);
    }
  }

  #merge(sensor, tracks, readings) {
    const view = this.#views.get(sensor);
    const [from, to] = view.span(this.#now());
    for (const reading of readings) {
      const at = reading.observedAt / 1000;
      if (at < from || at > to + AHEAD_S) continue;
      for (const [name, track] of Object.entries(tracks)) {
        const value = numberIn(reading, name);
        if (value !== null) track.take(at, value, numberIn(reading, "wind_speed"));
      }
    }
    if (view.isLive) for (const track of Object.values(tracks)) track.trim(from);
  }
}
