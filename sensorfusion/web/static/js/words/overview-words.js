import { tables } from "sf/tables";
import { gettext, pgettext } from "sf/translation";

/** The states of sensors in words, as in the server's `reports/overview.py`. */
const sensorsText = (count) => (count === 1 ? gettext`1 sensor` : gettext`${count} sensors`);
const sitesText = (count) => (count === 1 ? pgettext("at")`1 site` : pgettext("at")`${count} sites`);

/** "3 sensors at 1 site, all reporting", from the states of all. */
export function summary(states, sites) {
  const start = gettext`${sensorsText(states.length)} at ${sitesText(sites)}`;
  const others = Object.entries(tables.counted)
    .map(([state, words]) => [states.filter((each) => each === state).length, words])
    .filter(([count]) => count)
    .map((each) => each.join(" "));
  if (!others.length) return states.length === 1 ? gettext`${start}, reporting` : gettext`${start}, all reporting`;
  const counted = [others.slice(0, -1).join(", "), others.at(-1)].filter(Boolean).join(gettext` and `);
  return `${start}, ${counted}`;
}
