import { silences } from "sf/gaps";
import { tables } from "sf/tables";

/**
 * A sparkline of the last hours, drawn into a box of 120 by 32: one point for each step, at its last instant, as in the
 * server's `reports/sparkline.py`. It moves on with live readings; a silence of more than 2.5 steps splits it.
 */
const { width: WIDTH, height: HEIGHT, pad: PAD } = tables.spark;

export class Spark {
  #points; // [last instant, value]
  #from;
  #to;
  #stepS;
  #least;
  #combine;

  /** `least` is the least range of values drawn, 0 for quantities drawn from zero. */
  constructor({ points, from, to, stepS, least, combine = "mean" }) {
    this.#points = points.map((point) => [...point]);
    this.#from = from;
    this.#to = to;
    this.#stepS = stepS;
    this.#least = least;
    this.#combine = combine;
  }

  /** The steps as [instant, value], the oldest first. */
  get steps() {
    return this.#points;
  }

  /** Adds a reading; one from before the newest would not be visible. */
  take(at, value) {
    const newest = this.#points.at(-1);
    if (newest ? at <= newest[0] : at < this.#from) return;
    if (newest && this.#step(at) === this.#step(newest[0])) this.#add(newest, at, value);
    else this.#points.push([at, value]);
    this.#slide(at);
  }

  /** The paths of the line and of the area under it. */
  paths() {
    const y = this.#scale();
    if (this.#combine === "sum") return this.#bars(y);
    const runs = this.#runs().map((run) => run.map(([at, value]) => [this.#x(at), y(value)]));
    const lines = runs.map((run) =>
      run.length === 1 ? `M${run[0].join(" ")}h0` : `M${run.map((each) => each.join(" ")).join("L")}`,
    );
    const areas = runs.map(
      (run) => `M${run[0][0]} ${HEIGHT}L${run.map((each) => each.join(" ")).join("L")}V${HEIGHT}Z`,
    );
    return { line: lines.join(""), area: areas.join("") };
  }

  /** Amounts: a bar for each step that has one, on a ground that is broken where nothing came. */
  #bars(y) {
    const [x, start] = [(at) => this.#x(at), (at) => this.#step(at) * this.#stepS];
    const bar = ([at, value]) => `M${x(start(at))} ${HEIGHT}V${y(value)}H${x(start(at) + this.#stepS)}V${HEIGHT}`;
    const bars = this.#points.filter(([, value]) => value > 0).map(bar);
    const ground = this.#runs().map(
      (run) => `M${x(start(run[0][0]))} ${HEIGHT}H${x(start(run.at(-1)[0]) + this.#stepS)}`,
    );
    return { line: [...ground, ...bars].join(""), area: bars.map((each) => `${each}Z`).join("") };
  }

  /**
   * Combines a reading into a step. The number of readings in the server's steps is unknown, so each reading is
   * weighted by the time since the previous one.
   */
  #add(point, at, value) {
    if (this.#combine === "sum") point[1] += value;
    else if (this.#combine !== "mean") point[1] = value;
    else point[1] += ((value - point[1]) * (at - point[0])) / (at - this.#step(at) * this.#stepS);
    point[0] = at;
  }

  #step(at) {
    return Math.floor(at / this.#stepS);
  }

  #slide(at) {
    const by = Math.max(0, at - this.#to);
    this.#from += by;
    this.#to += by;
    while (this.#points[0]?.[0] < this.#from) this.#points.shift();
  }

  #runs() {
    const t = this.#points.map(([at]) => at);
    const starts = [0, ...silences(t, { least: tables.gaps.spark * this.#stepS, usual: this.#stepS })];
    return starts.map((start, i) => this.#points.slice(start, starts[i + 1])).filter((run) => run.length > 0);
  }

  #x(at) {
    return +(((at - this.#from) / (this.#to - this.#from)) * WIDTH).toFixed(1);
  }

  /** Places values with some room above and below, so that the stroke is not cut off; a flat line is in the middle. */
  #scale() {
    const values = this.#points.map(([, value]) => value);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const missing = Math.max(0, this.#least - (most - least)) / 2;
    const [low, high] = this.#least ? [least - missing, most + missing] : [0, Math.max(most, 0.1)];
    const pad = ((high - low) * PAD) / (HEIGHT - 2 * PAD);
    const below = this.#combine === "sum" ? 0 : pad; // bars stand on the ground
    return (value) => +(HEIGHT * (1 - (value - low + below) / (high - low + pad + below))).toFixed(1);
  }
}
