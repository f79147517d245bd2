import { gettext } from "sf/translation";
import { dayBeginS, dayNumber } from "sf/zone";

/**
 * The strip of a sensor's whole record as a brush: two handles and the window between them choose the days that the
 * charts show, by pointer, touch or keys. It writes what the ranges write: the page's view, and by that its address.
 */
const SETTLES_MS = 300; // of keys, which repeat
const CLICK_PX = 4; // less is no drag
const FAR_DAYS = 30; // of a key with Shift
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -FAR_DAYS, PageUp: FAR_DAYS };
const HANDLES = { first: gettext`First day shown`, last: gettext`Last day shown` };

export function follow(record, { clock, siteDay, siteTime, tick, view }) {
  const place = record.querySelector(".brush");
  const { sensor } = record.closest("sf-chart");
  const brush = new Brush({ start: +place.dataset.start, end: +place.dataset.end, ...siteDay(sensor) });
  const date = (day) => siteTime(sensor).date(brush.middleS(day) * 1000);
  const strip = new Strip({ record, place, brush, date, chosen: () => view.zoom(...brush.span) });
  const show = () => strip.isHeld || brush.show(view.span(clock.now() / 1000)) || strip.draw();
  view.changed.subscribe(show);
  tick.subscribe(() => view.isLive && show());
  show();
}

/** The chosen days of a record; days are numbers counted from 1970 (see zone.js). */
export class Brush {
  #shown = null; // the span of the charts, which may begin and end within days

  constructor({ start, end, zone, startsH }) {
    Object.assign(this, { start, end, zone, startsH });
    [this.earliest, this.latest] = [this.dayOf(start), this.dayOf(end - 1)];
    [this.first, this.last] = [this.earliest, this.latest];
  }

  dayOf(at) {
    return dayNumber(at, this.zone, this.startsH);
  }

  beginS(day) {
    return dayBeginS(day, this.zone, this.startsH);
  }

  /** An instant within a day, which has its date. */
  middleS(day) {
    return (this.beginS(day) + this.beginS(day + 1)) / 2;
  }

  /** The day under a share of the strip. */
  dayAt(share) {
    const inside = Math.min(Math.max(share, 0), 1);
    return this.#within(this.dayOf(this.start + inside * (this.end - this.start - 1)));
  }

