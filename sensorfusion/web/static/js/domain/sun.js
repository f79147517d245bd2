import { deg, modulo, rad } from "sf/basics";
import { tables } from "sf/tables";

/**
 * The sun's position and the light of the sky: the equations of the server's `domain/weather/sun.py` (NOAA's solar calculator,
 * after Meeus 1998). Instants are milliseconds since the epoch, angles degrees.
 */
const J2000 = Date.UTC(2000, 0, 1, 12);
const CENTURY_MS = 36525 * 86_400_000;
const MINUTE_MS = 60_000;


/** Altitude above the horizon without refraction, azimuth from north by east; longitude is positive east. */
export function position(at, { latitude, longitude }) {
  const { declination, equation } = sunAt(at);
  const phi = rad(latitude);
  const hour = rad(modulo(at / MINUTE_MS + equation + 4 * longitude, 1440) / 4 - 180);
  const up = Math.sin(phi) * Math.sin(declination) + Math.cos(phi) * Math.cos(declination) * Math.cos(hour);
  const east = -Math.cos(declination) * Math.sin(hour);
  const north = Math.cos(phi) * Math.sin(declination) - Math.sin(phi) * Math.cos(declination) * Math.cos(hour);
  return {
    altitude: deg(Math.asin(Math.max(-1, Math.min(1, up)))),
    azimuth: modulo(deg(Math.atan2(east, north)), 360),
  };
}

/** Returns the light of the sky at a sun altitude. */
export function sky(altitude) {
  if (altitude > tables.sun.day_above) return "day";
  if (altitude >= tables.sun.twilight_below) return "golden";
  return altitude >= tables.sun.night_below ? "twilight" : "night";
}

/** The radiation under a clear sky in W/m² (Haurwitz 1945). */
export function clearSkyRadiation(altitude) {
  const height = Math.sin(rad(altitude));
  return height > 0 ? 1098 * height * Math.exp(-0.057 / height) : 0;
}

/** Returns whether much less radiation arrives than under a clear sky; always false near the horizon. */
export function isOvercast(altitude, solarRadiation) {
  if (solarRadiation == null || altitude <= tables.sun.overcast_above) return false;
  return solarRadiation < tables.sun.overcast_share * clearSkyRadiation(altitude);
}

/** Returns the spans [from, to) without sun between two instants, for the shading behind charts. */
export function nights(from, to, place) {
  const spans = [];
  let dusk = isUp(from, place) ? null : from;
  for (const at of horizons(from, to, place)) {
    if (dusk === null) dusk = at;
    else {
      spans.push([dusk, at]);
      dusk = null;
    }
  }
  return dusk === null ? spans : [...spans, [dusk, to]];
}

export const isUp = (at, place) => position(at, place).altitude > tables.sun.risen;

/**
 * Finds sunrises and sunsets by bisecting the steps in which the sun crossed the horizon; accurate to a second at any
 * latitude.
 */
function* horizons(from, to, place, step = 20 * MINUTE_MS) {
  for (let left = from; left < to; left += step) {
    let right = Math.min(left + step, to);
    const wasUp = isUp(left, place);
    if (isUp(right, place) === wasUp) continue;
    for (let low = left; right - low > 1000;) {
      const middle = (low + right) / 2;
      if (isUp(middle, place) === wasUp) low = middle;
      else right = middle;
    }
    yield right;
  }
}

/** Declination in radians and equation of time in minutes (Meeus 1998, chapters 25 and 28). */
function sunAt(at) {
  const t = (at - J2000) / CENTURY_MS;
  const longitude = rad(modulo(280.46646 + t * (36000.76983 + t * 0.0003032), 360));
  const anomaly = rad(357.52911 + t * (35999.05029 - 0.0001537 * t));
  const eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t);
  const center =
    Math.sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t)) +
    Math.sin(2 * anomaly) * (0.019993 - 0.000101 * t) +
    Math.sin(3 * anomaly) * 0.000289;
  const node = rad(125.04 - 1934.136 * t);
  const apparent = longitude + rad(center - 0.00569 - 0.00478 * Math.sin(node));
  const tilt = rad(23.4392911 - 0.0130042 * t + 0.00256 * Math.cos(node));
  const y = Math.tan(tilt / 2) ** 2;
  const equation =
    y * Math.sin(2 * longitude) -
    2 * eccentricity * Math.sin(anomaly) +
    4 * eccentricity * y * Math.sin(anomaly) * Math.cos(2 * longitude) -
    0.5 * y * y * Math.sin(4 * longitude) -
    1.25 * eccentricity ** 2 * Math.sin(2 * anomaly);
  return { declination: Math.asin(Math.sin(tilt) * Math.sin(apparent)), equation: 4 * deg(equation) };
}
