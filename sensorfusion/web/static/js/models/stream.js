import { Sequence } from "sf/sequence";
import { Topic } from "sf/topic";

/**
 * Implements the live protocol over a link, and fetches by HTTP what the socket dropped. The socket is a hint, HTTP is
 * the truth: this emits every reading of every followed sensor exactly once, in seq order, across any number of
 * disconnects.
 */
const PAGE = 1_000;
const MOST_FETCHED = 5_000; // beyond it charts reload their buckets, which is less data than that many readings
const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 30_000];
const AT_ONCE = 1_000; // sensors in one subscription: its message must stay below the server's 64 KiB
const LATE_MS = 5_000; // between the server's receipt and this page: longer means it was fetched later

const AFTER = (ms, run) => setTimeout(run, ms);

export class Stream {
  readings = new Topic(); // a list of {sensor, seq, observedAt, receivedAt, values, isLate}, of one sensor
  snapshot = new Topic(); // {sensor, seq, observedAt, values, …} as the server has it now
  state = new Topic(); // {sensor, state}
  restarted = new Topic(); // sensor: its earlier values are invalid
  rewritten = new Topic(); // sensor: readings that it had before were excluded, restored or deleted
  caughtUp = new Topic(); // {sensor, count, from, to}: readings that arrived late, observed in that span
  refused = new Topic(); // a sensor's request that the server refused
  noticed = new Topic(); // something that arrived for a sensor and was not understood
  reached = new Topic(); // whether HTTP succeeded, at each attempt
  failed = new Topic(); // {code, detail, sensor, status}: from the socket with `sensor`, from HTTP with `status`

  #link;
  #clock;
  #fetchJson;
  #after;
  #sequences = new Map();
  #filling = new Set();
  #withRefusals;

  /** `fetchJson(path)` returns the parsed body or throws. */
  constructor({ link, clock, fetchJson, after = AFTER, withRefusals }) {
    this.#link = link;
    this.#clock = clock;
    this.#fetchJson = fetchJson;
    this.#after = after;
    this.#withRefusals = withRefusals;
    link.opened.subscribe(() => this.#subscribe());
    link.message.subscribe((message) => this.#receive(message));
    link.poll.subscribe(() => this.poll());
  }

  /** Follows sensors from the state of the page: a list of {sensor, seq}. */
  follow(sensors) {
    for (const { sensor, seq } of sensors) this.#sequences.set(sensor, new Sequence(seq ?? 0));
  }

  /** Fetches new readings by HTTP, while there is no socket. */
  async poll() {
    let isReached = false;
    for (const sensor of this.#sequences.keys()) isReached = (await this.#fill(sensor)) ?? isReached;
    if (isReached) this.#link.retry(); // a server that answers again has sockets again
  }

  /** The last seq of each sensor, as pairs. */
  get lasts() {
    return [...this.#sequences].map(([sensor, { last }]) => [sensor, last]);
  }

  #subscribe() {
    const all = this.lasts;
    const refusals = this.#withRefusals;
    for (let i = 0; i < all.length; i += AT_ONCE) {
      const after = Object.fromEntries(all.slice(i, i + AT_ONCE));
      this.#link.send({ action: "subscribe", id: i + 1, sensors: Object.keys(after), after, refusals });
    }
  }

  #receive(message) {
    switch (message.type) {
      case "readings":
        return this.#takeReadings(message.readings);
      case "snapshot":
        return message.sensors.forEach((each) => this.#takeSnapshot(each));
      case "gap":
        return this.#takeGap(message);
      case "sensor":
        return this.state.publish(message);
      case "pong":
        return this.#takePong(message);
      case "refused":
        return this.refused.publish(message);
      case "notice":
        return this.noticed.publish(message);
      case "error":
        return this.#takeError(message);
    }
  }

  #takeReadings(wire) {
    const told = new Map();
    for (const each of wire) {
      const sequence = this.#sequences.get(each.sensor);
      if (!sequence) continue;
      told.set(each.sensor, [...(told.get(each.sensor) ?? []), ...sequence.offer(each)]);
      if (sequence.isMissing) this.#fill(each.sensor);
    }
    for (const [sensor, fresh] of told) this.#tell(sensor, fresh);
  }

  #takeSnapshot(snapshot) {
    const sequence = this.#sequences.get(snapshot.sensor);
    if (!sequence) return;
    // The stream continues from our own seq; a lower one means that the server was restored to older data.
    if (snapshot.seq < sequence.last) this.#restart(snapshot);
    this.snapshot.publish(inMilliseconds(snapshot));
  }

  #takeGap({ sensor, until }) {
    const sequence = this.#sequences.get(sensor);
    if (!sequence) return;
    if (until - sequence.last > MOST_FETCHED) return this.#restart({ sensor, seq: until });
    sequence.leaveOut(until);
    if (sequence.isMissing) this.#fill(sensor);
  }

