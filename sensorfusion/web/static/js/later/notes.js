import { gettext } from "sf/translation";

/**
 * Notes of a sensor: numbered marks on every chart, and the list that says what they are, for the span that the charts
 * show. Imported by pages of sensors that have notes; the page passes what it shares.
 */
const SHOWN_MOST = 50; // as the server's list
const KINDS = {
  maintenance: gettext`Maintenance`,
  moved: gettext`Moved`,
  replaced: gettext`Replaced`,
  calibrated: gettext`Calibrated`,
  note: gettext`Note`,
};

/** Keeps the marks and the list of `section` at the span of the page's charts. */
export function follow(section, { clock, past, readApi, siteTime, tick, view }) {
  const sensor = section.dataset.sensor;
  const notes = new Notes({ time: siteTime(sensor), nowS: () => clock.now() / 1000 });
  const draw = () => {
    const span = past.viewOf(sensor)?.span(clock.now() / 1000);
    if (!span) return; // the charts have no data yet
    for (const surface of document.querySelectorAll("sf-chart .u-over")) drawMarks(surface, notes.marks(span));
  };
  const load = async () => {
    const asked = view.copy();
    const query = notes.query(asked);
    const answer = await readApi(`sensors/${sensor}/notes/?${query}`).catch(() => null);
    if (!answer || !asked.equals(view)) return; // the list of before stays
    notes.take(answer.results);
    fillList(section, notes.rows);
    draw();
  };
  view.changed.subscribe(load);
  past.changed.subscribe(draw);
  tick.subscribe(draw);
  load();
}

export class Notes {
  #time;
  #nowS;
  #notes = [];

  constructor({ time, nowS }) {
    this.#time = time;
    this.#nowS = nowS;
  }

  /** The query for a view's notes; that of a live view is open at its end, so that it stays true. */
  query(view) {
    const [from, to] = view.span(this.#nowS());
    return `from=${Math.floor(from)}${view.isLive ? "" : `&to=${to}`}&page_size=${SHOWN_MOST}`;
  }

  /** Takes the API's notes, the newest first. */
  take(results) {
    const atS = (text) => text && Date.parse(text) / 1000;
    this.#notes = results
      .map(({ start, end, kind, text }) => ({ startS: atS(start), endS: atS(end), kind, text }))
      .reverse();
  }

  /** The texts of the list: {when, kind, text}. */
  get rows() {
    return this.#notes.map(({ startS, endS, kind, text }) => ({
      when: [startS, endS].filter(Boolean).map((at) => this.#when(at)).join(" – "),
      kind: KINDS[kind],
      text,
    }));
  }

  /** The marks within a span: {number, left, width} in per cent; an instant has no width. */
  marks([from, to]) {
    const share = (at) => Math.min(Math.max(((at - from) / (to - from)) * 100, 0), 100);
    return this.#notes.flatMap(({ startS, endS }, i) => {
      const isInside = startS < to && (startS >= from || endS > from);
      if (!isInside) return [];
      return [{ number: i + 1, left: share(startS), width: endS ? share(endS) - share(startS) : null }];
    });
  }

  #when(at) {
    return `${this.#time.date(at * 1000)}, ${this.#time.time(at * 1000)}`;
  }
}

/** Puts marks on a chart's surface, whose left and right edges are those of the span. */
function drawMarks(surface, marks) {
  let layer = surface.querySelector(".note-marks");
  if (!layer) {
    layer = document.createElement("div");
    layer.className = "note-marks";
    layer.setAttribute("aria-hidden", "true"); // the list says them
    surface.append(layer);
  }
  while (layer.children.length > marks.length) layer.lastChild.remove();
  while (layer.children.length < marks.length) layer.append(document.createElement("i"));
  marks.forEach(({ number, left, width }, i) => {
    const mark = layer.children[i];
    if (mark.textContent !== String(number)) mark.textContent = number;
    mark.className = width === null ? "" : "span";
    mark.style.left = `${left}%`;
    mark.style.width = width === null ? "" : `${width}%`;
  });
}

function fillList(section, rows) {
  section.hidden = rows.length === 0;
  section.querySelector("ol").replaceChildren(
    ...rows.map(({ when, kind, text }) => {
      const item = document.createElement("li");
      const parts = [["span", when], ["b", kind], ["bdi", text]].map(([name, words]) => {
        const part = document.createElement(name);
        part.textContent = words;
        return part;
      });
      parts[0].className = "sub";
      item.append(parts[0], " ", parts[1], " ", parts[2]);
      return item;
    }),
  );
}
