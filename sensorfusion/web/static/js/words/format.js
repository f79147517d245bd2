import { tables } from "sf/tables";
import { dayNumber, formatter, wallS } from "sf/zone";

/**
 * Numbers, ages and instants as text, in the server's format: real minus, no-break space before units, 24-hour clock.
 */
export const NBSP = "\u00a0";
const MINUS = "\u2212";
const DASH = "–";

/** A value in the reader's unit; `unit` is an entry of the page's table: {factor, offset, symbol, decimals}. */
export function inUnit(value, unit) {
  return unit ? value * (unit.factor ?? 1) + (unit.offset ?? 0) : value;
}

/** A number with a fixed number of decimals; zero has no sign. */
export function fixed(value, decimals = 1) {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** A canonical value in the reader's unit, without its symbol. Text and booleans are unchanged. */
export function valueText(value, unit) {
  if (value == null) return DASH;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return String(value);
  return fixed(inUnit(value, unit), unit?.decimals ?? 1);
}

/** A value with its unit; the degree sign of an angle has no space. */
export function withUnit(value, unit) {
  const symbol = unit?.symbol ?? "";
  return valueText(value, unit) + (symbol && symbol !== "°" ? NBSP : "") + symbol;
}

const isInDegrees = (unit) => /^°[CF]$/.test(unit?.symbol);

/** A temperature with a bare degree sign, anything else with its unit. */
export function shortText(value, unit) {
  return isInDegrees(unit) ? `${valueText(value, unit)}°` : withUnit(value, unit);
}

/** Whether a difference between two canonical values is too small to be shown. */
export function isNothing(by, unit) {
  return Number((by * (unit?.factor ?? 1)).toFixed(unit?.decimals ?? 1)) === 0;
}

/** A difference with its sign, and without its unit. */
export function differenceText(by, unit) {
  const text = fixed(by * (unit?.factor ?? 1), unit?.decimals);
  return by < 0 || isNothing(by, unit) ? text : `+${text}`;
}

/** The size of a difference: without its sign, with its unit. */
export function sizeText(by, unit) {
  return shortText(Math.abs(by), { ...unit, offset: 0 });
}

/** "2 s ago", "5 min ago", "3 h ago", "4 d ago" for an age in milliseconds. */
export function ageText(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${spanText(seconds)} ago`;
}

/** "45 s", "6 min", "3 h", "4 d": a duration in one unit, rounded down. */
export function spanText(seconds) {
  if (seconds < 60) return `${Math.floor(seconds)}${NBSP}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NBSP}min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3600)}${NBSP}h`;
  return `${Math.floor(seconds / 86_400)}${NBSP}d`;
}

/** Text after "every": second, 5 min, 2 h. */
export function intervalText(seconds) {
  if (seconds < 90) return seconds < 1.5 ? "second" : `${Math.round(seconds)}${NBSP}s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)}${NBSP}min` : `${Math.round(seconds / 3600)}${NBSP}h`;
}

/** Instants (milliseconds) by the clock and calendar of one site. */
export class SiteTime {
  constructor(zone = "UTC", language = "en-GB") {
    this.zone = zone;
    const local = (options) => formatter(language, { timeZone: zone, hourCycle: "h23", ...options });
    this.#minute = local({ hour: "2-digit", minute: "2-digit" });
    this.#second = local({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
  }

  #minute;
  #second;

  time(at) {
    return this.#minute.format(at);
  }

  timeWithSeconds(at) {
    return this.#second.format(at);
  }

  day(at) {
    return `${this.#wall(at).getUTCDate()} ${this.month(at)}`;
  }

  month(at) {
    return tables.months[this.#wall(at).getUTCMonth()];
  }

  date(at) {
    return `${this.day(at)} ${this.#wall(at).getUTCFullYear()}`;
  }

  /** The time of day, with its date unless that is the local day of `now`. */
  since(at, now) {
    const isToday = dayNumber(at / 1000, this.zone) === dayNumber(now / 1000, this.zone);
    return isToday ? this.time(at) : `${this.day(at)}, ${this.time(at)}`;
  }

  /** The wall clock as a date of UTC. */
  #wall(at) {
    return new Date(wallS(at / 1000, this.zone) * 1000);
  }
}
