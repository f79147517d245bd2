import { tables } from "sf/tables";

/** Returns the nearest of the 16 points: 349 is N, 200 is SSW. */
export function compassPoint(degrees) {
  return tables.compass_points[((Math.floor(degrees / 22.5 + 0.5) % 16) + 16) % 16];
}

/**
 * The mean of directions and their standard deviation (Yamartino 1984) as {middle, spread}, null when they cancel out.
 */
export function steadiness(directions) {
  const radians = directions.map((each) => (each * Math.PI) / 180);
  const east = radians.reduce((sum, each) => sum + Math.sin(each), 0) / radians.length;
  const north = radians.reduce((sum, each) => sum + Math.cos(each), 0) / radians.length;
  if (!(Math.hypot(east, north) > 1e-9)) return null;
  const epsilon = Math.sqrt(Math.max(0, 1 - east * east - north * north));
  const spread = Math.asin(epsilon) * (1 + (2 / Math.sqrt(3) - 1) * epsilon ** 3);
  return { middle: (Math.atan2(east, north) * 180) / Math.PI, spread: (spread * 180) / Math.PI };
}

/** The angle nearest to `from` that points to `to`, so that a needle at 350° reaches 10° through north (370°). */
export function shortestArc(from, to) {
  const turn = ((((to - from) % 360) + 540) % 360) - 180;
  return from + turn;
}
