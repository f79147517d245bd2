/**
 * Estimates the server's clock, by which ages are computed, because the reader's clock may be minutes off.
 *
 * A ping's answer has the server's time of some moment between sending and receiving; the shorter the round trip, the
 * smaller the error. So the offset of the fastest of the last pings is used; the time printed in the page is only the
 * initial value.
 */
// Two minutes of pings: long enough for a fast one, short enough to follow a clock that drifts.
const REMEMBERED = 8;

export class ServerClock {
  #now;
  #samples = [];
  #first = 0;

  constructor(now = () => Date.now()) {
    this.#now = now;
  }

  now() {
    return this.#now() + this.offset;
  }

  get offset() {
    const [quickest] = [...this.#samples].sort((a, b) => a.roundTrip - b.roundTrip);
    return quickest?.offset ?? this.#first;
  }

  get roundTrip() {
    return this.#samples.at(-1)?.roundTrip ?? null;
  }

  /** Sets the time in the page, which is when the server sent it. */
  start(serverAt, receivedAt) {
    this.#first = serverAt - receivedAt;
  }

  /** Adds one ping: sent and answered by our clock, with the server's time in the answer. All in milliseconds. */
  sample(sentAt, serverAt, answeredAt) {
    const roundTrip = Math.max(0, answeredAt - sentAt);
    this.#samples.push({ roundTrip, offset: serverAt - (sentAt + roundTrip / 2) });
    if (this.#samples.length > REMEMBERED) this.#samples.shift();
  }
}
