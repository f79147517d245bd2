import { html, svg } from "sf/dom";
import { withUnit } from "sf/format";
import { scrubByKeys } from "sf/scrub";
import { gettext } from "sf/translation";

/**
 * The crosshair of pictures that the server drew: one instant in all of them, and the values there in words. Each
 * picture is followed by its data: the span, and for each line its points in canonical values.
 */
const SHORTEST_DRAG = 8; // px: less is a click
const NEAR_NOTE = 300; // parts of the span: two pixels or so
const PATIENCE_MS = 400; // debounces announcements of screen readers while an arrow key is held

export class Crosshair {
  #pictures;
  #words;
  #time;
  #zoomed;
  #at = null;
  #timer;

  /** `words` is the element for the values, `time` the site's clock; `zoomed(from, to)` is called after a drag. */
  constructor(pictures, { words, time, zoomed }, signal) {
    this.#words = words;
    this.#time = time;
    this.#zoomed = zoomed;
    this.#pictures = [...pictures].map((place) => this.#arm(place, signal));
    signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  get at() {
    return this.#at;
  }

  /** Moves the crosshair to an instant; null removes it. */
  point(at) {
    this.#at = at;
    for (const each of this.#pictures) draw(each, at);
    if (at !== null && this.#words) this.#tell(at);
  }

  #arm(place, signal) {
    const box = place.querySelector("svg");
    const data = JSON.parse(place.closest("figure").querySelector("script[type='application/json']").textContent);
    const line = svg("line", { class: "crosshair", y2: "100%", visibility: "hidden" });
    const area = svg("rect", { class: "chosen", height: "100%", visibility: "hidden" });
    box.append(area, line);
    const picture = { box, data, line, area };
    const noted = (data.notes ?? []).map(([start]) => start).filter((at) => at >= data.span[0]);
    const instants = [...new Set([...data.lines.flatMap(({ t }) => t), ...noted])].sort((a, b) => a - b);
    scrubByKeys(place, { instants: () => instants, point: (at) => this.point(at), announce: () => this.#announce() }, signal);
    this.#follow(place, picture, signal);
    return picture;
  }

  #follow(place, picture, signal) {
    let from = null;
    const at = ({ clientX }) => instantUnder(picture, clientX);
    const on = (type, run) => place.addEventListener(type, run, { signal });
    on("pointerdown", (event) => {
      if (event.pointerType === "mouse" && event.button === 0) from = event.clientX;
      this.point(at(event));
    });
    on("pointermove", (event) => {
      this.point(at(event));
      if (from !== null) mark(picture, from, event.clientX);
    });
    on("pointerup", (event) => {
      mark(picture, 0, 0);
      const ends = [from ?? event.clientX, event.clientX].sort((a, b) => a - b);
      if (from !== null && ends[1] - ends[0] >= SHORTEST_DRAG)
        this.#zoomed(...ends.map((clientX) => instantUnder(picture, clientX)));
      from = null;
    });
    on("pointerleave", () => {
      from = null;
      mark(picture, 0, 0);
      if (document.activeElement !== place) this.point(null);
    });
  }

  #tell(at) {
    const parts = this.#pictures.flatMap(({ data }) => data.lines.map((line) => part(line, at)));
    const notes = new Set(this.#pictures.flatMap(({ data }) => notesAt(data, at)));
    const told = [...notes].map((words) => html("span", {}, gettext`Note ${words}`));
    const time = `${this.#time.day(at * 1000)}, ${this.#time.time(at * 1000)} `;
    this.#words.replaceChildren(html("b", {}, time), ...parts, ...told);
  }

  #announce() {
    if (!this.#words) return;
    clearTimeout(this.#timer);
    this.#words.setAttribute("aria-live", "off");
    this.#timer = setTimeout(() => {
      this.#words.setAttribute("aria-live", "polite");
      this.#words.append("\u200b"); // screen readers only announce a change
    }, PATIENCE_MS);
  }
}

function part(line, at) {
  const value = valueAt(line, at);
  return html("span", {}, `${line.label} `, html("b", {}, value === null ? gettext`no reading` : withUnit(value, line.unit)));
}

/**
 * The value of a line at an instant: of the nearest point, unless that is further away than two points usually are.
 */
export function valueAt({ t, v, gap, width }, at) {
  if (!t.length) return null;
  if (width) {
    const i = t.findLastIndex((start) => start <= at);
    return i >= 0 && at < t[i] + width ? v[i] : null;
  }
  let [low, high] = [0, t.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (t[middle] <= at) low = middle;
    else high = middle;
  }
  const nearest = Math.abs(t[low] - at) <= Math.abs(t[high] - at) ? low : high;
  const usual = gap || 2.5 * usualStep(t, nearest);
  return Math.abs(t[nearest] - at) <= usual / 2 ? v[nearest] : null;
}

/** The words of the notes at an instant: of those whose span it is in, and those that are hardly beside it. */
export function notesAt({ notes = [], span: [from, to] }, at) {
  const near = (to - from) / NEAR_NOTE;
  return notes.filter(([start, end]) => at >= start - near && at <= (end ?? start) + near).map(([, , words]) => words);
}

/** The median step around a point; a lone point stands for itself only. */
function usualStep(t, place) {
  const steps = [];
  for (let i = Math.max(1, place - 5); i <= Math.min(t.length - 1, place + 5); i++) steps.push(t[i] - t[i - 1]);
  return steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0;
}

function draw({ data, line }, at) {
  const [from, to] = data.span;
  const isSeen = at !== null && at >= from && at <= to;
  line.setAttribute("visibility", isSeen ? "visible" : "hidden");
  if (!isSeen) return;
  const x = `${(((at - from) / (to - from)) * 100).toFixed(3)}%`;
  line.setAttribute("x1", x);
  line.setAttribute("x2", x);
}

function mark({ box, area }, from, to) {
  const { left } = box.getBoundingClientRect();
  area.setAttribute("visibility", from === to ? "hidden" : "visible");
  area.setAttribute("x", Math.min(from, to) - left);
  area.setAttribute("width", Math.abs(to - from));
}

function instantUnder({ box, data }, clientX) {
  const { left, width } = box.getBoundingClientRect();
  const [from, to] = data.span;
  return from + Math.max(0, Math.min(1, (clientX - left) / width)) * (to - from);
}
