/**
 * The server's clock, as well as this page can know it: ages are counted by it, because the reader's own clock may be
 * minutes off.
 *
 * A ping gives the server's time somewhere between its sending and its answer; the shorter the round trip, the less
 * doubt. So the offset of the quickest of the last pings counts, and the time printed in the page is only a start.
 */
// Two minutes of pings: long enough to catch a quick one, short enough to follow a clock that drifts.
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
    return this.#samples.length ? this.#quickest().offset : this.#first;
  }

  get roundTrip() {
    return this.#samples.at(-1)?.roundTrip ?? null;
  }

  /** Takes the time in the page, which left the server when the page did. */
  start(serverAt, receivedAt) {
    this.#first = serverAt - receivedAt;
  }

  /** Takes one ping: sent and answered by our clock, the answer's time by the server's. All in milliseconds. */
  sample(sentAt, serverAt, answeredAt) {
    const roundTrip = Math.max(0, answeredAt - sentAt);
    this.#samples.push({ roundTrip, offset: serverAt - (sentAt + roundTrip / 2) });
    if (this.#samples.length > REMEMBERED) this.#samples.shift();
  }

  #quickest() {
    return this.#samples.reduce((best, each) => (each.roundTrip < best.roundTrip ? each : best));
  }
}
