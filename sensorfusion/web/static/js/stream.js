import { Sequence } from "sf/sequence";
import { Topic } from "sf/topic";

/**
 * Speaks the live protocol over a link, and fetches by HTTP what the socket left out. The socket is a hint, HTTP is the truth: what
 * leaves here is every reading of every followed sensor exactly once, in seq order, across any number of disconnects.
 */
const PAGE = 1_000;
const MOST_FETCHED = 5_000; // beyond it charts load their buckets anew, which is less than that many readings
const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 30_000];

const AFTER = (ms, run) => setTimeout(run, ms);

export class Stream {
  readings = new Topic(); // a list of {sensor, seq, observedAt, receivedAt, values, isLate}, of one sensor
  snapshot = new Topic(); // {sensor, seq, observedAt, values, …} as the server holds it now
  state = new Topic(); // {sensor, state}
  restarted = new Topic(); // sensor: what was known of it counts no more
  caughtUp = new Topic(); // {sensor, count, from, to}: how many came after the fact, and from which span
  refused = new Topic(); // a request that a sensor sent and the server did not take
  failed = new Topic(); // {code, detail}

  #link;
  #clock;
  #fetchJson;
  #after;
  #sequences = new Map();
  #resuming = new Map(); // sensor -> {until, count, from, to}: being brought up to the snapshot
  #filling = new Set();
  #withRefusals;

  /** `fetchJson(path)` answers the parsed body or throws. */
  constructor({ link, clock, fetchJson, after = AFTER, withRefusals = false }) {
    this.#link = link;
    this.#clock = clock;
    this.#fetchJson = fetchJson;
    this.#after = after;
    this.#withRefusals = withRefusals;
    link.opened.subscribe(() => this.#subscribe());
    link.message.subscribe((message) => this.#receive(message));
    link.poll.subscribe(() => this.poll());
  }

  /** Follows sensors from what the page already shows: a list of {sensor, seq}. */
  follow(sensors) {
    for (const { sensor, seq } of sensors) this.#sequences.set(sensor, new Sequence(seq ?? 0));
  }

  /** Fetches what is new by HTTP, for as long as there is no socket. */
  async poll() {
    for (const sensor of this.#sequences.keys()) await this.#fill(sensor);
  }

  #subscribe() {
    if (!this.#sequences.size) return;
    const after = Object.fromEntries([...this.#sequences].map(([sensor, { last }]) => [sensor, last]));
    const more = this.#withRefusals ? { refusals: true } : {};
    this.#link.send({ action: "subscribe", id: 1, sensors: [...this.#sequences.keys()], after, ...more });
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
      case "error":
        return this.failed.publish(message);
    }
  }

  #takeReadings(wire) {
    const told = new Map();
    for (const each of wire) {
      const sequence = this.#sequences.get(each.sensor);
      if (!sequence) continue;
      const fresh = sequence.offer(each);
      if (fresh.length) told.set(each.sensor, [...(told.get(each.sensor) ?? []), ...fresh]);
      if (sequence.isMissing) this.#fill(each.sensor);
    }
    for (const [sensor, fresh] of told) this.#tell(sensor, fresh);
  }

  #takeSnapshot(snapshot) {
    const sequence = this.#sequences.get(snapshot.sensor);
    if (!sequence) return;
    if (snapshot.seq < sequence.last) this.#restart(snapshot);
    else if (snapshot.seq > sequence.last) {
      this.#resuming.set(snapshot.sensor, { until: snapshot.seq, count: 0, from: Infinity, to: -Infinity });
    }
    this.snapshot.publish(inMilliseconds(snapshot));
  }

  #takeGap({ sensor, until }) {
    const sequence = this.#sequences.get(sensor);
    if (!sequence) return;
    if (until - sequence.last > MOST_FETCHED) return this.#restart({ sensor, seq: until });
    sequence.leaveOut(until);
    if (sequence.isMissing) this.#fill(sensor);
  }

  #takePong({ id, at }) {
    const pinged = this.#link.pinged;
    if (pinged?.id === id) this.#clock.sample(pinged.at, Date.parse(at), this.#link.heardAt);
  }

  #restart({ sensor, seq }) {
    this.#sequences.get(sensor).restart(seq);
    this.#resuming.delete(sensor);
    this.restarted.publish(sensor);
  }

  /** Fetches until nothing that is known of is missing; one fetch at a time for each sensor. */
  async #fill(sensor, attempt = 0) {
    if (this.#filling.has(sensor)) return;
    this.#filling.add(sensor);
    try {
      do await this.#fetchMissing(sensor);
      while (this.#sequences.get(sensor).isMissing);
    } catch (error) {
      const wait = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)];
      if (this.#sequences.get(sensor).isMissing) this.#after(wait, () => this.#fill(sensor, attempt + 1));
      this.failed.publish({ code: "fetch", detail: error.message });
    } finally {
      this.#filling.delete(sensor);
    }
  }

  async #fetchMissing(sensor) {
    const sequence = this.#sequences.get(sensor);
    const known = sequence.known;
    let page;
    do {
      // Always from our own last, never from the page's `next`: readings of the socket may have moved it on meanwhile.
      page = await this.#fetchJson(`/api/v1/sensors/${sensor}/readings?after_seq=${sequence.last}&limit=${PAGE}`);
      this.#tell(sensor, sequence.fill(page.readings), { isLate: true });
    } while (page.next && page.readings.length);
    this.#tell(sensor, sequence.filled(known));
  }

  #tell(sensor, wire, { isLate = false } = {}) {
    if (!wire.length) return;
    const resuming = this.#resuming.get(sensor);
    const readings = wire.map((each) => ({
      ...inMilliseconds(each),
      sensor,
      isLate: isLate || (resuming !== undefined && each.seq <= resuming.until),
    }));
    this.readings.publish(readings);
    if (resuming) this.#countResumed(sensor, resuming, readings);
  }

  #countResumed(sensor, resuming, readings) {
    for (const { observedAt } of readings.filter((each) => each.seq <= resuming.until)) {
      resuming.count += 1;
      resuming.from = Math.min(resuming.from, observedAt);
      resuming.to = Math.max(resuming.to, observedAt);
    }
    if (this.#sequences.get(sensor).last < resuming.until) return;
    this.#resuming.delete(sensor);
    const { count, from, to } = resuming;
    if (count) this.caughtUp.publish({ sensor, count, from, to });
  }
}

const instant = (text) => (text ? Date.parse(text) : null);

/** The wire's reading with its instants as milliseconds since the epoch. */
export function inMilliseconds({ observed_at, received_at, ...rest }) {
  return { ...rest, observedAt: instant(observed_at), receivedAt: instant(received_at) };
}
