import { decimal, pgettext } from "sf/translation";

/**
 * Numbers as text, as in the server's `web/values/numbers.py`: a real minus, five digits and more in groups of three, halves
 * rounded up.
 */
export const NBSP = "\u00a0";
const MINUS = "\u2212";
const PREFIXES = ["f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P"]; // of 10^-15 to 10^15
const MOST_PREFIX = 15;
const SMALLEST_PLAIN = -4; // exponent of the smallest number that is written without a power of ten
export const LARGEST_PLAIN = 1e15; // from here on a float does not hold every decimal
const GROUPED_FROM = 5; // digits
const DIGITS = "-0123456789";
const SUPERSCRIPTS = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A number with a fixed number of decimals; zero has no sign. */
export function fixed(value, decimals = 1) {
  const text = Math.abs(value).toFixed(decimals);
  return signed(text, value, +text);
}

/** The digits before the point in groups of three: 12,408, but 1115 as it is. */
export function grouped(text) {
  const [, sign, whole, rest] = /^(\u2212?)(\d*)(.*)$/s.exec(text);
  if (whole.length < GROUPED_FROM || (rest && !rest.startsWith(pgettext("decimal point")`.`))) return text;
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, pgettext("between groups of digits")`,`) + rest;
}

/** Significant digits, without zeros at the end: 21, 0.00006, 1.5 × 10⁻⁷; whole digits are all kept. */
export function significant(value, digits) {
  const [mantissa, exponent] = rounded(value, digits);
  let text;
  if (exponent < SMALLEST_PLAIN || Number(`${mantissa}e${exponent}`) >= LARGEST_PLAIN)
    text = `${mantissa}${NBSP}×${NBSP}10${[...String(exponent)].map((each) => SUPERSCRIPTS[DIGITS.indexOf(each)]).join("")}`;
  else text = exponent >= digits ? Math.abs(value).toFixed(0) : String(Number(`${mantissa}e${exponent}`));
  return signed(text, value, mantissa);
}

/**
 * [number, symbol]: significant digits before a unit with the prefix that leaves one to three digits before the point;
 * `base` is the unit without a prefix, and the power of ten of the unit that the value is in.
 */
export function prefixed(value, [symbol, power], digits) {
  const [mantissa, exponent] = rounded(value, digits);
  const wanted = mantissa ? Math.floor((exponent + power) / 3) * 3 : power;
  if (Math.abs(wanted) > MOST_PREFIX) return [significant(value, digits), withPrefix(power, symbol)];
  const text = String(Number(`${mantissa}e${exponent + power - wanted}`));
  return [signed(text, value, mantissa), withPrefix(wanted, symbol)];
}

/** The text of a size with the sign of `value`, unless it was rounded to zero. */
const signed = (text, value, size) => decimal(value < 0 && size ? MINUS + text : text);

const withPrefix = (power, symbol) => PREFIXES[(power + MOST_PREFIX) / 3] + symbol;

/** The size of a number, with so many significant digits: [mantissa, exponent]. */
function rounded(value, digits) {
  return Math.abs(value).toExponential(digits - 1).split("e").map(Number);
}
