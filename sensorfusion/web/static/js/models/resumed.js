import { Events } from "sf/events";

/** The API's `stream` from a seq of each sensor on, as `subscribe` with `after` on the socket. */
const MOST_IN_A_HEADER = 100; // sensors: proxies take 8 KiB of headers, many of them
const GONE = 4404;

/**
 * Opens the stream after `after`, {sensor: seq}. One sensor is named, of several comes all that may be seen: one that is
 * gone would refuse the rest. Above what a header takes the stream begins now, and what is missing is told as gaps.
 */
export function resumed({ address, after, sensors = Object.keys(after), headers = {}, query = {} }) {
  const url = new URL(address);
  const asked = { ids: false, ...(sensors.length === 1 && { sensor: sensors[0] }), ...query };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  const isWhole = sensors.length <= MOST_IN_A_HEADER;
  const position = isWhole ? { "Last-Event-ID": positionOf(after) } : {};
  const ask = (signal) => fetch(url, { headers: { ...headers, ...position }, cache: "no-store", signal });
  return isWhole ? new Told(ask) : new Told(ask, after);
}

/** Events that tell what a socket would: gaps, and a sensor that is gone, which leaves a socket open. */
class Told {
  onopen = null;
  onmessage = null;
  onclose = null;

  #events;

  constructor(ask, after = {}) {
    this.#events = new Events(ask);
    this.#events.onopen = () => this.onopen?.();
    this.#events.onclose = ({ code }) => (code === GONE ? this.#tellGone() : this.onclose?.({ code }));
    this.#events.onmessage = (event) => {
      this.onmessage?.(event);
      if (event.data.startsWith('{"type":"snapshot"')) this.#tellGaps(JSON.parse(event.data), after);
    };
  }

  send() {}

  close() {
    this.#events.close();
  }

  #tell(message) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  #tellGaps({ sensors }, after) {
    for (const { sensor, seq } of sensors)
      if (seq > after[sensor]) this.#tell({ type: "gap", sensor, after: after[sensor], until: seq });
  }

  #tellGone() {
    this.onopen?.();
    this.#tell({ type: "error", code: "unknown_sensor" });
  }
}

/** What `Last-Event-ID` says: `live/positions.py`. */
export function positionOf(after) {
  return Object.entries(after)
    .map(([sensor, seq]) => `${shortId(sensor)}.${seq}`)
    .join("~");
}

function shortId(uuid) {
  const bytes = uuid.replaceAll("-", "").match(/../g).map((pair) => parseInt(pair, 16));
  return btoa(String.fromCharCode(...bytes)).slice(0, 22).replaceAll("+", "-").replaceAll("/", "_");
}
