import { beaufortWord } from "sf/derived";
import { withUnit } from "sf/format";
import { NBSP, fixed } from "sf/numbers";
import { tables } from "sf/tables";
import { gettext, pgettext } from "sf/translation";
import { compassPoint } from "sf/wind";

/** The wind in words, as in the server's `reports/wind.py`: a vane in a calm has no direction. */
const isCalm = (speed) => speed < tables.wind.calm;

/** Where the wind comes from: NNW 340°. */
export function bearing(direction, speed) {
  return isCalm(speed) ? pgettext("wind")`calm` : `${compassPoint(direction)}${NBSP}${fixed(direction, 0)}°`;
}

/** The wind in a sentence; `gust` is null without one, `units` the page's table. */
export function windWords(direction, speed, gust, units) {
  const point = isCalm(speed) ? "" : gettext` from ${compassPoint(direction)}`;
  const gusting = gust === null ? "" : gettext`, gusting ${withUnit(gust, units.wind_gust)}`;
  return gettext`Wind ${withUnit(speed, units.wind_speed)}${point}, ${beaufortWord(speed)}${gusting}`;
}