  /** Shows the span of the charts. */
  show([from, to]) {
    this.#shown = [from, to];
    [this.first, this.last] = [this.#within(this.dayOf(from)), this.#within(this.dayOf(to - 1))];
  }

  /** Puts a handle on a day; it does not pass the other one. */
  put(handle, day) {
    this.#shown = null;
    if (handle === "first") this.first = Math.min(this.#within(day), this.last);
    else this.last = Math.max(this.#within(day), this.first);
  }

  /** Chooses the days from one to another, in any order. */
  choose(one, other) {
    this.#shown = null;
    [this.first, this.last] = [one, other].sort((a, b) => a - b).map((day) => this.#within(day));
  }

  /** Moves the window to begin on a day, as far as the record goes. */
  moveTo(day) {
    const length = this.last - this.first;
    const first = Math.min(Math.max(day, this.earliest), this.latest - length);
    this.choose(first, first + length);
  }

  /** The instants of the chosen days. */
  get span() {
    return [this.beginS(this.first), this.beginS(this.last + 1)];
  }

  /** The window's edges as shares of the strip: of what the charts show, else of the chosen days. */
  get edges() {
    const share = (at) => Math.min(Math.max((at - this.start) / (this.end - this.start), 0), 1);
    return (this.#shown ?? this.span).map(share);
  }

  #within(day) {
    return Math.min(Math.max(day, this.earliest), this.latest);
  }
}

/** The brush on the page. */
class Strip {
  #handles = {};
  #window;
  #told;
  #words;
  #drag = null; // {kind, x, day, first, hasMoved}
  #timer = null;

  constructor(given) {
    Object.assign(this, given);
    this.#window = this.place.querySelector(".window");
    this.#told = this.record.querySelector("p");
    this.#words = this.#told.textContent;
    this.place.classList.add("moves");
    for (const [name, label] of Object.entries(HANDLES)) this.#add(name, label);
    this.place.addEventListener("pointerdown", (event) => this.#grab(event));
    this.place.addEventListener("pointermove", (event) => this.#drag && this.#move(event));
    this.place.addEventListener("pointerup", (event) => this.#drag && this.#drop(event));
    this.place.addEventListener("pointercancel", () => this.#end());
  }

  /** Whether the reader is about to choose. */
  get isHeld() {
    return this.#drag !== null || this.#timer !== null;
  }

  draw() {
    const [left, right] = this.brush.edges.map((share) => 100 * share);
    this.#window.setAttribute("x", `${left}%`);
    this.#window.setAttribute("width", `${right - left}%`);
    const { earliest, latest, first, last } = this.brush;
    const limits = { first: [earliest, last, first, left], last: [first, latest, last, right] };
    for (const [name, [least, most, day, place]] of Object.entries(limits)) {
      const handle = this.#handles[name];
      handle.style.insetInlineStart = `${place}%`;
      const told = { valuemin: least, valuemax: most, valuenow: day, valuetext: this.date(day) };
      for (const [key, value] of Object.entries(told)) handle.setAttribute(`aria-${key}`, value);
    }
    const days = [...new Set([first, last].map(this.date))];
    this.#told.textContent = this.isHeld ? days.join(" – ") : this.#words;
  }

  #add(name, label) {
    const handle = document.createElement("div");
    handle.className = "handle";
    handle.tabIndex = 0;
    handle.dataset.handle = name;
    handle.setAttribute("role", "slider");
    handle.setAttribute("aria-label", label);
    handle.addEventListener("keydown", (event) => this.#press(event, name));
    this.#handles[name] = handle;
    this.place.append(handle);
  }

  #press(event, name) {
    const ends = { Home: name === "first" ? -Infinity : this.brush.first, End: name === "last" ? Infinity : this.brush.last };
    const step = STEPS[event.key] * (event.shiftKey ? FAR_DAYS : 1);
    const day = event.key in ends ? ends[event.key] : this.brush[name] + step;
    if (Number.isNaN(day) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // the page has shortcuts of its own
    this.brush.put(name, day);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(), SETTLES_MS);
    this.draw();
  }

  #dayUnder({ clientX }) {
    const { left, width } = this.place.getBoundingClientRect();
    return this.brush.dayAt((clientX - left) / width);
  }

  #grab(event) {
    if (event.button || !event.isPrimary) return;
    const day = this.#dayUnder(event);
    const { first, last } = this.brush;
    const isInside = day >= first && day <= last && !(first === this.brush.earliest && last === this.brush.latest);
    const kind = event.target.dataset?.handle ?? (isInside ? "window" : "new");
    this.#drag = { kind, x: event.clientX, day, first, last, hasMoved: false };
    this.place.setPointerCapture(event.pointerId);
  }

  #move(event) {
    const { kind, x, day, first } = this.#drag;
    this.#drag.hasMoved ||= Math.abs(event.clientX - x) >= CLICK_PX;
    if (!this.#drag.hasMoved) return;
    const under = this.#dayUnder(event);
    if (kind === "new") this.brush.choose(day, under);
    else if (kind === "window") this.brush.moveTo(first + under - day);
    else this.brush.put(kind, under);
    this.draw();
  }

  #drop() {
    const { kind, day, first, last, hasMoved } = this.#drag;
    if (!hasMoved && kind === "new") this.brush.moveTo(day - Math.floor((last - first) / 2));
    if (hasMoved || kind === "new") this.#settle();
    else this.#end();
  }

  #settle() {
    this.#end();
    this.chosen();
  }

  #end() {
    clearTimeout(this.#timer);
    this.#drag = this.#timer = null;
    this.draw();
  }
}
