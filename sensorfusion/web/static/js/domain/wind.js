import { deg, rad } from "sf/basics";
import { tables } from "sf/tables";

const NO_DIRECTION = 1e-9; // the winds cancel out

/** Returns the nearest of the 16 points: 349 is N, 200 is SSW. */
export function compassPoint(degrees) {
  return tables.compass_points[((Math.floor(degrees / 22.5 + 0.5) % 16) + 16) % 16];
}

/** How much a direction counts in means: as its speed, not at all in a calm, as 1 m/s where the speed is not known. */
export function weight(speed) {
  const known = speed ?? 1;
  return known < tables.wind.calm ? 0 : known;
}

/** The east and north components of a direction. */
export function vector(direction, length) {
  const radians = rad(direction);
  return [length * Math.sin(radians), length * Math.cos(radians)];
}

/** The direction of a vector, null where there is none. */
export function heading([east, north]) {
  if (!(Math.hypot(east, north) >= NO_DIRECTION)) return null;
  return ((deg(Math.atan2(east, north)) + 360) % 360) + 0; // -0 is north
}

/** The mean of winds [direction, speed], weighted by speed, without calms; null when they cancel out. */
export function meanDirection(winds) {
  return heading(sumOf(blowing(winds)));
}

/**
 * The mean direction of winds, and the standard deviation of their directions (Yamartino 1984) as {middle, spread},
 * without calms; null when they cancel out.
 */
export function steadiness(winds) {
  const there = blowing(winds);
  const middle = heading(sumOf(there));
  if (middle === null) return null;
  const even = sumOf(there.map(([direction]) => [direction, 1])).map((each) => each / there.length);
  const epsilon = Math.sqrt(Math.max(0, 1 - even[0] ** 2 - even[1] ** 2));
  const spread = Math.asin(epsilon) * (1 + (2 / Math.sqrt(3) - 1) * epsilon ** 3);
  return { middle, spread: deg(spread) };
}

/** Winds as [direction, weight], without calms. */
function blowing(winds) {
  return winds.filter(([direction, speed]) => direction !== null && weight(speed)).map(([direction, speed]) => [direction, weight(speed)]);
}

/** The sum of vectors, given as [direction, length]. */
function sumOf(directions) {
  const vectors = directions.map(([direction, length]) => vector(direction, length));
  return [0, 1].map((part) => vectors.reduce((sum, each) => sum + each[part], 0));
}

/** The angle nearest to `from` that points to `to`, so that a needle at 350° reaches 10° through north (370°). */
export function shortestArc(from, to) {
  const turn = ((((to - from) % 360) + 540) % 360) - 180;
  return from + turn;
}
