import { inUnit, lastDigit, valueText, withUnit } from "sf/format";
import { align } from "sf/series";
import { tables } from "sf/tables";
import { valueTicks } from "sf/ticks";
import { gettext } from "sf/translation";
import { compassPoint } from "sf/wind";

/**
 * The contents of a chart before it is drawn: lines, dots and bars as columns in the reader's units, and the value of
 * each at an instant. `looks`: faint (yesterday), low and high (edges of a band), line, dots, bars, total; `none` is
 * shown in the readout only.
 */
const LEAST_STEP = 0.01; // of an axis where all is zero
const { air: AIR, zero_air: ZERO_AIR, noise: NOISE } = tables.axis;
const FROM_ZERO = tables.axis.from_zero.map((hue) => `q-${hue}`);

/**
 * `parts` holds kind, quantities, ghost, and for a chart of bars `barItems` of `later/bars.js`; `source` provides track(name), ghost(name), unit(name), label(name),
 * hue(name).
 */
export function scene(parts, source, span, day) {
  const items =
    parts.barItems?.(parts, source, span, day, { inUnit, item, numberAt, withUnit }) ??
    (parts.kind === "wind" ? windItems : lineItems)(parts, source);
  const drawn = items.filter(({ look }) => look !== "none");
  return {
    items,
    drawn,
    columns: align(drawn),
    key: drawn.map(({ look, quantity }) => `${look}:${quantity}`).join(" "),
    startsAtZero: FROM_ZERO.includes(source.hue(parts.quantities[0])),
    directions: parts.kind === "wind" ? winds(source) : null,
    silence: silenceAtEnd(items),
  };
}

/** Directions with the speeds of the same instants as {t, winds}, null without a vane. */
export function winds(source) {
  const [direction, speed] = ["wind_direction", "wind_speed"].map((name) => source.track(name));
  if (!direction) return null;
  const fast = new Map(speed?.t.map((at, i) => [at, speed.value[i]]));
  return { t: direction.t, winds: direction.t.map((at, i) => [direction.value[i], fast.get(at) ?? null]) };
}

/** The first quantity is the main one: drawn last, over the others. */
function lineItems({ kind, quantities, ghost }, source) {
  const look = kind === "dots" ? "dots" : "line"; // directions alone
  const found = quantities.filter((name) => source.track(name)).map((name) => item(name, source, look));
  if (found[0]) found[0].isSubject = true;
  const faint = ghost && source.ghost(ghost)?.t.length ? [item(ghost, source, "faint", source.ghost(ghost))] : [];
  return [...faint, ...found.reverse().flatMap((each) => (look === "line" ? [...edges(each), each] : [each]))];
}

function windItems(parts, source) {
  const looks = { wind_speed: "line", wind_gust: "dots", wind_direction: "none", wind_gust_direction: "none" };
  const found = parts.quantities
    .filter((name) => source.track(name))
    .map((name) => item(name, source, looks[name] ?? "line"));
  return found
    .reverse()
    .flatMap((each) => (each.look === "line" ? [...edges(each), { ...each, isSubject: true }] : [each]));
}

function item(quantity, source, look, track = source.track(quantity)) {
  const unit = source.unit(quantity);
  const isFaint = look === "faint";
  return {
    quantity,
    look,
    track,
    label: isFaint ? gettext`Yesterday` : source.label(quantity),
    hue: source.hue(quantity),
    unit,
    t: track.t,
    v: track.value.map((value) => inUnit(value, unit)),
    find: (at) => findPoint(track, at, (value) => readingText(quantity, value, unit)),
    numberAt: (at) => numberAt(track.t, track.value, at, unit),
    isRead: true,
    isSubject: false,
  };
}

/** Buckets have a least and a greatest reading: a band behind their mean. */
function edges(line) {
  const { track, unit } = line;
  if (!track.hasBand) return [];
  const edge = (look, values) => ({
    ...line,
    look,
    v: values.map((value) => inUnit(value, unit)),
    isRead: false,
    isSubject: false,
  });
  return [edge("low", track.low), edge("high", track.high)];
}

/** A value in words; a direction has a name too. */
export const readingText = (quantity, value, unit) =>
  quantity.endsWith("_direction") ? `${compassPoint(value)} ${Math.round(value)}°` : withUnit(value, unit);

function findPoint(track, at, text) {
  const { index, silence } = track.at(at);
  return silence ? { silence } : { at: track.t[index], text: text(track.value[index]) };
}

/** The number at an instant, for tables, whose heads name the unit. */
function numberAt(t, values, at, unit) {
  return valueText(values[t.indexOf(at)], unit);
}

/** The start of a silence at the end: {since, gapS} of the quantity that was observed last. */
function silenceAtEnd(items) {
  const lasts = items
    .filter(({ look, track }) => look !== "faint" && track.last)
    .map(({ track }) => ({ since: track.last.at + track.widthS, gapS: track.gapS }));
  return lasts.sort((a, b) => b.since - a.since)[0] ?? null;
}

/**
 * The bounds of the value axis {low, high} and the round numbers to mark in them. `strip` is the share to keep free
 * below zero. Noise of the last digit must not look like weather.
 */
export function valueScale(low, high, { startsAtZero = false, unit = undefined, strip = 0 } = {}) {
  if (low == null || high == null) [low, high] = [0, 0];
  const least = NOISE * (lastDigit(Math.max(Math.abs(low), Math.abs(high)), unit) || LEAST_STEP);
  if (startsAtZero) {
    high = Math.max(high * ZERO_AIR, least);
    low = 0 - high * strip;
  } else {
    const air = Math.max((high - low) * AIR, (least - (high - low)) / 2);
    [low, high] = [low - air, high + air];
  }
  let next = startsAtZero ? 0 : low; // only numbers of a unit with steps can begin too near to the one before
  const marks = (unit?.steps ? [0, ...unit.steps[1]] : valueTicks(low, high)).filter(
    (mark) => mark >= next && mark <= high && ((next = mark + (high - low) / 10), 1),
  );
  return { low, high, marks };
}
