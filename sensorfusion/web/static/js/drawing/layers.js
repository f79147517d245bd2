import { AHEAD_S, DAY_S } from "sf/basics";
import { arrows, bracket, ends, hatch, shade, totals } from "sf/marks";
import { palette } from "sf/palette";
import { nights } from "sf/sun";
import { gettext } from "sf/translation";

/** The layers behind and in front of a chart's lines: the marks of a scene, and their colours. */
const NIGHTS_UP_TO_S = 10 * DAY_S; // beyond it nights are stripes
const WORTH_A_BRACKET = 3; // readings; polling fetches one or two at a time

/** Nights, and the silence from the last reading to now. `place` is {latitude, longitude} where it is known. */
export function drawBehind(frame, scene, { span, nowS, place }) {
  const [from, to] = span;
  if (place && to - from <= NIGHTS_UP_TO_S) {
    const spans = nights(from * 1000, to * 1000, place).map((each) => each.map((at) => at / 1000));
    shade(frame, spans, palette.colour("text", 4));
  }
  const { since = from, gapS = 0 } = scene.silence ?? {};
  const end = Math.min(to, nowS);
  if (end - since <= gapS) return;
  const look = { ink: palette.colour("text", 12), text: palette.colour("muted"), words: gettext`no data` };
  hatch(frame, [Math.max(from, since), end], look);
}

/**
 * The wind's arrows, the ends of lines with their names where there is room, and the backfilled range: {from, to,
 * count}.
 */
export function drawBefore(frame, scene, { span, hasRoom, backfill }) {
  if (scene.directions) arrows(frame, scene.directions, palette.colour("q-wind"));
  const look = { ring: palette.colour("surface"), text: palette.colour("muted"), hasRoom };
  ends(frame, lastPoints(scene, span), look);
  totals(frame, scene.drawn, look);
  if (!(backfill?.count >= WORTH_A_BRACKET)) return;
  bracket(frame, [backfill.from / 1000, backfill.to / 1000], gettext`+${backfill.count} readings`, palette.colour("accent"));
}

/** The last point of each line; the current bucket's is in its middle, which may be in the future. */
function lastPoints({ drawn }, [from, to]) {
  return drawn
    .filter(({ look, t, track }) => look === "line" && t.at(-1) >= from && t.at(-1) - track.widthS <= to + AHEAD_S)
    .map(({ t, v, label, hue }) => ({
      at: Math.min(t.at(-1), to),
      value: v.at(-1),
      label,
      colour: palette.colour(hue),
    }));
}
