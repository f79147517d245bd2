import { axisText, instantText, sentence, tickText } from "sf/chart-words";
import { html, setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { clock, page, past, placeOf, siteDay, siteTime, store, stream, view } from "sf/live";
import { drawBefore, drawBehind } from "sf/layers";
import { palette } from "sf/palette";
import { Plot } from "sf/plot";
import { Readout } from "sf/readout";
import { subtitle } from "sf/resolution";
import { readingText, scene, valueScale } from "sf/scene";
import { scrubByKeys, scrubByTouch } from "sf/scrub";
import { tables } from "sf/tables";
import { ticks } from "sf/ticks";
import { gettext } from "sf/translation";

/**
 * `<sf-chart sensor data-quantities data-kind data-ghost>`: mounts a live plot over the server's picture of the same
 * data. Scene, plot and layers define the drawing, chart-words the texts; this element defines when they are updated.
 */
// Ten drawings a second look continuous, phones get two.
const EVERY_MS = matchMedia("(pointer: coarse)").matches ? 500 : 100;
const NOW_MOVES_MS = 10_000; // without readings the time axis still moves
const BRACKET_MS = 5_000;
const ROOM_FOR_NAMES = 380; // px of plot: every chart but a phone's, as in the server's drawing
const NAMES_WIDTH = 84; // as in css/sensor.css; longer names have steps of 8 px, as in css/axes.css

const fonts = document.fonts.load("12px Geist").catch(() => {}); // a system font is better than no chart

/** The colour token of a hue; `s1` to `s8` are slots without a meaning. */
const token = (hue) => (/^s\d$/.test(hue) ? hue : `q-${hue}`);

// `bands`, where there are any, are set by later/bands.js.
class Chart extends LiveElement {
  #plot = null;
  #readout = null;
  #scene = null;
  #span = null;
  #at = null; // the instant under the crosshair
  #barItems; // of a chart of bars
  #namesWidth; // of the server's drawing
  #isSeen = false;
  #width = 0; // of the plot, as last observed: reading it from the page would force a layout at every drawing
  #hasGhost = true;
  #missed = null; // the newest reading that a load was asked for
  #backfill = null; // {from, to, count} for some seconds after a reconnect
  #timers = new Set();

  connected(signal) {
    this.#namesWidth ??= Math.max(NAMES_WIDTH, 8 * this.querySelector(".placeholder").dataset.right);
    const ghosts = this.dataset.ghost ? [this.dataset.ghost] : [];
    past.want(this.sensor, this.#quantities, { ghosts, isBars: this.dataset.kind === "bars" });
    past.changed.subscribe((sensor) => sensor === this.sensor && this.redraw(EVERY_MS), { signal });
    past.failed.subscribe((sensor) => sensor === this.sensor && this.#fail(), { signal });
    view.changed.subscribe(() => this.redraw(), { signal });
    palette.changed.subscribe(() => this.#plot?.redraw(), { signal });
    stream.caughtUp.subscribe((news) => news.sensor === this.sensor && this.#markBackfill(news), { signal });
    this.querySelector("details")?.addEventListener("toggle", () => this.#fillTable(), { signal });
    this.#timers.add(setInterval(() => document.hidden || this.#watch(), NOW_MOVES_MS));
    this.#watchPlace(signal);
    this.#takeKeys(signal);
    signal.addEventListener("abort", () => this.#close());
  }

  async draw() {
    if (!this.#isSeen || !this.#width || !this.#quantities.some((name) => past.track(this.sensor, name))) return;
    await fonts;
    if (this.dataset.kind === "bars") this.#barItems ??= (await import("sf/bars")).barItems;
    if (!this.isConnected) return;
    this.#span = this.#view.span(clock.now() / 1000);
    this.#scene = scene(this.#parts, this.#source, this.#span, siteDay(this.sensor));
    this.#plot ??= this.#mount();
    if (this.#plot.show(this.#scene, this.#span, this.#hasRoom ? this.#namesWidth : 12)) this.#arm();
    this.#read();
    this.#tell();
    this.#fillTable();
    if (!past.hasFailed) this.querySelector(".plot-failed")?.remove();
  }

  /** Draws at the width that the page has now; paper has another, and waits for no observer. */
  fit() {
    this.#width = this.#place.clientWidth;
    this.#plot?.resize();
    if (this.#plot) this.draw();
  }

  /** Shows or hides yesterday. */
  toggleGhost() {
    this.#hasGhost = !this.#hasGhost;
    this.redraw();
  }

  /** The chart's data, as {quantity: {t: epoch seconds, value: canonical, gaps}}: for tests and debugging. */
  get data() {
    const found = this.#quantities.map((name) => [name, past.track(this.sensor, name)]).filter(([, track]) => track);
    return Object.fromEntries(
      found.map(([name, track]) => [name, { t: [...track.t], value: [...track.value], gaps: track.gaps() }]),
    );
  }

  /** The end of what is drawn of a quantity, in epoch seconds: its last reading, or the end of its last bucket. */
  drawnUntil(quantity) {
    const item = this.#scene?.drawn.find((each) => each.quantity === quantity && each.look !== "faint");
    return item?.t.length ? item.t.at(-1) + item.track.widthS / 2 : null;
  }

  /** The view of the data at hand: the page's, once they are loaded. */
  get #view() {
    return past.viewOf(this.sensor);
  }

  get #quantities() {
    return this.dataset.quantities.split(/\s+/).filter(Boolean);
  }

  get #parts() {
    const ghost = this.#hasGhost ? this.dataset.ghost : null;
    return { kind: this.dataset.kind ?? "line", quantities: this.#quantities, ghost, barItems: this.#barItems };
  }

  get #source() {
    return {
      track: (name) => past.track(this.sensor, name),
      ghost: (name) => past.ghost(this.sensor, name),
      unit: (name) => page.units[name],
      label: (name) => page.quantities[name]?.label ?? name,
      hue: (name) => token(page.quantities[name]?.hue ?? "air"),
    };
  }

  get #subject() {
    return this.#scene?.items.find(({ isSubject }) => isSubject);
  }

  get #unit() {
    return page.units[this.#quantities[0]];
  }

  get #time() {
    return siteTime(this.sensor);
  }

  get #place() {
    return this.querySelector(".plot");
  }

  get #hasRoom() {
    return this.#width >= ROOM_FOR_NAMES;
  }

  #mount() {
    this.#place.replaceChildren(); // the server's picture is no longer needed
    const toggled = (item, isShown) => this.#plot.toggle(item, isShown);
    this.#readout = new Readout(this.querySelector(".readout"), { toggled });
    return new Plot(this.#place, {
      group: "page",
      colour: (token, percent) => palette.colour(token, percent),
      ticks: (from, to, count) => ticks({ from, to, count, ...siteDay(this.sensor) }),
      tickText: (mark) => tickText(mark, this.#time),
      axisText: (value, step) => axisText(value, step, this.#unit),
      valueScale: (low, high) => valueScale(...(this.bands?.reach(low, high) ?? [low, high]), this.#axis),
      behind: (frame) => (this.bands?.draw(frame, palette), drawBehind(frame, this.#scene, this.#surroundings)),
      front: (frame) => drawBefore(frame, this.#scene, this.#surroundings),
      moved: (at) => this.#point(at),
      selected: (from, to) => view.zoom(from, to),
      reset: () => view.reset(),
    });
  }

  get #axis() {
    const { directions, startsAtZero } = this.#scene;
    return { startsAtZero, unit: this.#unit, strip: directions?.t.length ? tables.axis.wind_strip : 0 };
  }

  get #surroundings() {
    const place = placeOf(this.sensor);
    return { span: this.#span, nowS: clock.now() / 1000, place, hasRoom: this.#hasRoom, backfill: this.#backfill };
  }

  /** Attaches listeners to a new drawing's lines and surface; the old ones were removed with the old drawing. */
  #arm() {
    this.#readout.build(this.#scene.items);
    scrubByTouch(this.#plot.surface, {
      instantAt: (x) => this.#plot.instantAt(x),
      point: (at) => this.#plot.point(at),
      zoom: (from, to) => view.zoom(from, to),
    });
  }

  #takeKeys(signal) {
    const place = this.#place;
    place.tabIndex = 0;
    place.setAttribute("role", "application");
    place.setAttribute("aria-label", this.dataset.title || gettext`Chart`);
    const chart = {
      point: (at) => this.#plot?.point(at),
      announce: () => this.#readout?.announce(),
      instants: () => this.#subject?.t.filter((at) => at >= this.#span[0] && at <= this.#span[1]) ?? [],
    };
    scrubByKeys(place, chart, signal);
  }

  #watchPlace(signal) {
    // Observers report in batches: the newest entry holds.
    const look = (entries) => {
      this.#isSeen = entries.at(-1).isIntersecting;
      if (this.#isSeen) this.redraw();
    };
    const seen = new IntersectionObserver(look, { rootMargin: "200px" });
    seen.observe(this);
    const sized = new ResizeObserver((entries) => {
      this.#width = entries.at(-1).contentRect.width;
      this.#plot?.resize();
      this.redraw();
    });
    sized.observe(this.#place);
    signal.addEventListener("abort", () => (seen.disconnect(), sized.disconnect()));
  }

  /**
   * Moves the time axis of a live chart, and keeps it from standing still: a chart on screen that lacks the newest stored
   * reading is drawn again whatever its observer said, and its data are loaded again if they lack it too.
   */
  #watch() {
    if (!this.#view?.isLive) return;
    const behind = this.#quantities.filter((name) => this.#isBehind(name));
    if (behind.length && !this.#isSeen) this.#isSeen = this.#isOnScreen;
    if (behind.length && this.#isSeen) this.#loadMissed(behind);
    this.redraw();
  }

  #isBehind(quantity) {
    const newest = store.newest(this.sensor, quantity);
    return typeof newest?.value === "number" && !newest.flag && newest.at / 1000 > (this.drawnUntil(quantity) ?? -Infinity);
  }

  get #isOnScreen() {
    const { top, bottom } = this.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  }

  #loadMissed(behind) {
    const lacks = (name) => {
      const { last, widthS } = past.track(this.sensor, name) ?? {};
      return !last || store.newest(this.sensor, name).at / 1000 > last.at + widthS;
    };
    const missed = Math.max(...behind.filter(lacks).map((name) => store.newest(this.sensor, name).at));
    if (!Number.isFinite(missed) || missed === this.#missed || past.isLoading) return;
    this.#missed = missed; // once for each reading
    past.load();
  }

  #point(at) {
    this.#at = at;
    this.#read();
  }

  /** Fills the readout: the values under the crosshair, else the newest. */
  #read() {
    const { items } = this.#scene;
    const ends = items.filter(({ look, t }) => look !== "faint" && t.length).map(({ t }) => t.at(-1));
    if (!ends.length) return this.#readout.show(items, () => "–", "");
    const at = this.#at ?? Math.max(...ends);
    const found = new Map(items.map((item) => [item, item.find(at)]));
    if (this.#at === null && this.#view.isLive) this.#putNewest(found, at);
    const words = instantText(found.get(this.#subject ?? items.at(-1)), this.#time, this.#view.lengthS, clock.now());
    this.#readout.show(items, (item) => found.get(item).text ?? "–", words);
  }

  /** Without a crosshair a line that continues up to now shows the newest reading, not the mean of its last bucket. */
  #putNewest(found, at) {
    for (const item of found.keys()) {
      const newest = store.newest(this.sensor, item.quantity);
      if (at - newest?.at / 1000 > past.track(this.sensor, item.quantity)?.gapS) continue;
      if (!newest || !["line", "dots", "none"].includes(item.look)) continue;
      found.set(item, { at: newest.at / 1000, text: readingText(item.quantity, newest.value, item.unit) });
    }
  }

  /** Updates the sentence and the subtitle when the span changes and readings arrive. */
  #tell() {
    const [quantity] = this.#quantities;
    const isNow = this.#view.isLive && store.state(this.sensor) === "live";
    const newest = isNow ? store.current(this.sensor, quantity) : null;
    const now = newest === null ? "" : readingText(quantity, newest, this.#unit);
    const when = { span: this.#span, now, words: this.#view.words };
    setText(this.querySelector("figcaption"), sentence(this.#subject, when) + (this.bands?.words || ""));
    if (this.#subject) setText(this.fact("resolution"), subtitle(this.#subject));
  }

  async #fillTable() {
    if (!this.querySelector("details[open] tbody")) return;
    const { fillTable } = await import("sf/chart-table");
    if (!this.#scene) return;
    const when = { span: this.#span, now: clock.now(), time: this.#time, bands: this.bands };
    const { items } = this.#scene;
    fillTable(this.querySelector("details"), { items, quantities: this.#quantities, subject: this.#subject, ...when });
  }

  #markBackfill({ count, from, to }) {
    const before = this.#backfill ?? { count: 0, from, to };
    const backfill = { count: before.count + count, from: Math.min(before.from, from), to: Math.max(before.to, to) };
    this.#backfill = backfill;
    this.redraw();
    const end = () => {
      if (this.#backfill !== backfill) return; // more arrived meanwhile
      this.#backfill = null;
      this.redraw();
    };
    this.#timers.add(setTimeout(end, BRACKET_MS));
  }

  /** Says over the earlier drawing, which stays with its sentence, that another span could not be loaded. */
  #fail() {
    this.querySelector(".plot-failed")?.remove();
    const retry = html("button", { type: "button", class: "button small" }, gettext`Retry`);
    retry.addEventListener("click", () => past.load());
    const span = view.words[0].toUpperCase() + view.words.slice(1);
    const words = gettext`${span} could not be loaded. `;
    this.querySelector("figure").append(html("p", { class: "plot-failed", role: "status" }, words, retry));
  }

  #close() {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#readout?.close();
    this.#plot?.destroy();
    this.#plot = this.#readout = this.#scene = null;
  }
}

customElements.define("sf-chart", Chart);
