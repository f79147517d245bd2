import { isAhead } from "sf/series";
import { Topic } from "sf/topic";

/**
 * Replaces what the page shows by the server's figures after readings that it cannot add by itself: late ones and
 * corrections, which may change extremes, sums, records and yesterday. A reading that is the newest is added at once.
 */
const AFTER_MS = 1_500; // several often arrive together
const SPREAD_MS = 1_500; // not every display at once
const EVERY_MS = 5_000;
const AGAIN_MS = 30_000; // after a failure

const AFTER = (ms, run) => setTimeout(run, ms);

/** Whether a reading changes the past: `newest(quantity)` is the newest value before it, {value, at, flag}. */
export function isOfThePast({ observedAt, values, flags, ...reading }, newest) {
  if (observedAt == null || isAhead({ flags, ...reading })) return false;
  return Object.entries(values).some(([name, value]) => {
    const known = newest(name);
    if (!known || known.at < observedAt) return false;
    return known.at > observedAt || known.value !== value || known.flag !== flags?.[name];
  });
}

export class Renewal {
  renewed = new Topic(); // (page, readings that arrived meanwhile)

  #fetchPage;
  #isHeld;
  #after;
  #isDue = false;
  #isWaiting = false;
  #arrived = null;

  /** `fetchPage()` returns the page as the server has it now, `isHeld()` whether the reader keeps it as it is. */
  constructor({ fetchPage, isHeld, after = AFTER, random = Math.random }) {
    this.#fetchPage = fetchPage;
    this.#isHeld = isHeld;
    this.#after = (ms) => after(ms + SPREAD_MS * random(), () => this.#renew());
  }

  /** Takes readings before they are shown. */
  take(readings, newest) {
    this.#arrived?.push(...readings);
    if (readings.some((each) => isOfThePast(each, newest))) this.request();
  }

  request() {
    this.#isDue = true;
    if (!this.#isWaiting) this.#wait(AFTER_MS);
  }

  #wait(ms) {
    this.#isWaiting = true;
    this.#after(ms);
  }

  async #renew() {
    this.#isWaiting = false;
    if (!this.#isDue) return;
    if (this.#isHeld()) return this.#wait(AFTER_MS);
    [this.#isDue, this.#isWaiting, this.#arrived] = [false, true, []];
    let next = EVERY_MS;
    try {
      this.renewed.publish(await this.#fetchPage(), this.#arrived);
    } catch {
      [this.#isDue, next] = [true, AGAIN_MS];
    }
    this.#arrived = null;
    this.#wait(next);
  }
}
