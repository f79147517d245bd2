import { tables } from "sf/tables";
import { Topic } from "sf/topic";

/**
 * The span of time of the page's charts: a named range that ends now and moves on, or a fixed span the reader zoomed
 * into. Kept in the URL, so that a link shows the same.
 */
const RANGES = tables.ranges;
const { words: FIXED_WORDS, returns_within: RETURNS_WITHIN } = tables.fixed_range;
const SHORTEST_S = 60;

export class View {
  changed = new Topic();

  #name;
  #fixed = null;

  constructor(name = "24h") {
    this.#name = name in RANGES ? name : "24h";
  }

  get name() {
    return this.#name;
  }

  /** Whether the charts follow the present. */
  get isLive() {
    return this.#fixed === null;
  }

  get lengthS() {
    return this.#fixed ? this.#fixed[1] - this.#fixed[0] : RANGES[this.#name].length_s;
  }

  /** The span [from, to] in epoch seconds. */
  span(nowS) {
    return this.#fixed ?? [nowS - RANGES[this.#name].length_s, nowS];
  }

  /** The span in words. */
  get words() {
    return this.#fixed ? FIXED_WORDS : RANGES[this.#name].words;
  }

  /** A view that stays as this one is now. */
  copy() {
    const copy = new View(this.#name);
    copy.#fixed = this.#fixed;
    return copy;
  }

  /** Whether two views show the same. */
  equals(other) {
    return this.#name === other.#name && String(this.#fixed) === String(other.#fixed);
  }

  choose(name) {
    if (!(name in RANGES)) return;
    this.#name = name;
    this.#move(null);
  }

  zoom(from, to) {
    if (to - from >= SHORTEST_S) this.#move([Math.round(from), Math.round(to)]);
  }

  /** Steps back or forth by the length of the span; a step that nearly reaches the present returns to it. */
  step(direction, nowS) {
    const [from, to] = this.span(nowS);
    const by = direction * (to - from);
    if (to + by > nowS - RETURNS_WITHIN * (to - from)) this.reset();
    else this.#move([Math.round(from + by), Math.round(to + by)]);
  }

  reset() {
    if (!this.isLive) this.#move(null);
  }

  /** The URL's query for this view, with its other parameters unchanged. */
  query(search) {
    const query = new URLSearchParams(search);
    query.set("r", this.#name);
    query.delete("from");
    query.delete("to");
    if (this.#fixed) this.#fixed.forEach((at, i) => query.set(i ? "to" : "from", at));
    return query.toString();
  }

  /** Sets the view from a URL's query. */
  read(search) {
    const query = new URLSearchParams(search);
    const name = query.get("r");
    if (name in RANGES) this.#name = name;
    const [from, to] = [Number(query.get("from")), Number(query.get("to"))];
    this.#move(from && to - from >= SHORTEST_S ? [from, to] : null);
  }

  #move(fixed) {
    this.#fixed = fixed;
    this.changed.publish();
  }
}
