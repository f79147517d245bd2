import { DAY_S, HOUR_S, modulo } from "sf/basics";

/**
 * Wall clocks of a time zone, as in the server's `domain/local_time.py`. `Intl` formatters are expensive to create and
 * slow to call, so each zone's is cached, and its offset is computed once per quarter of an hour: no zone changes its
 * offset at another time.
 */
const QUARTER_S = 900;
const MONDAY = 3; // 1 January 1970 was a Thursday
const SKIPPED_S = DAY_S / 2; // a zone that moves over the date line skips a day

const formatters = new Map();
const offsets = new Map();

/** Returns a cached formatter. */
export function formatter(language, options) {
  const key = `${language}|${JSON.stringify(options)}`;
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(language, options));
  return formatters.get(key);
}

/** Seconds by which the zone's clocks are ahead of UTC at an instant (epoch seconds). */
export function offsetS(at, zone) {
  const quarter = Math.floor(at / QUARTER_S);
  const key = `${zone}|${quarter}`;
  if (!offsets.has(key)) {
    if (offsets.size > 5_000) offsets.clear();
    offsets.set(key, askOffsetS(quarter * QUARTER_S, zone));
  }
  return offsets.get(key);
}

/**
 * The instant at which the zone's clocks show a wall time, given as if it were epoch seconds of UTC. One that they show
 * twice is the first of the two; one that they skip is as long after the change as it would have been.
 */
export function instantS(wall, zone) {
  const [earlier, later] = [offsetS(wall - DAY_S, zone), offsetS(wall + DAY_S, zone)];
  const isShown = (offset) => offsetS(wall - offset, zone) === offset;
  return wall - (isShown(earlier) || !isShown(later) ? earlier : later);
}

/** The wall time at an instant, as if it were epoch seconds of UTC. */
export function wallS(at, zone) {
  return at + offsetS(at, zone);
}

/** The number of the day that contains an instant, counted from 1 January 1970. */
export function dayNumber(at, zone, startsH = 0) {
  let day = Math.floor((wallS(at, zone) - startsH * HOUR_S) / DAY_S);
  while (dayBeginS(day + 1, zone, startsH) <= at) day++;
  while (dayBeginS(day, zone, startsH) > at) day--;
  return day;
}

/** The instant at which a day begins, by its number. */
export function dayBeginS(day, zone, startsH = 0) {
  return instantS(day * DAY_S + startsH * HOUR_S, zone);
}

/** The instant at which the day of an instant began. */
export function dayStartS(at, zone, startsH = 0) {
  return dayBeginS(dayNumber(at, zone, startsH), zone, startsH);
}

/**
 * The beginning of the bar that contains an instant: bars of hours begin at round hours after the day's beginning,
 * those of days with a day, and those of weeks with `weekday`, 0 for Monday.
 */
export function barStartS(at, widthS, zone, startsH = 0, weekday = 0) {
  if (widthS >= DAY_S) {
    const day = dayNumber(at, zone, startsH);
    return dayBeginS(day - modulo(day + MONDAY - weekday, widthS / DAY_S), zone, startsH);
  }
  const [offset, begin] = [offsetS(at, zone), startsH * HOUR_S];
  const wall = Math.floor((at + offset - begin) / widthS) * widthS + begin;
  // Of an hour that the clocks show twice, the second one has a bar of its own unless bars are longer.
  const [first, second] = [instantS(wall, zone), wall - offset];
  const found = second - first >= widthS && offsetS(second, zone) === offset ? second : first;
  return found <= at ? found : instantS(wall - DAY_S, zone); // on a day that was skipped
}

/** The instant of the same wall time on the day before. */
export function dayBeforeS(at, zone) {
  const wall = wallS(at, zone);
  const before = instantS(wall - DAY_S, zone);
  return at - before > SKIPPED_S ? before : instantS(wall - 2 * DAY_S, zone);
}

/** The instant of the same wall time on the day after. */
export function dayAfterS(at, zone) {
  const wall = wallS(at, zone);
  const after = instantS(wall + DAY_S, zone);
  return after - at > SKIPPED_S ? after : instantS(wall + 2 * DAY_S, zone);
}


function askOffsetS(at, zone) {
  const options = {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  };
  const parts = Object.fromEntries(
    formatter("en", options)
      .formatToParts(at * 1000)
      .map(({ type, value }) => [type, +value]),
  );
  return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute) / 1000 - Math.floor(at / 60) * 60;
}
