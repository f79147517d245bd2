import { tables } from "sf/tables";
import { gettext, pgettext } from "sf/translation";

/** What a point of a chart stands for, in words: the subtitle of its card, as in the server's `reports/charts/resolution.py`. */
export function resolutionWords(resolution, days, combine) {
  const { raw, adjectives, combined, band } = tables.resolutions;
  if (resolution === "raw") return raw;
  const adjective = days > 1 ? pgettext("each")`${days}-day` : adjectives[resolution];
  return gettext`${adjective} ${combined[combine]}` + (combine === "mean" ? `, ${band}` : "");
}

/** What a bar stands for, after its unit. */
export const barsWords = (lengthS) => gettext`per ${tables.resolutions.per[lengthS]}`;

/** Puts the unit before the words. */
export const withSymbol = (symbol, words, between = " · ") => (symbol ? symbol + between + words : words);

/** The subtitle of a scene's main line or bars. */
export function subtitle({ look, widthS, unit, track }) {
  if (look === "bars") return withSymbol(unit?.symbol, barsWords(widthS), " ");
  return withSymbol(unit?.symbol, resolutionWords(track.resolution, track.days, track.combine));
}
