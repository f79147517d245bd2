import { placeOf, store } from "sf/live";
import { isOvercast, position, sky } from "sf/sun";
import { tables } from "sf/tables";

/** The light over a sensor. */

/** The sun's position and the sky's name, null for a sensor without a location. */
export function lightOver(sensor, now) {
  const place = placeOf(sensor);
  if (!place) return null;
  const { altitude, azimuth } = position(now, place);
  const at = store.newest(sensor, "solar_radiation")?.at;
  const isFresh = now - at < tables.sun.radiation_lasts_s * 1000;
  const radiation = isFresh ? store.current(sensor, "solar_radiation") : null;
  return { place, altitude, azimuth, name: isOvercast(altitude, radiation) ? "overcast" : sky(altitude) };
}
