import { silences } from "sf/gaps";

/**
 * A small line of the last hours, drawn into a box of 120 by 32: one point for each step, at its last instant, as in
 * the server's `reports/sparkline.py`. It slides on with the readings it takes; a silence of more than 2.5 steps splits
 * it.
 */
const [WIDTH, HEIGHT, PAD] = [120, 32, 3];
const GAP_STEPS = 2.5;
const MOST = 96;

export class Spark {
  #points; // [last instant, value, readings in it]
  #from;
  #to;
  #stepS;
  #low;
  #high;
  #combine;

  constructor({ points, from, to, stepS, low, high, combine = "mean" }) {
    this.#points = points.map(([at, value]) => [at, value, 1]);
    this.#from = from;
    this.#to = to;
    this.#stepS = stepS;
    this.#low = low;
    this.#high = high;
    this.#combine = combine;
  }

  /** Takes a reading; one from before the newest step changes nothing that could be seen. */
  take(at, value) {
    const newest = this.#points.at(-1);
    if (newest && at <= newest[0]) return;
    if (newest && this.#step(at) === this.#step(newest[0])) this.#add(newest, at, value);
    else this.#points.push([at, value, 1]);
    this.#slide(at);
    this.#low = Math.min(this.#low, value);
    this.#high = Math.max(this.#high, value);
  }

  /** The paths of the line and of the area under it. */
  paths() {
    const runs = this.#runs().map((run) => run.map(([at, value]) => [this.#x(at), this.#y(value)]));
    const lines = runs.map((run) =>
      run.length === 1 ? `M${run[0].join(" ")}h0` : `M${run.map((each) => each.join(" ")).join("L")}`,
    );
    const areas = runs.map(
      (run) => `M${run[0][0]} ${HEIGHT}L${run.map((each) => each.join(" ")).join("L")}V${HEIGHT}Z`,
    );
    return { line: lines.join(""), area: areas.join("") };
  }

  #add(point, at, value) {
    point[0] = at;
    point[2] += 1;
    if (this.#combine === "sum") point[1] += value;
    else point[1] = this.#combine === "mean" ? point[1] + (value - point[1]) / point[2] : value;
  }

  #step(at) {
    return Math.floor(at / this.#stepS);
  }

  #slide(at) {
    const by = Math.max(0, at - this.#to);
    this.#from += by;
    this.#to += by;
    while (this.#points.length > MOST || this.#points[0][0] < this.#from) this.#points.shift();
  }

  #runs() {
    const t = this.#points.map(([at]) => at);
    const starts = [0, ...silences(t, { least: GAP_STEPS * this.#stepS, usual: this.#stepS })];
    return starts.map((start, i) => this.#points.slice(start, starts[i + 1])).filter((run) => run.length > 0);
  }

  #x(at) {
    return +(((at - this.#from) / (this.#to - this.#from)) * WIDTH).toFixed(1);
  }

  /** Some room above and below, so that the stroke is not cut. */
  #y(value) {
    const span = this.#high - this.#low;
    const pad = (span * PAD) / HEIGHT;
    const share = span > 0 ? (value - this.#low + pad) / (span + 2 * pad) : 0.5;
    return +(HEIGHT * (1 - share)).toFixed(1);
  }
}
