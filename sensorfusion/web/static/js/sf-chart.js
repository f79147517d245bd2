import { html, setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { fixed } from "sf/format";
import { clock, page, past, siteTime, store, stream, tick, view } from "sf/live";
import { arrows, bracket, ends, hatch, shade } from "sf/marks";
import { palette } from "sf/palette";
import { Plot } from "sf/plot";
import { Readout } from "sf/readout";
import { axisMarks, scene } from "sf/scene";
import { scrubByKeys, scrubByTouch } from "sf/scrub";
import { nights } from "sf/sun";
import { ticks } from "sf/ticks";

/**
 * `<sf-chart sensor data-quantities data-kind data-ghost>`: mounts a live plot over the server's picture of the same
 * data. What is drawn where is decided in scene, plot and marks; this element says when.
 */
// Ten drawings a second look continuous, phones get two.
const EVERY_MS = matchMedia("(pointer: coarse)").matches ? 500 : 100;
const NOW_MOVES_MS = 10_000; // without readings the present still moves on
const BRACKET_MS = 5_000;
const WORTH_A_BRACKET = 3; // readings; polling brings one or two at a time
const NIGHTS_UP_TO_S = 10 * 86_400; // beyond it nights are stripes
const ROOM_FOR_NAMES = 560; // px of plot
const NAMES_WIDTH = 84;
const ARROW_STRIP = 0.22; // of the wind's axis, kept free below zero

const fonts = document.fonts.load("12px Geist").catch(() => {});

class Chart extends LiveElement {
  #plot = null;
  #readout = null;
  #scene = null;
  #span = null;
  #at = null; // the instant under the crosshair
  #isSeen = false;
  #hasGhost = true;
  #backfill = null; // {from, to, count} for some seconds after a reconnect
  #timers = new Set();

  connected(signal) {
    past.want(this.sensor, this.#quantities, this.dataset.ghost ? [this.dataset.ghost] : []);
    past.changed.subscribe((sensor) => sensor === this.sensor && this.redraw(EVERY_MS), { signal });
    past.failed.subscribe((sensor) => sensor === this.sensor && this.#fail(), { signal });
    view.changed.subscribe(() => this.redraw(), { signal });
    palette.changed.subscribe(() => this.#plot?.redraw(), { signal });
    stream.caughtUp.subscribe((news) => news.sensor === this.sensor && this.#markBackfill(news), { signal });
    this.#every(NOW_MOVES_MS, () => view.isLive && !document.hidden && this.redraw());
    this.#watchPlace(signal);
    this.#takeKeys(signal);
    signal.addEventListener("abort", () => this.#close());
  }

  async draw() {
    if (
      !this.#isSeen ||
      !past.track(
        this.sensor,
        this.#quantities.find((name) => past.track(this.sensor, name)),
      )
    )
      return;
    await fonts;
    if (!this.isConnected) return;
    this.#span = view.span(clock.now() / 1000);
    this.#scene = scene(this.#parts, this.#source, this.#span, this.#zone);
    this.#mount();
    if (this.#plot.show(this.#scene, this.#span, this.#roomForNames)) this.#arm();
    this.#read();
  }

  /** Shows or hides yesterday. */
  toggleGhost() {
    this.#hasGhost = !this.#hasGhost;
    this.redraw();
  }

  get #quantities() {
    return this.dataset.quantities.split(/\s+/).filter(Boolean);
  }

  get #parts() {
    return {
      kind: this.dataset.kind ?? "line",
      quantities: this.#quantities,
      ghost: this.#hasGhost ? this.dataset.ghost : null,
    };
  }

  get #source() {
    return {
      track: (name) => past.track(this.sensor, name),
      ghost: (name) => past.ghost(this.sensor, name),
      unit: (name) => page.units[name],
      label: (name) => page.quantities[name]?.label ?? name,
      hue: (name) => `q-${page.quantities[name]?.hue ?? "air"}`,
    };
  }

  get #zone() {
    return siteTime(this.sensor).zone;
  }

  get #place() {
    return this.querySelector(".plot");
  }

  get #roomForNames() {
    return this.#place.clientWidth >= ROOM_FOR_NAMES ? NAMES_WIDTH : 12;
  }

  #mount() {
    if (this.#plot) return;
    this.#place.replaceChildren(); // the server's picture has done its work
    this.#readout = new Readout(this.querySelector(".readout"), {
      toggled: (item, isShown) => this.#plot.toggle(item, isShown),
    });
    this.#plot = new Plot(this.#place, {
      group: "page",
      colour: (token, percent) => palette.colour(token, percent),
      ticks: (from, to, count) => ticks({ from, to, count, zone: this.#zone }),
      tickText: ({ at, isDay, isMonth }) => this.#tickText(at * 1000, isDay, isMonth),
      axisText: (value, step) => this.#axisText(value, step),
      axisMarks: (low, high) => this.#axisMarks(low, high),
      strip: () => (this.#scene.directions?.t.length ? ARROW_STRIP : 0),
      behind: (frame) => this.#drawBehind(frame),
      front: (frame) => this.#drawFront(frame),
      moved: (at) => this.#point(at),
      selected: (from, to) => view.zoom(from, to),
      reset: () => view.reset(),
    });
    this.toggleAttribute("data-mounted", true);
  }

  /** A new drawing has new lines and a new surface; listeners go with the old one. */
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
    place.setAttribute(
      "aria-label",
      this.dataset.title || this.querySelector("figcaption")?.textContent.trim() || "Chart",
    );
    scrubByKeys(
      place,
      {
        point: (at) => this.#plot?.point(at),
        announce: () => this.#readout?.announce(),
        instants: () => this.#instants(),
      },
      signal,
    );
  }

  #instants() {
    const subject = this.#scene?.items.find(({ isSubject }) => isSubject);
    const [from, to] = this.#span ?? [];
    return subject ? subject.t.filter((at) => at >= from && at <= to) : [];
  }

  #watchPlace(signal) {
    const seen = new IntersectionObserver(
      ([{ isIntersecting }]) => {
        this.#isSeen = isIntersecting;
        if (isIntersecting) this.redraw();
      },
      { rootMargin: "200px" },
    );
    seen.observe(this);
    const sized = new ResizeObserver(() => {
      this.#plot?.resize();
      this.redraw();
    });
    sized.observe(this.#place);
    signal.addEventListener("abort", () => (seen.disconnect(), sized.disconnect()));
  }

  #point(at) {
    this.#at = at;
    this.#read();
  }

  /** Fills the readout: at the crosshair, or the newest there is. */
  #read() {
    if (!this.#scene) return;
    const newest = Math.max(
      ...this.#scene.items.map(({ look, t }) => (look === "faint" ? -Infinity : (t.at(-1) ?? -Infinity))),
    );
    const at = this.#at ?? newest;
    const found = this.#scene.items.map((item) => [item, item.find(at)]);
    const texts = new Map(found.map(([item, { text }]) => [item, text ?? "–"]));
    this.#readout.show(this.#scene.items, (item) => texts.get(item), this.#timeText(at, found));
  }

  #timeText(at, found) {
    if (!Number.isFinite(at)) return "No readings in this span";
    const [, subject] = found.find(([{ isSubject }]) => isSubject) ?? found.at(-1);
    const time = siteTime(this.sensor);
    if (this.#at !== null && subject.silence) return this.#silenceText(subject.silence, time);
    const shown = (subject.at ?? at) * 1000;
    const until = subject.until ? `–${time.time(subject.until * 1000)}` : "";
    const day = view.lengthS > 86_400 * 1.5 ? `${time.weekday(shown)}, ` : "";
    return day + time.time(shown) + until;
  }

  #silenceText([from, to], time) {
    const words = (at) => (Number.isFinite(at) ? time.time(at * 1000) : "");
    return `no data ${words(from)}–${words(to)}`;
  }

  #tickText(at, isDay, isMonth) {
    const time = siteTime(this.sensor);
    if (isMonth) return time.month(at);
    return isDay ? time.day(at) : time.time(at);
  }

  #axisText(value, step) {
    const decimals = step >= 1 ? 0 : Math.min(3, Math.ceil(-Math.log10(step) - 1e-9));
    const symbol = page.units[this.#quantities[0]]?.symbol ?? "";
    return fixed(value, decimals) + (symbol.startsWith("°") ? "°" : symbol === "%" ? "%" : "");
  }

  #axisMarks(low, high) {
    return axisMarks(low, high, {
      startsAtZero: this.#scene.startsAtZero,
      decimals: page.units[this.#quantities[0]]?.decimals,
    });
  }

  #drawBehind(frame) {
    const { latitude, longitude } = store.sensor(this.sensor)?.place ?? {};
    const [from, to] = this.#span;
    if (latitude != null && longitude != null && to - from <= NIGHTS_UP_TO_S) {
      const spans = nights(from * 1000, to * 1000, { latitude, longitude }).map((span) => span.map((at) => at / 1000));
      shade(frame, spans, palette.colour("text", 4));
    }
    const silence = this.#silence();
    if (silence)
      hatch(frame, silence, { ink: palette.colour("text", 12), text: palette.colour("muted"), words: "no data" });
  }

  /** The span from the last reading to now, once it is long enough to be a silence. */
  #silence() {
    const [from, to] = this.#span;
    const { since = from, gapS = 0 } = this.#scene.silence ?? {};
    const end = Math.min(to, clock.now() / 1000);
    return end - since > gapS ? [Math.max(from, since), end] : null;
  }

  #drawFront(frame) {
    if (this.#scene.directions) arrows(frame, this.#scene.directions, palette.colour("q-wind"));
    const [, to] = this.#span;
    // The bucket of now stands in its middle, which may lie ahead.
    const named = this.#scene.drawn.filter(
      ({ look, t, track }) => look === "line" && t.length && t.at(-1) - track.widthS <= to,
    );
    const lines = named.map(({ t, v, label, hue }) => ({
      at: Math.min(t.at(-1), to),
      value: v.at(-1),
      label,
      colour: palette.colour(hue),
    }));
    ends(frame, lines, {
      ring: palette.colour("surface"),
      text: palette.colour("muted"),
      hasRoom: this.#roomForNames === NAMES_WIDTH,
    });
    if (this.#backfill?.count >= WORTH_A_BRACKET) {
      const { from, to, count } = this.#backfill;
      bracket(frame, [from / 1000, to / 1000], `+${count} readings`, palette.colour("accent"));
    }
  }

  #markBackfill({ count, from, to }) {
    const before = this.#backfill ?? { count: 0, from, to };
    const backfill = { count: before.count + count, from: Math.min(before.from, from), to: Math.max(before.to, to) };
    this.#backfill = backfill;
    this.redraw();
    this.#once(BRACKET_MS, () => {
      if (this.#backfill !== backfill) return; // more came meanwhile
      this.#backfill = null;
      this.redraw();
    });
  }

  /** One sentence and a way on; what was drawn before stays. */
  #fail() {
    if (this.#plot) return;
    const retry = html("button", { type: "button", class: "button small" }, "Retry");
    retry.addEventListener("click", () => past.load());
    this.#place.replaceChildren(html("p", { class: "plot-failed" }, "The readings could not be loaded. ", retry));
  }

  #every(ms, run) {
    const timer = setInterval(run, ms);
    this.#timers.add(timer);
  }

  #once(ms, run) {
    const timer = setTimeout(run, ms);
    this.#timers.add(timer);
  }

  #close() {
    for (const timer of this.#timers) clearInterval(timer);
    this.#readout?.close();
    this.#plot?.destroy();
    this.#plot = this.#readout = null;
  }
}

customElements.define("sf-chart", Chart);
