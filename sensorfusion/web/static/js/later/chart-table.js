import { AHEAD_S, DAY_S } from "sf/basics";
import { html, setText } from "sf/dom";
import { tables } from "sf/tables";
import { gettext } from "sf/translation";

/** The table of a chart, imported once it is opened. The server's is of the span the page was opened with. */

/** Fills the table of `place` with the chart's `items`, and with the `bands` behind them. */
export function fillTable(place, { items, quantities, subject, bands, ...when }) {
  setText(place.querySelector("thead th"), rowHead(subject));
  bands?.drawHead(place.querySelector("thead tr"), 1 + columns(items, quantities).length);
  place.querySelector("tbody").replaceChildren(
    ...rows(items, quantities, { ...when, bands }).map(([time, ...texts]) => {
      const cells = texts.map((text) => html("td", { class: "number" }, text));
      return html("tr", {}, html("th", { scope: "row" }, time), ...cells);
    }),
  );
}

/**
 * The rows of the chart's table, newest first, up to a limit: the numbers of all lines at an instant of any of them.
 */
export function rows(items, quantities, { span: [from, to], time, now, bands = null }) {
  const read = columns(items, quantities);
  const subject = read[0];
  // The first bucket of a span may have begun before it.
  const first = subject?.look === "bars" ? -Infinity : from - (subject?.track.widthS ?? 0) / 2;
  const isInside = (at) => at >= first && at <= to + AHEAD_S;
  const instants = [...new Set(read.flatMap(({ t }) => t))].filter(isInside).sort((a, b) => b - a);
  const every = Math.ceil(instants.length / tables.rows_most);
  const picked = instants.filter((at, i) => i % every === 0);
  return picked.map((at) => {
    const begin = at - (subject.look === "bars" ? 0 : subject.track.offsetS);
    const told = read.map((each) => each.numberAt(at));
    return [rowText(begin, subject, { time, now }), ...told, ...(bands?.cells(begin) ?? [])];
  });
}

/** The lines that have a column, in the order of their quantities. */
function columns(items, quantities) {
  const found = quantities.map((name) =>
    items.find((each) => each.quantity === name && each.isRead && !["faint", "total"].includes(each.look)),
  );
  return found.filter(Boolean);
}

/** When a row begins: a day has no time. */
function rowText(at, subject, { time, now }) {
  return rowWidthS(subject) >= DAY_S ? time.date(at * 1000) : time.since(at * 1000, now);
}

/** What the first column of the table holds. */
export function rowHead(subject) {
  const bar = Object.values(tables.ranges).find(({ bar_s: barS }) => barS === subject?.widthS);
  if (subject?.look === "bars" && bar) return bar.bar_head;
  return rowWidthS(subject) >= DAY_S ? gettext`Day` : gettext`Time`;
}

const rowWidthS = (subject) => subject?.widthS ?? subject?.track.widthS ?? 0;
