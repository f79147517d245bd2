import { Topic } from "sf/topic";

/**
 * Holds readings back while the page is paused, and counts them. Several reasons may pause it (the button, a zoom into
 * the past, selected text); it opens when the last one ends.
 */
const MOST_HELD = 5_000; // beyond it charts reload, which is cheaper than that many points one by one

export class Gate {
  passed = new Topic(); // readings to show
  overflowed = new Topic(); // too many were held: everything shown must be reloaded
  changed = new Topic();
  count = 0; // of held readings

  #reasons = new Set();
  #held = [];

  get isPaused() {
    return this.#reasons.size > 0;
  }

  has(reason) {
    return this.#reasons.has(reason);
  }

  push(readings) {
    if (!this.isPaused) return this.passed.publish(readings);
    this.#held.push(readings);
    this.count += readings.length;
    if (this.count > MOST_HELD) this.#held.shift();
    this.changed.publish();
  }

  pause(reason) {
    this.#reasons.add(reason);
    this.changed.publish();
  }

  resume(reason) {
    this.#reasons.delete(reason);
    if (!this.isPaused) this.#release();
    this.changed.publish();
  }

  toggle(reason) {
    if (this.isPaused) [...this.#reasons].forEach((each) => this.resume(each));
    else this.pause(reason);
  }

  #release() {
    const [held, isOverflow] = [this.#held, this.count > MOST_HELD];
    this.#held = [];
    this.count = 0;
    for (const readings of held) this.passed.publish(readings);
    if (isOverflow) this.overflowed.publish();
  }
}
