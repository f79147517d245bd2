import { placeOf, store } from "sf/live";
import { isOvercast, position, sky } from "sf/sun";

/** The light over a sensor. */
const RADIATION_HOLDS_MS = 15 * 60_000; // an old reading says nothing of the clouds now

/** Where the sun stands and what its sky is called, null for a sensor of which nobody said where it is. */
export function lightOver(sensor, now) {
  const place = placeOf(sensor);
  if (!place) return null;
  const { altitude, azimuth } = position(now, place);
  const newest = store.newest(sensor, "solar_radiation");
  const radiation = newest && now - newest.at < RADIATION_HOLDS_MS ? newest.value : null;
  return { place, altitude, azimuth, name: isOvercast(altitude, radiation) ? "overcast" : sky(altitude) };
}
