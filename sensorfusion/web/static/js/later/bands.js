import { allowedWords, areas, reach, usualKey, usualSentence, weekWords, yearsWords } from "sf/band-words";
import { html, setText } from "sf/dom";
import { inUnit, valueText, withUnit } from "sf/format";
import { gettext } from "sf/translation";

/**
 * The bands behind a chart's line: the range that its owner allows, and what is usual for the week of the year. The
 * server's `reports/charts/bands.py` draws the same for the span that the page was opened with; of other spans the usual
 * range is fetched. Imported by pages with a chart that has bands.
 */
const LONGEST_S = 31 * 86_400 + 10_800; // of spans with a usual range, as in readings/climate/usual.py
const AGAIN_MS = 30_000; // after a failure

/** Gives its bands to every chart of the page. */
export function follow(first, shared) {
  for (const chart of document.querySelectorAll("sf-chart[data-bands]")) followOne(chart, shared);
}

function followOne(chart, { clock, readApi, tick, unitOf, view }) {
  const told = JSON.parse(chart.dataset.bands);
  const bands = new Bands(told, unitOf(chart.sensor, told.quantity));
  let [asked, failedAt] = ["", -Infinity];
  const look = async () => {
    const span = view.span(clock.now() / 1000);
    bands.show(span, view.isLive);
    if (!bands.lacks(span) || asked === String(view.span(0)) || clock.now() - failedAt < AGAIN_MS) return;
    asked = String(view.span(0));
    const query = `quantity=${encodeURIComponent(told.quantity)}&from=${Math.floor(span[0])}&to=${Math.ceil(span[1])}`;
    try {
      bands.take(await readApi(`sensors/${chart.sensor}/usual/?${query}`));
    } catch {
      failedAt = clock.now(); // a chart without the range says nothing of it
    }
    asked = "";
    draw();
  };
  const draw = () => {
    bands.show(view.span(clock.now() / 1000), view.isLive);
    drawKeys(chart.querySelector(".bands"), bands.keys);
    chart.redraw();
  };
  chart.bands = bands;
  view.changed.subscribe(() => (look(), draw()));
  tick.subscribe(look);
  look();
  draw();
}

export class Bands {
  #told;
  #unit;
  #span = [0, 0];
  #isLive = true;

  /** `told` holds quantity, hue (a token), low, high, covered, weeks and asks, canonical; `unit` is the reader's. */
  constructor(told, unit) {
    this.#told = told;
    this.#unit = unit;
  }

