import { Carrier } from "sf/carrier";
import { Events } from "sf/events";
import { resumed } from "sf/resumed";
import { Sequence } from "sf/sequence";

/**
 * SensorFusion in a page of your own: values, series and the live stream, by a token or of a shared link. Served as one
 * module, `clients/sensorfusion.js`; docs/browser.md describes it, sensorfusion.d.ts its types.
 */
const PAGE_READINGS = 1_000;
const PING_MS = 15_000;
const SILENCE_MS = 35_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const ENDED = [4401, 4404, 4410]; // no right, or none any more

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail ?? `The server answered ${status}`);
    this.status = status;
    this.code = problem.code;
  }
}

/** Everything that an API token may read. */
export class SensorFusion {
  #root;
  #token;

  constructor(server, { token }) {
    this.#root = rootOf(server);
    this.#token = token;
  }

  get #headers() {
    return { Authorization: `Bearer ${this.#token}` };
  }

  get(path, query) {
    return getJson(`${this.#root}api/v1/${path}`, query, this.#headers);
  }

  latest(sensor, query) {
    return this.get(`sensors/${sensor}/latest`, query);
  }

  series(sensor, query) {
    return this.get(`sensors/${sensor}/series`, query);
  }

  live(sensors, handlers, { after = {} } = {}) {
    const address = `${this.#root}api/v1/stream`;
    return new Subscription(this, sensors, handlers, after, (places) => ({
      socket: () => socketAt(`${this.#root}ws/live/`),
      hello: { action: "authenticate", token: this.#token },
      events: () => resumed({ address, sensors, after: places(), headers: this.#headers }),
    }));
  }
}

/** What a shared link shows, or the page of a site: formatted values. */
export class SharedLink {
  #root;

  constructor(address) {
    this.#root = rootOf(address);
  }

  latest(query) {
    return getJson(`${this.#root}latest/`, query);
  }

  series(query) {
    return getJson(`${this.#root}series/`, query);
  }

  live({ value, state, ended }, query) {
    const address = (name) => addressOf(this.#root + name, query);
    const events = () => new Events((signal) => fetch(address("events/"), { cache: "no-store", signal }));
    return new Connection({ socket: () => socketAt(address("live/")), hello: null, events }, { heard: value, state, ended });
  }
}

/** Opens a carrier, and another one after each end until the right has ended. */
class Connection {
  #ways;
  #on;
  #carrier;
  #waiting;
  #watching;
  #failures = 0;
  #heardAt;

  constructor(ways, on) {
    this.#ways = { ...ways, chosen: on.state };
    this.#on = on;
    // The socket of a link answers no pings.
    if (ways.hello) this.#watching = setInterval(() => this.#watch(), PING_MS);
    this.#open();
  }

  send(message) {
    this.#carrier.send(JSON.stringify(message));
  }

  close() {
    clearInterval(this.#watching);
    this.#drop();
  }

  #open() {
    this.#heardAt = Date.now();
    const carrier = (this.#carrier = new Carrier(this.#ways));
    carrier.onopen = () => this.#on.opened?.();
    carrier.onmessage = ({ data }) => {
      this.#failures = 0;
      this.#heardAt = Date.now();
      if (data !== "{}") this.#on.heard(JSON.parse(data));
    };
    carrier.onclose = ({ code }) => {
      if (!ENDED.includes(code)) return this.#again();
      this.close();
      this.#on.ended?.();
    };
  }

  #watch() {
    if (Date.now() - this.#heardAt > SILENCE_MS) this.#again();
    else this.send({ action: "ping" });
  }

  #again() {
    this.#drop();
    this.#on.state?.("waiting");
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    this.#waiting = setTimeout(() => this.#open(), wait * (0.7 + 0.6 * Math.random()));
  }

  #drop() {
    clearTimeout(this.#waiting);
    this.#carrier.onclose = this.#carrier.onmessage = null;
    this.#carrier.close();
  }
}

/** Hands on every change of the sensors once and in order, across disconnects. */
class Subscription {
  #server;
  #on;
  #sensors;
  #connection;
  #sequences = new Map();
  #filling = new Set();

  constructor(server, sensors, handlers, after, ways) {
    this.#server = server;
    this.#on = handlers;
    this.#sensors = sensors;
    for (const sensor in after) this.#sequences.set(sensor, new Sequence(after[sensor]));
    this.#connection = new Connection(ways(() => this.after), {
      opened: () => this.#connection.send({ action: "subscribe", sensors, after: this.after }),
      heard: (message) => this.#receive(message),
      state: handlers.state,
      ended: handlers.ended,
    });
  }

  /** The last seq of each sensor, from which another subscription goes on. */
  get after() {
    return Object.fromEntries([...this.#sequences].map(([sensor, { last }]) => [sensor, last]));
  }

  close() {
    this.#connection.close();
    this.#sequences.clear();
  }

  #receive(message) {
    const { type, sensor } = message;
    if (type === "snapshot") message.sensors.forEach((each) => this.#takeSnapshot(each));
    else if (type === "readings") message.readings.forEach((each) => this.#take(each));
    else if (type === "gap") this.#takeGap(message);
    else if (type === "error") this.#on.error?.(message);
    else if (type === "sensor" && this.#sensors.includes(sensor)) this.#on.sensor?.(message);
  }

  #takeSnapshot(snapshot) {
    const { sensor, seq } = snapshot;
    if (!this.#sensors.includes(sensor)) return; // events come of all sensors
    const known = this.#sequences.get(sensor);
    if (!known) this.#sequences.set(sensor, new Sequence(seq));
    else if (seq < known.last) known.restart(seq); // the server was restored to older data
    this.#on.snapshot?.(snapshot);
  }

  #take(reading) {
    const sequence = this.#sequences.get(reading.sensor);
    sequence?.offer(reading).forEach((each) => this.#on.reading?.(each));
    if (sequence?.isMissing) this.#fill(reading.sensor);
  }

  #takeGap({ sensor, until }) {
    this.#sequences.get(sensor)?.leaveOut(until);
    this.#fill(sensor);
  }

  /** Fetches what is missing, one fetch at a time for each sensor. */
  async #fill(sensor) {
    if (this.#filling.has(sensor)) return;
    this.#filling.add(sensor);
    try {
      while (this.#sequences.get(sensor)?.isMissing) await this.#fetch(sensor, this.#sequences.get(sensor));
    } catch {
      setTimeout(() => this.#fill(sensor), PING_MS);
    }
    this.#filling.delete(sensor);
  }

  async #fetch(sensor, sequence) {
    const { known } = sequence;
    const tell = (readings) => {
      if (this.#sequences.has(sensor)) readings.forEach((each) => this.#on.reading?.({ ...each, sensor }));
    };
    let page;
    do {
      page = await this.#server.get(`sensors/${sensor}/readings`, { after_seq: sequence.last, limit: PAGE_READINGS });
      tell(sequence.fill(page.readings));
    } while (page.next && page.readings.length);
    tell(sequence.filled(known));
  }
}

const rootOf = (address) => `${address.replace(/\/+$/, "")}/`;

function addressOf(address, query = {}) {
  const url = new URL(address);
  for (const name in query) url.searchParams.set(name, query[name]);
  return url;
}

function socketAt(address) {
  const url = new URL(address);
  url.protocol = url.protocol.replace("http", "ws");
  return new WebSocket(url);
}

async function getJson(address, query, headers) {
  const response = await fetch(addressOf(address, query), { headers });
  if (!response.ok) throw new ApiError(response.status, await response.json().catch(() => ({})));
  return response.json();
}
