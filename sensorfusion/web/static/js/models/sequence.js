/**
 * Puts one sensor's stream in order: each seq once and in sequence, for any order of arrival.
 *
 * It tracks the last seq emitted and the highest seq known to exist. Between the two something is missing: early
 * readings are held back until the missing ones arrive or are fetched. A jump in the stream counts as missing even
 * without a gap message; in fetched pages, jumps are normal, because a reading that changed keeps only its newest seq.
 */
const MOST_HELD = 1_000; // beyond it they are dropped: the current fetch, or the next, returns them

export class Sequence {
  #last;
  #known;
  #held = new Map();

  constructor(last) {
    this.#last = this.#known = last;
  }

  get last() {
    return this.#last;
  }

  /** The highest seq known to exist. */
  get known() {
    return this.#known;
  }

  get isMissing() {
    return this.#known > this.#last;
  }

  /** Adds a reading of the stream; returns those that can be emitted now. */
  offer(reading) {
    if (reading.seq <= this.#last) return [];
    this.leaveOut(reading.seq);
    if (this.#held.size < MOST_HELD) this.#held.set(reading.seq, reading);
    return this.#advance();
  }

  /** Records that readings up to and including `seq` exist and may not arrive by themselves. */
  leaveOut(seq) {
    this.#known = Math.max(this.#known, seq);
  }

  /** Adds a page that was fetched after `last`; returns its new readings. */
  fill(readings) {
    const fresh = readings.filter((each) => each.seq > this.#last).sort((a, b) => a.seq - b.seq);
    if (fresh.length) this.#last = fresh.at(-1).seq;
    this.leaveOut(this.#last);
    return fresh;
  }

  /**
   * Ends a fetch that was started with this value of `known`; seqs up to it that were not returned have been deleted
   * since.
   */
  filled(known) {
    this.#last = Math.max(this.#last, known);
    return this.#advance();
  }

  /** Restarts at `seq`: the server was restored, or too much is missing to fetch it reading by reading. */
  restart(seq) {
    this.#last = this.#known = seq;
    this.#held.clear();
  }

  #advance() {
    const told = [];
    for (let next; (next = this.#held.get(this.#last + 1)); this.#last = next.seq) told.push(next);
    for (const seq of this.#held.keys()) if (seq <= this.#last) this.#held.delete(seq);
    return told;
  }
}