  /** A server that cannot read its database follows nothing; the request must be repeated. */
  #takeError(message) {
    if (message.code === "database_away") this.#after(RETRY_MS[2], () => this.#subscribe());
    this.failed.publish(message);
  }

  #takePong({ id, at }) {
    const pinged = this.#link.pinged;
    if (pinged?.id === id) this.#clock.sample(pinged.at, Date.parse(at), this.#link.heardAt);
  }

  #restart({ sensor, seq }) {
    this.#sequences.get(sensor).restart(seq);
    this.restarted.publish(sensor);
  }

  /** Fetches until nothing known is missing; one fetch at a time for each sensor. Returns whether it succeeded. */
  async #fill(sensor, attempt = 0) {
    if (this.#filling.has(sensor)) return;
    this.#filling.add(sensor);
    try {
      do await this.#fetchMissing(sensor);
      while (this.#sequences.get(sensor).isMissing);
      this.reached.publish(true);
      return true;
    } catch (error) {
      const wait = RETRY_MS[attempt] ?? RETRY_MS.at(-1);
      if (this.#sequences.get(sensor).isMissing) this.#after(wait, () => this.#fill(sensor, attempt + 1));
      this.reached.publish(error.status !== undefined);
      this.failed.publish({ code: "fetch", detail: error.message, status: error.status });
    } finally {
      this.#filling.delete(sensor);
    }
  }

  async #fetchMissing(sensor) {
    const sequence = this.#sequences.get(sensor);
    const { known } = sequence;
    let [page, missing] = [null, known - sequence.last];
    do {
      // Always from our own last, never from the page's `next`: readings of the socket may have advanced it meanwhile.
      page = await this.#fetchJson(`sensors/${sensor}/readings?after_seq=${sequence.last}&limit=${PAGE}`);
      missing -= page.readings.filter(({ seq }) => seq <= known).length;
      this.#tell(sensor, sequence.fill(page.readings));
    } while (page.next && page.readings.length);
    this.#tell(sensor, sequence.filled(known));
    if (missing > 0) this.rewritten.publish(sensor); // a change without a reading of its own
  }

  #tell(sensor, wire) {
    const earliest = this.#clock.now() - LATE_MS;
    const readings = wire
      .filter(counts)
      .map(inMilliseconds)
      .map((each) => ({ ...each, sensor, isLate: each.receivedAt < earliest }));
    if (!readings.length) return;
    this.readings.publish(readings);
    const late = readings.filter(({ isLate }) => isLate).map(({ observedAt }) => observedAt);
    const count = late.length;
    if (count) this.caughtUp.publish({ sensor, count, from: Math.min(...late), to: Math.max(...late) });
  }
}

/** Removes the values that an exclusion covers; returns whether any is left. */
function counts({ values, excluded = [] }) {
  for (const name of excluded) delete values[name];
  return Object.keys(values).length;
}

const instant = (text) => (text ? Date.parse(text) : null);

/** A reading with its instants as milliseconds since the epoch. */
export function inMilliseconds({ observed_at, received_at, ...rest }) {
  return { ...rest, observedAt: instant(observed_at), receivedAt: instant(received_at) };
}
