import { firstAfter } from "sf/series";
import { tables } from "sf/tables";
import uPlot from "uplot";

/**
 * One drawing of a scene on a time axis. The only file that uses the chart library: elsewhere there are scenes,
 * instants and marks.
 */
const FONT = "12px Geist, system-ui, sans-serif";
const SHORTEST_DRAG = 8; // px: less is a click
const TICK_SPACE = 80; // px between marks of time, less where there would be too few
const FEWEST_TICKS = 4;
const NARROW = 380; // px
const SPOKEN_TO_OTHERS = new Set(["mousemove", "mouseleave"]); // a zoom goes through the view instead

const linear = uPlot.paths.linear();
const stepped = uPlot.paths.stepped({ align: 1 });
const barred = uPlot.paths.bars({ size: [0.86, 44], align: 1, radius: 0.12 });

export class Plot {
  #u = null;
  #place;
  #options;
  #scene;
  #span;
  #marks = [];

  /**
   * `options`: group (plots that share a crosshair), colour(token, percent), ticks(from, to, count) and
   * tickText(tick) for the time axis, axisText(value, step) and valueScale(low, high) for the other one, behind(frame) and front(frame) to draw marks, moved(at or null), selected(from, to),
   * reset().
   */
  constructor(place, options) {
    this.#place = place;
    this.#options = options;
  }

  /** The element that receives pointer events: the rectangle between the axes. */
  get surface() {
    return this.#u?.over;
  }

