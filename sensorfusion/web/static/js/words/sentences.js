import { DAY_S, HOUR_S } from "sf/basics";
import { comfortWord, dewPoint, tendencyWord, uvWord } from "sf/derived";
import { differenceText, isNothing, shortText, sizeText, valueText, withUnit } from "sf/format";
import { NBSP } from "sf/numbers";
import { clearSkyRadiation } from "sf/sun";
import { tables } from "sf/tables";
import { gettext, pgettext } from "sf/translation";

/**
 * The sentence of a tile, as in the server's `reports/sentences.py`. `told` holds its inputs: number(name) and
 * unit(name), the quantity's `steps` of the last day and its readings of the last `hours`, `at` of its newest value, `now`, `altitude` of the sun, `wetAt`
 * when rain last fell, `isCurrent` whether the quantity's own value may be combined with others, clock(at) with its day unless that is today. Instants are
 * epoch seconds; null is unknown.
 */
const { between: BETWEEN, near: NEAR } = tables.sentences;

export function tileSentence(name, told) {
  return SENTENCES[name]?.(told, name) || moved(told, name);
}

/**
 * The change of a number within `backS`: the difference from the value at that time, which is interpolated between two
 * readings that are near each other, else estimated from a reading near it.
 */
function change({ number, hours, at }, name, backS) {
  const [value, wanted] = [number(name), at - backS];
  if (value === null) return null;
  const place = hours.filter(([t]) => t <= wanted).length;
  const around = hours.slice(Math.max(0, place - 1), place + 1);
  const [[t, before], [until, after] = []] = [around[0] ?? [-Infinity, 0], around[1]];
  if (until - t <= backS * BETWEEN) return value - before - ((after - before) * (wanted - t)) / (until - t);
  const distance = (each) => Math.abs(each[0] - wanted);
  const nearest = around.reduce((best, each) => (distance(each) < distance(best) ? each : best), [-Infinity, 0]);
  return distance(nearest) <= backS * NEAR ? ((value - nearest[1]) * backS) / (at - nearest[0]) : null;
}

function moved(told, name) {
  const by = told.isMean ? change(told, name, HOUR_S) : null;
  const unit = told.unit(name);
  if (by === null) return "";
  return isNothing(by, unit, told.number(name)) ? pgettext("change")`steady` : gettext`${by > 0 ? "▲" : "▼"} ${sizeText(by, unit)} in 1${NBSP}h`;
}

function pressure(told, name) {
  const by = change(told, name, 3 * HOUR_S);
  if (by === null) return "";
  const word = tendencyWord(by);
  const arrow = word === tables.words.rising.words[0] ? "" : `${by > 0 ? "▲" : "▼"} `;
  return gettext`${arrow}${word}, ${differenceText(by, told.unit(name), told.number(name))} per 3${NBSP}h`;
}

function rain({ number, unit, steps, now, wetAt, clock }) {
  const rate = number("rain_rate");
  if (rate) return gettext`${withUnit(rate, unit("rain_rate"))} now`;
  if (wetAt !== null && now - wetAt < DAY_S)
    return clock(wetAt).includes(",") ? gettext`last rain ${clock(wetAt)}` : gettext`last rain at ${clock(wetAt)}`;
  return steps.length ? gettext`dry for 24${NBSP}h` : "";
}

function solar({ number, unit, altitude, isCurrent }, name) {
  const [uv, value] = [number("uv_index"), number(name)];
  if (uv >= 0.5) return gettext`UV ${valueText(uv, unit("uv_index"))}, ${uvWord(uv)}`;
  if (altitude === null) return "";
  if (altitude <= 0) return gettext`the sun is down`;
  if (!value || !isCurrent || altitude <= tables.sun.overcast_above) return "";
  return gettext`${Math.round(100 * Math.min(value / clearSkyRadiation(altitude), 1))}${NBSP}% of a clear sky`;
}

function humidity({ number, unit, isCurrent }) {
  const dew = isCurrent && number("dew_point") === null ? dewPoint(number("temperature"), number("humidity")) : null;
  return dew === null ? "" : gettext`dew point ${shortText(dew, unit("dew_point"))}`;
}

/** A sentence about one number, if it is known. */
const of = (name, say) => (told) => {
  const value = told.number(name);
  return value === null ? "" : say(value, told);
};

export const SENTENCES = {
  dew_point: of("dew_point", comfortWord),
  humidity,
  pressure,
  rain,
  rain_day: rain,
  sea_level_pressure: pressure,
  soil_temperature: of("soil_moisture", (value, { unit }) => gettext`moisture ${withUnit(value, unit("soil_moisture"))}`),
  solar_radiation: solar,
  uv_index: of("uv_index", uvWord),
};
