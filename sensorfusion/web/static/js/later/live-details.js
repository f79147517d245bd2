import { setText, svg } from "sf/dom";
import { NBSP, fixed } from "sf/numbers";
import { gettext } from "sf/translation";

/** The popover with the details of the live connection, imported once it is opened. */

/** Updates the popover `place`; `time` is the site's clock. */
export function drawDetails(place, { clock, arrivals, time }) {
  const now = clock.now();
  const show = (name, text) => setText(place.querySelector(`[data-fact=${name}]`), text);
  show("rtt", roundTripText(clock.roundTrip));
  show("latency", latencyText(arrivals.latency));
  show("rate", gettext`${arrivals.perMinute(now)} in the last minute`);
  show("server-time", time.timeWithSeconds(now));
  drawArrivals(place.querySelector("[data-fact=arrivals]"), arrivals.perSecond(now));
}

function drawArrivals(place, counts) {
  if (!place) return;
  const most = Math.max(1, ...counts);
  const bars = counts
    .map((count, i) => (count ? `M${i + 0.5} 32V${(32 - (28 * count) / most).toFixed(1)}` : ""))
    .join("");
  const drawing =
    place.querySelector("svg") ?? place.appendChild(svg("svg", { viewBox: "0 0 60 32", preserveAspectRatio: "none" }));
  const path = drawing.querySelector("path") ?? drawing.appendChild(svg("path", { class: "arrival-bars" }));
  path.setAttribute("d", bars);
}

/** Server-sent events go one way. */
function roundTripText(ms) {
  if (document.documentElement.dataset.carrier === "events") return gettext`–, as sockets are blocked`;
  return ms === null ? "–" : `${Math.round(ms)}${NBSP}ms`;
}

function latencyText(latency) {
  if (!latency) return "–";
  const { sensorMs, serverMs } = latency;
  const whole = sensorMs + serverMs;
  return whole < 1000 ? `${Math.round(whole)}${NBSP}ms` : `${fixed(whole / 1000, 1)}${NBSP}s`;
}