  /** Draws a scene over a span; returns whether that needed a new drawing, with a new surface. */
  show(scene, span, rightSpace) {
    const isSame = this.#scene?.key === scene.key && this.#u?.rightSpace === rightSpace;
    this.#scene = scene;
    this.#span = span;
    if (isSame) this.#update();
    else this.#build(rightSpace);
    return !isSame;
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.#place;
    if (this.#u && width && (width !== this.#u.width || height !== this.#u.height)) this.#u.setSize({ width, height });
  }

  /** Draws the current scene again: marks or colours changed. */
  redraw() {
    this.#u?.redraw(false, true);
  }

  toggle(item, isShown) {
    this.#scene.drawn.forEach((each, i) => {
      if (each.quantity === item.quantity && each.label === item.label) this.#u.setSeries(i + 1, { show: isShown });
    });
  }

  /** Puts the crosshair of this plot and its group on an instant; null removes it. */
  point(at) {
    const left = at === null ? -10 : this.#u.valToPos(at, "x");
    this.#u.setCursor({ left, top: at === null ? -10 : this.#u.over.clientHeight / 2 }, true, true);
  }

  /** The instant under a client x coordinate. */
  instantAt(clientX) {
    const { left, width } = this.#u.over.getBoundingClientRect();
    return this.#u.posToVal(Math.max(0, Math.min(width, clientX - left)), "x");
  }

  destroy() {
    this.#u?.destroy();
    this.#u = null;
  }

  #update() {
    const [min, max] = this.#span;
    this.#u.batch(() => {
      this.#u.setData(this.#scene.columns, false);
      this.#u.setScale("x", { min, max });
    });
  }

  #build(rightSpace) {
    this.destroy();
    const { clientWidth: width, clientHeight: height } = this.#place;
    const scales = {
      x: { time: false, range: () => this.#span },
      y: { range: (u, low, high) => this.#valueRange(low, high) },
    };
    this.#u = new uPlot(
      {
        width,
        height,
        padding: [10, rightSpace, 0, 0],
        legend: { show: false },
        scales: { ...scales, total: { range: (u, low, high) => [0, (high || 1) * tables.axis.zero_air] } },
        axes: [this.#timeAxis(), this.#valueAxis()],
        series: [{}, ...this.#scene.drawn.map((item, i) => this.#series(item, i))],
        bands: this.#bands(),
        cursor: this.#cursor(),
        hooks: this.#hooks(),
      },
      this.#scene.columns,
      this.#place,
    );
    this.#u.rightSpace = rightSpace;
  }

  #series({ look, hue, isSubject }, i) {
    const colour = (percent) => () => this.#options.colour(hue, percent);
    const plain = { scale: "y", points: { show: false } };
    const common = { ...plain, paths: linear, gaps: (u) => this.#gaps(u, i) };
    const lone = { show: true, size: 4, width: 0, fill: colour(), filter: () => this.#lone(i) };
    switch (look) {
      case "faint":
        return { ...common, stroke: colour(55), width: 1.5, dash: [4, 4] };
      case "low":
      case "high":
        return { ...common, width: 0 };
      case "dots":
        return { ...plain, paths: () => null, points: { show: true, size: 4, width: 0, fill: colour(80) } };
      case "bars":
        return { ...plain, paths: barred, width: 0, fill: colour(82) };
      case "total":
        return { ...plain, scale: "total", paths: stepped, stroke: colour(60), width: 1.5, dash: [6, 4] };
      default:
        return {
          ...common,
          stroke: colour(),
          points: lone,
          ...(isSubject
            ? { width: 2.25, fill: (u) => this.#gradient(u, hue), fillTo: (u) => Math.max(u.scales.y.min, this.#scene.startsAtZero ? 0 : -Infinity) }
            : { width: 1.75 }),
        };
    }
  }

  /** The gradient under the main line, fainter where there is a band of extremes. */
  #gradient(u, hue) {
    const { top, height } = u.bbox;
    if (!Number.isFinite(top + height)) return "transparent"; // called before there is a size
    const gradient = u.ctx.createLinearGradient(0, top, 0, top + height);
    gradient.addColorStop(
      0,
      this.#options.colour(hue, this.#scene.drawn.some(({ look }) => look === "high") ? 13 : 20),
    );
    gradient.addColorStop(1, this.#options.colour(hue, 0));
    return gradient;
  }

  #bands() {
    return this.#scene.drawn.flatMap(({ look, hue }, i) =>
      look === "high" ? [{ series: [i + 1, i], fill: () => this.#options.colour(hue, 16) }] : [],
    );
  }

  /**
   * Gaps come from the tracks, in pixels; the columns have none, because an instant at which one track lacks a value is
   * not a gap in it.
   */
  #gaps(u, i) {
    const { left, width } = u.bbox;
    const inside = (x) => Math.max(left - 10, Math.min(left + width + 10, x));
    return this.#scene.drawn[i].track
      .gaps()
      .map(([from, to]) => [inside(u.valToPos(from, "x", true)), inside(u.valToPos(to, "x", true))])
      .filter(([from, to]) => to > from);
  }

  /** The points with silence on both sides, which have no visible line. */
  #lone(i) {
    const { track } = this.#scene.drawn[i];
    const { t } = track;
    const silences = new Set([0, t.length, ...track.silences()]);
    const alone = t.filter((at, k) => silences.has(k) && silences.has(k + 1));
    return alone.map((at) => indexOf(this.#scene.columns[0], at));
  }

  #valueRange(low, high) {
    // The library ignores points after the span, such as the middle of the current bucket.
    const lines = this.#scene.drawn.filter(({ look, t }) => look === "line" && t.at(-1) >= this.#span[0]);
    const values = [low, high, ...lines.map(({ v }) => v.at(-1))].filter((value) => value != null);
    const scale = this.#options.valueScale(...(values.length ? [Math.min(...values), Math.max(...values)] : []));
    this.#marks = scale.marks;
    return [scale.low, scale.high];
  }

  #timeAxis() {
    const { ticks, tickText, colour } = this.#options;
    let shown = [];
    const marks = (u, from, to) => (shown = ticks(from, to, Math.max(FEWEST_TICKS, u.width / TICK_SPACE)));
    return {
      scale: "x",
      font: FONT,
      stroke: () => colour("muted"),
      grid: { show: false },
      ticks: { show: false },
      size: 26,
      gap: 8,
      splits: (u, axis, from, to) => marks(u, from, to).map(({ at }) => at),
      values: () => shown.map(tickText),
    };
  }

  #valueAxis() {
    const { axisText, colour } = this.#options;
    return {
      scale: "y",
      font: FONT,
      stroke: () => colour("muted"),
      grid: { stroke: () => colour("line"), width: 1 },
      ticks: { show: false },
      size: (u, values) =>
        Math.max(u.width < NARROW ? 38 : 44, 14 + 7 * Math.max(0, ...(values ?? []).map((each) => each?.length ?? 0))),
      gap: 8,
      splits: () => this.#marks,
      values: (u, marks) => marks.map((value) => axisText(value, marks[1] - marks[0])),
    };
  }

  #cursor() {
    const { group, colour, reset } = this.#options;
    return {
      y: false,
      points: {
        size: 9,
        width: 2,
        stroke: () => colour("surface"),
        fill: (u, i) => colour(this.#scene.drawn[i - 1].hue),
      },
      dataIdx: (u, i, nearest, at) => (i ? this.#indexUnder(this.#scene.drawn[i - 1], at) : nearest),
      drag: { x: true, y: false, setScale: false },
      bind: { dblclick: () => () => (reset(), null) },
      sync: {
        key: group,
        scales: ["x", null],
        filters: { pub: (type) => SPOKEN_TO_OTHERS.has(type), sub: () => true },
      },
    };
  }

  /** A crosshair in a gap touches no line. */
  #indexUnder({ look, find }, at) {
    if (look === "low" || look === "high" || look === "bars" || look === "total") return null;
    const found = find(at);
    return found.silence || found.at < this.#span[0] ? null : indexOf(this.#scene.columns[0], found.at);
  }

  #hooks() {
    const { behind, front, moved } = this.#options;
    return {
      drawClear: [(u) => behind(this.#frame(u))],
      draw: [(u) => front(this.#frame(u))],
      setCursor: [(u) => moved(u.cursor.left < 0 ? null : u.posToVal(u.cursor.left, "x"))],
      setSelect: [(u) => this.#select(u)],
    };
  }

  #select(u) {
    const { left, width } = u.select;
    if (!width) return;
    u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    if (width >= SHORTEST_DRAG) this.#options.selected(u.posToVal(left, "x"), u.posToVal(left + width, "x"));
  }

  #frame(u) {
    const { left, top, width, height } = u.bbox;
    return {
      ctx: u.ctx,
      left,
      top,
      width,
      height,
      ratio: devicePixelRatio,
      x: (at) => u.valToPos(at, "x", true),
      y: (value, scale = "y") => u.valToPos(value, scale, true),
      at: (x) => u.posToVal(x, "x", true),
      clampX: (x) => Math.max(left, Math.min(left + width, x)),
    };
  }
}

/** The index of an instant in the time column, which contains it. */
const indexOf = (t, at) => firstAfter(t, at) - 1;
