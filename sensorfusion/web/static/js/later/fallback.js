import { Carrier } from "sf/carrier";
import { Events } from "sf/events";
import { resumed } from "sf/resumed";

/** The live stream where WebSockets are blocked, loaded when one could not be opened. */
const PING = { action: "ping" };
const SOCKET = /ws\/live\/?$/;
const links = new WeakSet(); // that were given it

const absolute = (path) => new URL(path, location.href);

/** Tells the details of the pill what carries. */
const chosen = (name) => (document.documentElement.dataset.carrier = name);

function socketAt(address) {
  const found = absolute(address);
  found.protocol = found.protocol.replace("http", "ws");
  return new WebSocket(found);
}

/** Lets a link open what works. `live` is the socket's address; without a stream the page follows alerts only. */
export function follow(link, live, stream) {
  if (links.has(link)) return;
  links.add(link);
  const address = absolute(live.replace(SOCKET, "api/v1/stream"));
  const after = () => Object.fromEntries(stream?.lasts ?? []);
  const refusals = document.querySelector("sf-onboard, sf-notices") !== null;
  const query = { alerts: stream ? "true" : "only", ...(stream?.lasts.length === 1 && { refusals }) };
  const events = () => resumed({ address, after: after(), query });
  link.open = () => new Carrier({ socket: () => socketAt(live), hello: PING, events, chosen });
  link.retry();
}

/** What a page with a socket of its own opens instead: `live` is its address, `sensor` the one that it follows. */
export function carrierOf(live, sensor) {
  const address = absolute(sensor ? live.replace(SOCKET, "api/v1/stream") : live.replace(/live\/(?=$|\?)/, "events/"));
  if (sensor) address.search = new URLSearchParams({ sensor, ids: false });
  const events = () => new Events((signal) => fetch(address, { cache: "no-store", signal }));
  return new Carrier({ socket: () => socketAt(live), hello: sensor ? PING : null, events, chosen });
}
