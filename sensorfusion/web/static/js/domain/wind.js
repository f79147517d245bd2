import { tables } from "sf/tables";

/** Returns the nearest of the 16 points: 349 is N, 200 is SSW. */
export function compassPoint(degrees) {
  return tables.compass_points[((Math.floor(degrees / 22.5 + 0.5) % 16) + 16) % 16];
}

/**
 * The mean of winds [direction, speed], weighted by speed, and the standard deviation of their directions (Yamartino
 * 1984) as {middle, spread}, without calms; null when they cancel out. An unknown speed is null.
 */
export function steadiness(winds) {
  const blowing = winds.filter(([direction, speed]) => direction !== null && (speed ?? 1) >= tables.wind.calm);
  const mean = meanVector(blowing.map(([direction, speed]) => [direction, speed ?? 1]));
  const even = meanVector(blowing.map(([direction]) => [direction, 1]));
  if (!(Math.hypot(...mean) > 1e-9)) return null;
  const epsilon = Math.sqrt(Math.max(0, 1 - even[0] ** 2 - even[1] ** 2));
  const spread = Math.asin(epsilon) * (1 + (2 / Math.sqrt(3) - 1) * epsilon ** 3);
  return { middle: (Math.atan2(...mean) * 180) / Math.PI, spread: (spread * 180) / Math.PI };
}

/** The mean east and north components of [direction, weight]. */
function meanVector(directions) {
  const sum = (part) => directions.reduce((all, [each, weight]) => all + weight * part((each * Math.PI) / 180), 0);
  return [sum(Math.sin) / directions.length, sum(Math.cos) / directions.length];
}

/** The angle nearest to `from` that points to `to`, so that a needle at 350° reaches 10° through north (370°). */
export function shortestArc(from, to) {
  const turn = ((((to - from) % 360) + 540) % 360) - 180;
  return from + turn;
}
