/**
 * One sensor's stream put back in order: each seq once, none before its time, whatever order they come in.
 *
 * It knows the last seq told and the highest seq known to exist. Between the two something is missing: what came
 * early is held back until the missing ones arrive or were fetched. A jump in the stream counts as missing even when
 * nobody said so; in what is fetched, jumps mean nothing, because a reading that changed keeps only its newest seq.
 */
const MOST_HELD = 1_000; // past it they are let go: the fetch that is under way, or the next, brings them

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

  /** Takes a reading of the stream; returns those that may be told now. */
  offer(reading) {
    if (reading.seq <= this.#last) return [];
    this.leaveOut(reading.seq);
    if (this.#held.size < MOST_HELD) this.#held.set(reading.seq, reading);
    return this.#advance();
  }

  /** Notes that readings up to and with `seq` exist and may not come by themselves. */
  leaveOut(seq) {
    this.#known = Math.max(this.#known, seq);
  }

  /** Takes a page of what was fetched after `last`; returns what is new in it. */
  fill(readings) {
    const fresh = readings.filter((each) => each.seq > this.#last).sort((a, b) => a.seq - b.seq);
    if (fresh.length) this.#last = fresh.at(-1).seq;
    this.leaveOut(this.#last);
    return fresh;
  }

  /**
   * Ends a fetch that was begun when `known` was so much; whatever it did not bring up to there has been deleted since.
   */
  filled(known) {
    this.#last = Math.max(this.#last, known);
    return this.#advance();
  }

  /** Begins again at `seq`: the server was restored, or too much is missing to fetch it reading by reading. */
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
