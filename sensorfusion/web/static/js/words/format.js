import { DAY_S, HOUR_S } from "sf/basics";
import { LARGEST_PLAIN, NBSP, fixed, grouped, prefixed, significant } from "sf/numbers";
import { tables } from "sf/tables";
import { gettext, pgettext } from "sf/translation";
import { dayNumber, wallS } from "sf/zone";

/**
 * Numbers, ages and instants as text, in the server's format: real minus, no-break space before units, the
 * reader's clock.
 */
const DASH = "–";
const DIGITS = 4; // significant, of numbers with an SI prefix
const PREFIX_FROM = 1000;

/**
 * A value in the reader's unit; `unit` is an entry of the page's table: {factor, offset, symbol, decimals}, with
 * `digits` for significant digits in place of decimals, `si` for a unit that takes prefixes, and `states` for the words
 * for no and yes, and `steps` for a unit whose numbers are intervals of another one: [its symbol, where they begin].
 */
export function inUnit(value, unit) {
  return unit ? value * (unit.factor ?? 1) + (unit.offset ?? 0) : value;
}

/** A canonical value as [number, symbol] in the reader's unit. Text and booleans are unchanged, without a symbol. */
export function valueParts(value, unit) {
  if (value == null) return [DASH, ""];
  if (typeof value === "boolean") return [(unit?.states ?? [gettext`no`, gettext`yes`])[+value], ""];
  return typeof value === "number" ? shownParts(inUnit(value, unit), unit) : [String(value), ""];
}

/** A canonical value in the reader's unit, without its symbol unless that has a prefix. */
export function valueText(value, unit) {
  return withPrefixOnly(valueParts(value, unit), unit);
}

/** A value with its unit; the degree sign of an angle has no space. */
export function withUnit(value, unit) {
  return together(valueParts(value, unit));
}

/** A number that is in the reader's unit already, without its symbol unless that has a prefix. */
export function shownText(shown, unit) {
  return withPrefixOnly(shownParts(shown, unit), unit);
}

/** A number that is in the reader's unit already, with its unit. */
export function shownWithUnit(shown, unit) {
  return together(shownParts(shown, unit));
}

const isInDegrees = (unit) => /^°[CF]$/.test(unit?.symbol);

/** A temperature with a bare degree sign, anything else with its unit. */
export function shortText(value, unit) {
  return isInDegrees(unit) ? `${valueText(value, unit)}°` : withUnit(value, unit);
}

/** Whether a difference between two canonical values, of which `of` is one, is too small to be shown. */
export function isNothing(by, unit, of = null) {
  const size = Math.abs(by * (unit?.factor ?? 1));
  if (unit?.digits || unit?.si) return size < lastDigit(of === null ? 0 : inUnit(of, unit), unit) / 2;
  return Number(size.toFixed(unit?.decimals ?? 1)) === 0;
}

/** A difference with its sign, and without its unit. */
export function differenceText(by, unit, of = null) {
  const size = isNothing(by, unit, of) ? 0 : by * (unit?.factor ?? 1);
  const text = withPrefixOnly(shownParts(size, linear(unit)), unit);
  return size > 0 ? `+${text}` : text;
}

/** The size of a difference: without its sign, with its unit. */
export function sizeText(by, unit) {
  return shortText(Math.abs(by), { ...linear(unit), offset: 0 });
}

/** One unit of the last digit that a number of this size is shown with; whole digits are all shown. */
export function lastDigit(shown, unit) {
  const size = Math.abs(shown);
  const hasPrefix = takesPrefix(size, unit);
  if (!unit?.digits && !hasPrefix) return 10 ** -(unit?.decimals ?? 1);
  const power = Math.floor(Math.log10(size)) - (unit.digits || DIGITS) + 1;
  return size ? 10 ** (hasPrefix || size >= LARGEST_PLAIN ? power : Math.min(power, 0)) : 0;
}

/** The unit to calculate with: that beneath a unit with steps. */
const linear = (unit) => (unit?.steps ? { ...unit, symbol: unit.steps[0], steps: 0 } : unit);

function shownParts(shown, unit) {
  if (unit?.steps) return [`${unit.steps[1].filter((start) => start <= shown.toFixed(1)).length}`, unit.symbol];
  const [size, digits] = [Math.abs(shown), unit?.digits || DIGITS];
  if (takesPrefix(size, unit)) return prefixed(shown, unit.si, digits);
  const isSignificant = unit?.digits || size >= LARGEST_PLAIN;
  return [grouped(isSignificant ? significant(shown, digits) : fixed(shown, unit?.decimals ?? 1)), unit?.symbol ?? ""];
}

function takesPrefix(size, unit) {
  return unit?.si && size && !(size >= (unit.digits ? 1 : 10 ** (1 - unit.decimals)) && size < PREFIX_FROM);
}

function withPrefixOnly([number, symbol], unit) {
  return symbol && symbol !== unit?.symbol ? number + NBSP + symbol : number;
}

function together([number, symbol]) {
  return number + (symbol && symbol !== "°" ? NBSP : "") + symbol;
}

/** "2 s ago", "5 min ago", "3 h ago", "4 d ago" for an age in milliseconds. */
export function ageText(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return gettext`${spanText(seconds)} ago`;
}

/** "45 s", "6 min", "3 h", "4 d": a duration in one unit, rounded down. */
export function spanText(seconds) {
  if (seconds < 60) return `${Math.floor(seconds)}${NBSP}s`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / 60)}${NBSP}min`;
  if (seconds < 2 * DAY_S) return `${Math.floor(seconds / HOUR_S)}${NBSP}h`;
  return `${Math.floor(seconds / DAY_S)}${NBSP}d`;
}

/** Text after "every": second, 5 min, 2 h. */
export function intervalText(seconds) {
  if (seconds < 90) return seconds < 1.5 ? pgettext("every")`second` : pgettext("every")`${Math.round(seconds)}${NBSP}s`;
  return seconds < 5_400 ? pgettext("every")`${Math.round(seconds / 60)}${NBSP}min` : pgettext("every")`${Math.round(seconds / HOUR_S)}${NBSP}h`;
}

/** Instants (milliseconds) by the clock and calendar of one site. */
export class SiteTime {
  /** `clock` is "12" for times such as 2:05 pm. */
  constructor(zone = "UTC", clock = "24") {
    this.zone = zone;
    this.#clock = clock;
  }

  #clock;

  time(at) {
    return this.#timeTo(16, at);
  }

  timeWithSeconds(at) {
    return this.#timeTo(19, at);
  }

  day(at) {
    return pgettext("date")`${this.#wall(at).getUTCDate()} ${this.month(at)}`;
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

  /** The time of day, up to a character of the ISO form. */
  #timeTo(end, at) {
    const text = this.#wall(at).toISOString().slice(11, end);
    if (this.#clock !== "12") return text;
    const hour = Number.parseInt(text);
    return `${hour % 12 || 12}${text.slice(2)}${NBSP}${hour < 12 ? "am" : "pm"}`;
  }

  /** The wall clock as a date of UTC. */
  #wall(at) {
    return new Date(wallS(at / 1000, this.zone) * 1000);
  }
}
