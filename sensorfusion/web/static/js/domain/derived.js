import { tables } from "sf/tables";

/**
 * Derived quantities and their words: the formulas of the server's `domain/weather/derived.py`, with their sources. Everything
 * is in canonical units; null where an input is missing.
 */
const HOT = ((80 - 32) * 5) / 9;
const HUMID = 40;
const COLD = 10;
const BREEZY = 4.8 / 3.6;

export function dewPoint(temperature, humidity) {
  if (temperature === null || !(humidity > 0)) return null;
  const magnus = Math.log(humidity / 100) + (17.625 * temperature) / (243.04 + temperature);
  return (243.04 * magnus) / (17.625 - magnus);
}

/** Wind chill when it is cold and windy, heat index when it is hot and humid, else the air temperature. */
export function feelsLike(temperature, humidity, windSpeed) {
  if (temperature === null) return null;
  if (temperature <= COLD) return windSpeed > BREEZY ? windChill(temperature, windSpeed) : temperature;
  return temperature >= HOT && humidity >= HUMID ? heatIndex(temperature, humidity) : temperature;
}

function windChill(temperature, windSpeed) {
  const power = (windSpeed * 3.6) ** 0.16;
  return 13.12 + 0.6215 * temperature - 11.37 * power + 0.3965 * temperature * power;
}

function heatIndex(temperature, rh) {
  const t = (temperature * 9) / 5 + 32;
  const simple = (t + 0.5 * (t + 61 + (t - 68) * 1.2 + rh * 0.094)) / 2;
  return (((simple < 80 ? simple : rothfusz(t, rh)) - 32) * 5) / 9;
}

/** Input and result in °F; the server's adjustment below 13 % is below the humidity from which this is used. */
function rothfusz(t, rh) {
  const index =
    -42.379 + 2.04901523 * t + 10.14333127 * rh - 0.22475541 * t * rh - 0.00683783 * t * t -
    0.05481717 * rh * rh + 0.00122874 * t * t * rh + 0.00085282 * t * rh * rh - 0.00000199 * t * t * rh * rh;
  return rh > 85 && t >= 80 && t <= 87 ? index + (((rh - 85) / 10) * (87 - t)) / 5 : index;
}

const placeIn = ({ edges }, value) => edges.filter((edge) => value >= edge).length;
const wordOf = (scale, value) => scale.words[placeIn(scale, value)];

/** The word for a dew point's comfort. */
export function comfortWord(value) {
  return wordOf(tables.words.comfort, value);
}

export function uvWord(value) {
  return wordOf(tables.words.uv, Math.floor(value + 0.5));
}

/** The word for the pressure tendency, from its change in hPa over 3 hours. */
export function tendencyWord(change) {
  return wordOf(tables.words[change > 0 ? "rising" : "falling"], Math.abs(change));
}

/** The Beaufort force of a speed in m/s. */
export function beaufort(speed) {
  return placeIn(tables.words.beaufort, +speed.toFixed(1));
}

export function beaufortWord(speed) {
  return tables.words.beaufort.words[beaufort(speed)];
}
