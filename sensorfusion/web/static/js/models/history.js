import { numberIn, readTracks } from "sf/series";
import { Topic } from "sf/topic";

/**
 * The past data of a page's charts: one request for each sensor fetches the columns of all its charts, live readings
 * are appended. The previous drawing stays until the new columns have arrived.
 */
const DAY_S = 86_400;
// [longest span, points]: an hour of a reading every 3 s, a day in steps of 5 minutes, a month of hours.
const POINTS = [
  [3_600, 1_500],
  [DAY_S, 600],
  [Infinity, 1_000],
];
const AHEAD_S = 300; // readings of clocks that run a little ahead belong to the present, as in ingest/steps/instants.py
// Buckets are patched with live readings, and yesterday's line ends: both are reloaded periodically.
const REFRESH_S = 900;
const GHOST_UP_TO_S = 2 * DAY_S; // longer spans include yesterday
const GHOST_MARGIN_S = 7_200; // so that yesterday's line spans the plot even of hourly readings
// Before a span, where readings are few: the start of the line, and the interval that distinguishes silence from slow
// readings.
const LEAD_S = 8 * 3_600;
const LEAD_POINTS = 60;

export class History {
  changed = new Topic(); // sensor
  failed = new Topic(); // (sensor, error)

  #fetchJson;
  #view;
  #now;
  #intervalOf;
  #quantities;
  #wanted = new Map(); // sensor -> {names, ghosts}
  #tracks = new Map(); // sensor -> {quantity: Track}
  #ghosts = new Map();
  #early = []; // readings that arrived while columns were loading
  #loading = null;
  #loadedAtS = 0;

  /**
   * `nowS()` in epoch seconds, `intervalOf(sensor)` the usual seconds between readings, `quantities` the page's table.
   */
  constructor({ fetchJson, view, nowS, intervalOf, quantities }) {
    this.#fetchJson = fetchJson;
    this.#view = view;
    this.#now = nowS;
    this.#intervalOf = intervalOf;
    this.#quantities = quantities;
  }

  get isLoading() {
    return this.#loading !== null;
  }

  want(sensor, names, ghosts = []) {
    const wanted = this.#wanted.get(sensor) ?? { names: new Set(), ghosts: new Set() };
    names.forEach((name) => wanted.names.add(name));
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

  /** Loads the data of the view; a later call aborts an earlier one. */
  async load() {
    this.#loading?.abort();
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
    this.#merge(tracks, readings);
    this.changed.publish(sensor);
  }

  async #loadOne(sensor, signal) {
    const { names, ghosts } = this.#wanted.get(sensor);
    const [from, to] = this.#view.span(this.#loadedAtS);
    const isShort = to - from <= GHOST_UP_TO_S;
    const start = from - 2.5 * (this.#intervalOf(sensor) ?? 0); // so that lines enter from the left
    const [early, late] = [from - DAY_S - GHOST_MARGIN_S, to - DAY_S + GHOST_MARGIN_S];
    try {
      const [now, lead, before] = await Promise.all([
        this.#columns(sensor, names, [start, this.#view.isLive ? to + AHEAD_S : to], signal),
        isShort ? this.#columns(sensor, names, [start - LEAD_S, start], signal, { points: LEAD_POINTS }) : {},
        isShort && ghosts.size ? this.#columns(sensor, ghosts, [early, late], signal, { shiftS: DAY_S }) : {},
      ]);
      if (signal.aborted) return;
      for (const [name, { widthS, t, value }] of Object.entries(lead))
        if (!widthS) t.forEach((at, i) => now[name]?.add(at, value[i]));
      this.#tracks.set(sensor, now);
      this.#ghosts.set(sensor, before);
      this.#catchUp(sensor, now);
      this.changed.publish(sensor);
    } catch (error) {
      if (!signal.aborted) this.failed.publish(sensor, error);
    }
  }

  async #columns(sensor, names, [from, to], signal, { points = this.#points, shiftS = 0 } = {}) {
    const span = `from=${Math.floor(from)}&to=${Math.ceil(to)}`;
    const path = `sensors/${sensor}/series?quantities=${[...names].join(",")}&${span}&points=${points}`;
    const answer = await this.#fetchJson(path, { signal });
    // Yesterday's usual interval may differ.
    return readTracks(answer, { intervalS: shiftS ? null : this.#intervalOf(sensor), shiftS, quantities: this.#quantities });
  }

  get #points() {
    return POINTS.find(([longest]) => this.#view.lengthS <= longest)[1];
  }

  /** Adds the readings that arrived meanwhile: points can be added twice without harm, amounts in buckets cannot. */
  #catchUp(sensor, tracks) {
    const isBucketed = Object.values(tracks).some(({ widthS }) => widthS);
    for (const readings of this.#early.filter(([first]) => first.sensor === sensor)) {
      this.#merge(tracks, isBucketed ? readings.filter((each) => each.observedAt / 1000 > this.#loadedAtS) : readings);
    }
  }

  #merge(tracks, readings) {
    const [from, to] = this.#view.span(this.#now());
    for (const reading of readings) {
      const at = reading.observedAt / 1000;
      if (at < from || at > to + AHEAD_S) continue;
      for (const [name, track] of Object.entries(tracks)) {
        const value = numberIn(reading, name);
        if (value !== null) track.take(at, value);
      }
    }
    if (this.#view.isLive) for (const track of Object.values(tracks)) track.trim(from);
  }
}
