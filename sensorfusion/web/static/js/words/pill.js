import { ageText } from "sf/format";
import { NBSP } from "sf/numbers";
import { why } from "sf/station-words";
import { gettext } from "sf/translation";

/**
 * The text of the live pill, from the state of the page. Ordered by importance for a reader who relies on the numbers.
 */
export function pill({ isOnline, link, gate, sensors, now, ownNow, siteTime }) {
  if (!isOnline) return { state: "browser-offline", word: gettext`You are offline`, more: "" };
  if (gate.isPaused) return { state: "paused", word: gettext`Paused`, more: gate.count ? gettext`· ${gate.count} new` : "" };
  if (link.state === "waiting") return waiting(link, ownNow);
  if (link.state !== "open") return { state: "connecting", word: gettext`Connecting`, more: "" };
  return listening(sensors, now, siteTime);
}

function waiting(link, ownNow) {
  const seconds = Math.max(0, Math.ceil((link.retryAt - ownNow) / 1000));
  return { state: "reconnecting", word: gettext`Reconnecting`, more: seconds ? gettext`in ${seconds}${NBSP}s` : "" };
}

/** The page's state is that of its best sensor; the others show their own. */
function listening(sensors, now, siteTime) {
  const state =
    ["live", "late", "offline", "paused"].find((each) => sensors.some((one) => one.state === each)) ?? "pending";
  const newest = Math.max(...sensors.filter((one) => one.state === state).map((one) => one.observedAt ?? -Infinity));
  switch (state) {
    case "live":
      return { state, word: gettext`Live`, more: `· ${ageText(now - newest)}` };
    case "pending":
      return { state: "live", word: gettext`Listening`, more: "" };
    default:
      return { state, word: why(state, newest > 0 ? siteTime.since(newest, now) : ""), more: "" };
  }
}
