import { Topic } from "sf/topic";

/**
 * When a wall fetches its page again, and which one: the slide that is shown, or the next when its time is over. There
 * is one timer at any time, and nothing is kept but two addresses.
 */
export const POLL_MS = 10_000; // also how late a wall is that has no socket
export const WAKE_MS = 2_000; // between two fetches, however often a sensor sends
export const HELD_MS = 30_000; // since the last use of a pointer or a key
const MINUTE_MS = 60_000;
const LATER_MS = 250; // behind the full minute, so that the server's clock has reached it

const TIMERS = {
  now: () => performance.now(),
  after: (ms, run) => setTimeout(run, ms),
  cancel: (timer) => clearTimeout(timer),
};

export class Wall {
  fetched = new Topic(); // (page, isTurn)
  failed = new Topic(); // the status of the answer, 0 without one

  #fetchPage;
  #timers;
  #here = "";
  #next = "";
  #everyMs = Infinity;
  #minuteAt = Infinity;
  #turnedAt = 0;
  #touchedAt = -Infinity;
  #fetchedAt = -Infinity;
  #isFetching = false;
  #isDue = false; // something changed during a fetch
  #timer = null;

  /** `fetchPage(address)` returns the page, or throws an error with a `status`. */
  constructor({ fetchPage, timers = TIMERS }) {
    this.#fetchPage = fetchPage;
    this.#timers = timers;
    this.#turnedAt = this.#fetchedAt = timers.now();
  }

  /** Takes what the page says of itself: its addresses, for how long it is shown, the second of the server's clock. */
  take({ here, next, every, second }) {
    [this.#here, this.#next] = [here, next];
    this.#everyMs = here === next ? Infinity : every * 1000;
    this.#minuteAt = this.#timers.now() + MINUTE_MS - second * 1000 + LATER_MS;
    this.#plan(this.#isDue ? WAKE_MS : POLL_MS);
    this.#isDue = false;
  }

  /** Something changed. */
  wake() {
    this.#isDue = this.#isFetching;
    this.#plan(Math.max(0, this.#fetchedAt + WAKE_MS - this.#timers.now()));
  }

  /** A pointer or a key was used: the slide stays. */
  touch() {
    this.#touchedAt = this.#timers.now();
  }

  /** Shows the next slide at once. */
  turn() {
    if (this.#here === this.#next) return;
    this.#turnedAt = this.#touchedAt = -Infinity;
    this.#plan(0);
  }

  get #isTurn() {
    const now = this.#timers.now();
    return now - this.#turnedAt >= this.#everyMs && now - this.#touchedAt >= HELD_MS;
  }

  #plan(mostMs) {
    if (this.#isFetching) return;
    const now = this.#timers.now();
    const turnAt = Math.max(this.#turnedAt + this.#everyMs, this.#touchedAt + HELD_MS, now);
    const dueAt = Math.min(now + mostMs, this.#minuteAt, turnAt);
    this.#timers.cancel(this.#timer);
    this.#timer = this.#timers.after(Math.max(0, dueAt - now), () => this.#fetch());
  }

  async #fetch() {
    const isTurn = this.#isTurn;
    this.#isFetching = true;
    let page = null;
    try {
      page = await this.#fetchPage(isTurn ? this.#next : this.#here);
    } catch (error) {
      this.failed.publish(error.status ?? 0);
    }
    [this.#isFetching, this.#fetchedAt] = [false, this.#timers.now()];
    this.#minuteAt = Infinity;
    if (page && isTurn) this.#turnedAt = this.#fetchedAt;
    if (page) this.fetched.publish(page, isTurn); // which takes it
    else this.#again();
  }

  /** After a failure the slide stays, also if its time is over. */
  #again() {
    this.#timers.cancel(this.#timer);
    this.#timer = this.#timers.after(POLL_MS, () => this.#fetch());
  }
}
