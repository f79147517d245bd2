import { dayBeginS } from "sf/zone";

/** The form for days of the site, imported when it is sent. */
const DAY_MS = 86_400_000;

/** The span of the whole days of a form, which may be in any order; none that has not begun. */
export function chosenSpan({ day, through }, { zone, startsH }) {
  const numbers = [day, through].map(({ value }) => Date.parse(value || day.value) / DAY_MS);
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)];
  return [dayBeginS(first, zone, startsH), dayBeginS(last + 1, zone, startsH)];
}
