/**
 * A small line of the last hours: the mean of each step, drawn into a box of 120 by 32. It slides on with the readings it takes. A silence
 * of more than 2.5 steps splits the line.
 */
const [WIDTH, HEIGHT] = [120, 32];
const GAP_STEPS = 2.5;
const MOST = 96;

export class Spark {
  #points; // [start of the step, mean, readings in it]
  #from;
  #to;
  #stepS;
  #low;
  #high;

  constructor({ points, from, to, stepS, low, high }) {
    this.#points = points.map(([at, value]) => [at, value, 1]);
    this.#from = from;
    this.#to = to;
    this.#stepS = stepS;
    this.#low = low;
    this.#high = high;
  }

  /** Takes a reading; one from before the newest step changes nothing that could be seen. */
  take(at, value) {
    const newest = this.#points.at(-1);
    if (newest && at < newest[0]) return;
    if (newest && at < newest[0] + this.#stepS) {
      newest[2] += 1;
      newest[1] += (value - newest[1]) / newest[2];
    } else this.#points.push([at, value, 1]);
    this.#slide(at);
    this.#low = Math.min(this.#low, value);
    this.#high = Math.max(this.#high, value);
  }

  /** The paths of the line and of the area under it. */
  paths() {
    const runs = this.#runs().map((run) => run.map(([at, value]) => [this.#x(at), this.#y(value)]));
    const lines = runs.map((run) => (run.length === 1 ? `M${run[0].join(" ")}h.01` : `M${run.map((each) => each.join(" ")).join("L")}`));
    const areas = runs.map((run, i) => `${lines[i]}L${run.at(-1)[0]} ${HEIGHT}L${run[0][0]} ${HEIGHT}Z`);
    return { line: lines.join(""), area: areas.join("") };
  }

  #slide(at) {
    const by = Math.max(0, at - this.#to);
    this.#from += by;
    this.#to += by;
    while (this.#points.length > MOST || this.#points[0][0] < this.#from) this.#points.shift();
  }

  #runs() {
    const runs = [];
    let before = -Infinity;
    for (const point of this.#points) {
      if (point[0] - before > GAP_STEPS * this.#stepS) runs.push([]);
      runs.at(-1).push(point);
      before = point[0];
    }
    return runs;
  }

  #x(at) {
    return +(((at - this.#from) / (this.#to - this.#from)) * WIDTH).toFixed(1);
  }

  /** Between 4 and 28, so that the stroke is not cut. */
  #y(value) {
    const share = this.#high > this.#low ? (value - this.#low) / (this.#high - this.#low) : 0.5;
    return +(28 - 24 * share).toFixed(1);
  }
}
