/**
 * Spans of one state of a quantity, continued with live readings by the server's rule (`domain/quantities/spans.py`): a
 * reading holds until the next one, and no span reaches over a gap. Instants are epoch seconds.
 */
export class Spans {
  /** `spans` are {state, start, end, low, high}, oldest first; `longestS` is the longest step that is no gap. */
  constructor(spans, longestS) {
    Object.assign(this, { spans, longestS });
  }

  /** Adds a reading; one that is not newer than the last changes nothing. */
  take(at, state, number = null) {
    const last = this.spans.at(-1);
    if (last && at <= last.end) return;
    if (last && at - last.end <= this.longestS) {
      last.end = at;
      if (last.state === state) return widen(last, number);
    }
    this.spans.push({ state, start: at, end: at, low: number, high: number });
  }

  /** These spans, the newest one lasting until `now` unless its last reading is too long ago. */
  lasting(now) {
    const last = this.spans.at(-1);
    if (!last || now - last.end > this.longestS) return this;
    return new Spans([...this.spans.slice(0, -1), { ...last, end: Math.max(now, last.end) }], this.longestS);
  }

  between(start, end) {
    const inside = this.spans.filter((each) => each.start < end && (each.end > start || each.start >= start));
    const cut = inside.map((each) => ({ ...each, start: Math.max(each.start, start), end: Math.min(each.end, end) }));
    return new Spans(cut, this.longestS);
  }

  /** How often a state was entered, or was there already; a gap inside one does not make it two. */
  times(state) {
    return this.spans.filter((each, place) => each.state === state && this.spans[place - 1]?.state !== state).length;
  }

  totalS(state) {
    return this.spans.reduce((sum, each) => sum + (each.state === state ? each.end - each.start : 0), 0);
  }

  get knownS() {
    return this.spans.reduce((sum, each) => sum + each.end - each.start, 0);
  }

  /** The states, the one of the longest time first. */
  get states() {
    const names = [...new Set(this.spans.map((each) => each.state))].sort();
    return names.sort((a, b) => this.totalS(b) - this.totalS(a));
  }
}

function widen(span, number) {
  if (number === null) return;
  span.low = Math.min(span.low, number);
  span.high = Math.max(span.high, number);
}
