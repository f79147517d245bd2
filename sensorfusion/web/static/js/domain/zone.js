/**
 * Wall clocks of a time zone. `Intl` formatters are expensive to create and slow to call, so each zone's is cached, and
 * its offset is computed once per quarter of an hour: no zone changes its offset at another time.
 */
const QUARTER_S = 900;

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

/** The instant at which the zone's clocks show a wall time, given as if it were epoch seconds of UTC. */
export function instantS(wall, zone) {
  const guess = wall - offsetS(wall, zone);
  const better = wall - offsetS(guess, zone);
  // A change of offset is between the two; a wall time that is skipped becomes the one after the change.
  return offsetS(better, zone) === offsetS(guess, zone) ? better : Math.max(guess, better);
}

/** The wall time at an instant, as if it were epoch seconds of UTC. */
export function wallS(at, zone) {
  return at + offsetS(at, zone);
}

/** The instant at which the local day of `at` began. */
export function midnightS(at, zone) {
  const wall = wallS(at, zone);
  return instantS(wall - (((wall % 86_400) + 86_400) % 86_400), zone);
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