  /** Takes the span that the chart shows. */
  show(span, isLive) {
    [this.#span, this.#isLive] = [span, isLive];
  }

  /** Whether the usual range of a span is not known. */
  lacks([from, to]) {
    const [start, end] = this.#told.covered ?? [Infinity, -Infinity];
    return this.#told.asks && to - from <= LONGEST_S && (from < start || to > end);
  }

  /** Takes the API's answer. */
  take({ from, to, weeks }) {
    const atS = (text) => Date.parse(text) / 1000;
    this.#told.covered = [atS(from), atS(to)];
    this.#told.weeks = weeks.map((each) => [atS(each.from), atS(each.to), each.low, each.high, each.years]);
  }

  /** The usual ranges within the span: [from, to, low, high] in the reader's unit. */
  get areas() {
    const found = areas(this.#weeks, ...this.#span);
    return found.map(([from, to, ...ends]) => [from, to, ...ends.map((end) => inUnit(end, this.#unit))]);
  }

  /** The allowed ends in the reader's unit, null for a missing one. */
  get allowed() {
    return [this.#told.low, this.#told.high].map((end) => (end === null ? null : inUnit(end, this.#unit)));
  }

  /** Widens the extremes of a chart's values to the bands that are near. */
  reach(low, high) {
    if (low == null || high == null) return [low, high];
    const levels = [...this.allowed.filter((end) => end !== null), ...this.areas.flatMap(([, , ...ends]) => ends)];
    return reach(low, high, levels);
  }

  /** Draws the bands; `palette` has their colours. */
  draw(frame, palette) {
    const { hue } = this.#told;
    const { ctx, top, left, height, width, ratio, clampX } = frame;
    const inside = (y) => Math.max(top, Math.min(top + height, y));
    const fill = (from, to, low, high, colour) => {
      const [upper, lower] = [inside(frame.y(high)), inside(frame.y(low))];
      ctx.fillStyle = colour;
      ctx.fillRect(from, upper, to - from, lower - upper);
    };
    const line = (from, to, level, colour) => {
      const y = frame.y(level);
      if (y < top || y > top + height) return;
      ctx.strokeStyle = colour;
      ctx.beginPath();
      ctx.moveTo(from, y);
      ctx.lineTo(to, y);
      ctx.stroke();
    };
    ctx.save();
    ctx.lineWidth = ratio;
    const [low, high] = this.allowed;
    const ends = [low, high].filter((end) => end !== null);
    if (ends.length) fill(left, left + width, low ?? -Infinity, high ?? Infinity, palette.colour(hue, 9));
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    for (const end of ends) line(left, left + width, end, palette.colour(hue, 90));
    ctx.setLineDash([]);
    for (const [from, to, ...range] of this.areas) {
      const [start, end] = [clampX(frame.x(from)), clampX(frame.x(to))];
      fill(start, end, ...range, palette.colour("text", 7));
      for (const level of range) line(start, end, level, palette.colour("muted", 50));
    }
    ctx.restore();
  }

  /** The legend: {look, words} of each band. */
  get keys() {
    const { low, high } = this.#told;
    const found = [];
    if (low !== null || high !== null) found.push({ look: "allowed", words: allowedWords(...this.#allowedEnds) });
    if (!this.#weeks.length) return found;
    const years = yearsWords(this.#weeks.flatMap(([, , , , each]) => each));
    return [...found, { look: "usual", words: usualKey(this.#newest, this.#which, this.#isOne, years) }];
  }

  /** What follows the chart's sentence; empty where nothing is known of the newest week. */
  get words() {
    return this.#newest && ` ${usualSentence(this.#newest, this.#which)}`;
  }

  /** Gives a table's head, of which the first `count` cells are others', a column for the usual range if that is known. */
  drawHead(head, count) {
    if (!this.#weeks.length) return head.cells[count]?.remove();
    const cell = head.cells[count] ?? head.appendChild(html("th", { scope: "col", class: "number" }));
    setText(cell, this.#unit?.symbol ? gettext`Usual, ${this.#unit.symbol}` : gettext`Usual`);
  }

  /** The cells of a table's row: the usual range at an instant, none where no range is known at all. */
  cells(at) {
    if (!this.#weeks.length) return [];
    const week = this.#weeks.find(([start, end]) => start <= at && at < end);
    return [week ? week.slice(2, 4).map((end) => valueText(end, this.#unit)).join(gettext` to `) : "–"];
  }

  /** The weeks that are within the span, if they are known. */
  get #weeks() {
    const [from, to] = this.#span;
    if (to - from > LONGEST_S) return [];
    return this.#told.weeks.filter(([start, end]) => start < to && end > from);
  }

  get #newest() {
    const [, end, low, high] = this.#weeks.at(-1) ?? [];
    if (!(end >= this.#span[1])) return "";
    return range(low, high, this.#unit).join(gettext` to `);
  }

  get #isOne() {
    return this.#weeks.at(-1)[0] <= this.#span[0] && this.#newest !== "";
  }

  get #which() {
    return weekWords(this.#isLive, this.#isOne);
  }

  get #allowedEnds() {
    const { low, high } = this.#told;
    if (low !== null && high !== null) return range(low, high, this.#unit);
    return [low, high].map((end) => (end === null ? "" : withUnit(end, this.#unit)));
  }
}

/** Two ends, the first with its unit only where the second's is not meant for both. */
function range(low, high, unit) {
  const all = withUnit(high, unit);
  return [valueText(high, unit) === all ? withUnit(low, unit) : valueText(low, unit), all];
}

function drawKeys(place, keys) {
  const shown = keys.map(({ look, words }) => html("span", {}, html("i", { "data-look": look }), ` ${words}`));
  if (place.textContent.trim() !== shown.map((each) => each.textContent).join("").trim()) place.replaceChildren(...shown);
}
