/**
 * What follows from what was measured, and the words for it: the formulas of the server's `domain/derived.py`, with their
 * sources. Everything is in canonical units; null where an input is missing.
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

/** Wind chill when it is cold and windy, heat index when it is hot and humid, else the air's temperature. */
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

/** In °F from °F; what the server adjusts below 13 % is below the humidity from which this is asked. */
function rothfusz(t, rh) {
  const index =
    -42.379 + 2.04901523 * t + 10.14333127 * rh - 0.22475541 * t * rh - 0.00683783 * t * t -
    0.05481717 * rh * rh + 0.00122874 * t * t * rh + 0.00085282 * t * rh * rh - 0.00000199 * t * t * rh * rh;
  return rh > 85 && t >= 80 && t <= 87 ? index + (((rh - 85) / 10) * (87 - t)) / 5 : index;
}

const word = (value, edges, words) => words[edges.filter((edge) => value >= edge).length];

/** How a dew point feels. */
export function comfortWord(value) {
  const words = ["very dry", "dry", "comfortable", "slightly humid", "humid", "muggy", "oppressive"];
  return word(value, [5, 10, 16, 18, 21, 24], words);
}

export function uvWord(value) {
  return word(Math.floor(value + 0.5), [3, 6, 8, 11], ["low", "moderate", "high", "very high", "extreme"]);
}

/** Where the pressure goes, from its change in hPa over 3 hours. */
export function tendencyWord(change) {
  if (Math.abs(change) < 0.7) return "steady";
  return (change > 0 ? "rising" : "falling") + word(Math.abs(change), [2, 5], [" slowly", "", " rapidly"]);
}

// Lower edges in m/s of forces 1 to 12 (WMO-No. 306, code table 1100).
const FORCES = [0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7];
const FORCE_WORDS = [
  "calm",
  "light air",
  "light breeze",
  "gentle breeze",
  "moderate breeze",
  "fresh breeze",
  "strong breeze",
  "near gale",
  "gale",
  "strong gale",
  "storm",
  "violent storm",
  "hurricane force",
];

/** The Beaufort force of a speed in m/s. */
export function beaufort(speed) {
  return FORCES.filter((edge) => speed.toFixed(1) >= edge).length;
}

export function beaufortWord(speed) {
  return FORCE_WORDS[beaufort(speed)];
}
