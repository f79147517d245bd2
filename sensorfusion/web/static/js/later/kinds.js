import { html, setText, svg } from "sf/dom";
import { headline, lengthText, todayText, wordOf } from "sf/span-words";
import { Spans } from "sf/spans";
import { tables } from "sf/tables";
import { gettext } from "sf/translation";

/**
 * Defines the elements of pages with rulers, vessels, bars and strips of states; others do not load this. What is
 * shared with the page is passed: `{ LiveElement, clock, dayStartS, isAhead, numberIn, renewal, siteDay, siteTime,
 * step, store, tick, unitOf, valueParts, valueText }`.
 */
export function follow(place, shared) {
  const { LiveElement, clock, numberIn, store, tick } = shared;
  const EVERY_MS = 1_000;
  const SLOT_MS = 300_000; // of the buckets that yesterday is told by

  const dayStart = (sensor) => {
    const { zone, startsH } = shared.siteDay(sensor);
    return shared.dayStartS(clock.now() / 1000, zone, startsH);
  };

  /**
   * `<sf-ruler sensor q data-low data-high data-today>`: a mark at the present value, and what it reached today;
   * `data-full`: the height of a vessel. New ends, and the past, are drawn by the server.
   */
  class Ruler extends LiveElement {
    #day;
    #today;

    connected(signal) {
      this.#day = dayStart(this.sensor);
      this.#today = (this.dataset.today ?? "").split(" ").filter(Boolean).map(Number);
      store.subscribe(this.sensor, (entry, reading) => this.#take(reading), { signal });
      tick.subscribe(() => this.#day !== dayStart(this.sensor) && this.#endDay(), { signal });
    }

    #take(reading) {
      const value = reading?.observedAt && !reading.older ? numberIn(reading, this.quantity) : null;
      const isOfToday = value !== null && reading.observedAt / 1000 >= this.#day;
      if (isOfToday) this.#today = [Math.min(value, ...this.#today), Math.max(value, ...this.#today)];
      this.redraw(EVERY_MS);
    }

    #endDay() {
      [this.#day, this.#today] = [dayStart(this.sensor), []];
      this.querySelector(".today")?.remove();
      this.nextElementSibling?.querySelector(".extent")?.remove();
      shared.renewal.request();
    }

    draw() {
      const value = store.number(this.sensor, this.quantity);
      if (value === null) return;
      if (this.dataset.full) this.#fill(value / +this.dataset.full);
      else this.#mark(value);
    }

    #mark(value) {
      const [low, high] = [+this.dataset.low, +this.dataset.high];
      const share = (each) => (each - low) / (high - low);
      const bar = this.querySelector(".today");
      this.querySelector(".now").setAttribute("x", percent(Math.min(1, share(value))));
      const isOutside = [value, ...this.#today].some((each) => each < low || each > high);
      if (isOutside || (this.#today.length && !bar)) return shared.renewal.request();
      if (!this.#today.length) return;
      bar.setAttribute("x", percent(share(this.#today[0])));
      bar.setAttribute("width", percent(share(this.#today[1]) - share(this.#today[0])));
    }

    #fill(share) {
      const height = Math.min(1, Math.max(0, share));
      this.querySelector(".fill").setAttribute("y", percent(1 - height));
      this.querySelector(".fill").setAttribute("height", percent(height));
    }
  }

  /** `<sf-bullet sensor q data-total data-most>`: what a counter grew by today. */
  class Bullet extends LiveElement {
    #before;
    #total;
    #day;
    #slot = Math.floor(clock.now() / SLOT_MS);

    connected(signal) {
      this.#before = store.number(this.sensor, this.quantity);
      this.#total = this.dataset.total ? +this.dataset.total : null;
      this.#day = dayStart(this.sensor);
      store.subscribe(this.sensor, (entry, reading) => this.#take(reading), { signal });
      tick.subscribe(() => this.#follow(), { signal });
    }

    draw() {
      const [number, symbol] = shared.valueParts(this.#total, shared.unitOf(this.sensor, this.quantity));
      setText(this.fact("total"), number);
      setText(this.fact("symbol"), symbol);
      const share = this.#total / +this.dataset.most;
      this.querySelector(".so-far").setAttribute("width", percent(Math.min(1, share)));
      if (share > 1) shared.renewal.request();
    }

    /** Resets on a new day; returns whether it did. */
    #turn() {
      if (dayStart(this.sensor) === this.#day) return false;
      [this.#day, this.#total] = [dayStart(this.sensor), null];
      return true;
    }

    /** What yesterday had reached by now is known by the server. */
    #follow() {
      const slot = Math.floor(clock.now() / SLOT_MS);
      if (this.#turn()) this.draw();
      if (slot === this.#slot) return;
      this.#slot = slot;
      shared.renewal.request();
    }

    #take(reading) {
      const value = reading?.observedAt && !reading.older ? numberIn(reading, this.quantity) : null;
      if (value === null) return;
      this.#turn();
      this.#total += this.#before === null ? 0 : Math.max(0, shared.step(this.#before, value));
      this.#before = value;
      this.redraw(EVERY_MS);
    }
  }

  /** `<sf-spans sensor q data-told>`: the strip of today's states, its sentence and its table. */
  class Strip extends LiveElement {
    #told;
    #spans;
    #drawn = "";

    connected(signal) {
      if (!this.dataset.told) return;
      this.#told = JSON.parse(this.dataset.told);
      const spans = this.#told.spans.map(([state, start, end, low, high]) => ({ state, start, end, low, high }));
      this.#spans = new Spans(spans, this.#told.longest);
      store.subscribe(this.sensor, (entry, reading) => this.#take(reading), { signal });
      tick.subscribe(() => this.redraw(EVERY_MS), { signal });
    }

    draw() {
      const now = clock.now() / 1000;
      const { zone, startsH } = shared.siteDay(this.sensor);
      const start = shared.dayStartS(now, zone, startsH);
      const end = shared.dayStartS(start + 129_600, zone, startsH); // 36 h later is tomorrow, also when clocks change
      const lasting = this.#spans.lasting(now);
      const day = lasting.between(start, now);
      setText(this.fact("headline"), this.#headline(lasting, lasting !== this.#spans, now));
      setText(this.fact("states"), todayText(day, this.#told, now - start));
      this.#drawStrip(day, { start, end, now });
      this.#drawTable(day, lasting !== this.#spans);
    }

    #take(reading) {
      const at = reading?.observedAt && !reading.older ? reading.observedAt / 1000 : null;
      if (at === null || shared.isAhead(reading) || reading.values?.[this.quantity] === undefined) return;
      if (reading.flags?.[this.quantity] === tables.bad_flag) return;
      const [state, number] = this.#stateOf(reading);
      if (state === null) return;
      this.#spans.take(at, state, number);
      this.redraw(EVERY_MS);
    }

    #stateOf(reading) {
      const value = reading.values[this.quantity];
      if (!this.#told.looks) return [typeof value === "number" ? null : String(value), null];
      const number = numberIn(reading, this.quantity);
      const { low, high } = this.#told;
      if (number === null) return [null, null];
      return [low !== null && number < low ? "below" : high !== null && number > high ? "above" : "within", number];
    }

    #headline({ spans }, isCurrent, now) {
      const [before, last] = [spans.at(-2), spans.at(-1)];
      const time = (at) => shared.siteTime(this.sensor).since(at * 1000, now * 1000);
      const isExact = before !== undefined && last.start - before.end < 1e-6;
      return headline(wordOf(last.state, this.#told), time(last.start), time(last.end), { isCurrent, isExact });
    }

    #drawStrip(day, { start, end, now }) {
      const at = (instant) => percent((instant - start) / (end - start));
      const place = (each) => ({ x: at(each.start), width: percent((each.end - each.start) / (end - start)), height: 14 });
      const strip = this.querySelector(".strip");
      const rest = this.#told.only ? "false" : this.#told.share || (this.#told.order ?? day.states)[0];
      const drawn = day.spans.filter(({ state }) => state !== rest);
      const rects = [
        svg("rect", { class: "unknown", width: percent((now - start) / (end - start)), height: 14 }),
        ...joined(day.spans).map((each) => svg("rect", { class: "off", ...place(each) })),
        ...drawn.map((each) => svg("rect", { class: this.#look(each, day), ...place(each) })),
      ];
      const marks = strip.querySelectorAll(".mark");
      strip.replaceChildren(...rects, ...this.#names(drawn, at, end - start), ...marks);
      strip.setAttribute("aria-label", `${strip.getAttribute("aria-label").split(gettext` today: `)[0]}${gettext` today: `}${this.fact("states").textContent}`);
    }

    #look({ state }, day) {
      const { looks, only } = this.#told;
      return looks ? looks[state] : only ? "on" : `k${Math.min(4, day.states.indexOf(state))}`;
    }

    /** The words inside long spans of texts. */
    #names(spans, at, length) {
      if (this.#told.only || this.#told.looks) return [];
      return spans
        .filter((each) => (each.end - each.start) / length >= 0.14)
        .map((each) => {
          const name = svg("text", { class: "name", x: at(each.start), dx: 4, y: 11 });
          name.textContent = wordOf(each.state, this.#told);
          return name;
        });
    }

    /** Draws the table's rows again when a span begins, and while it is open. */
    #drawTable(day, isCurrent) {
      const body = this.querySelector("tbody");
      const key = `${day.spans.length} ${isCurrent} ${this.querySelector("details")?.open}`;
      if (!body || (key === this.#drawn && !this.querySelector("details").open)) return;
      this.#drawn = key;
      const rows = day.spans.map((each, i) => this.#row(each, isCurrent && i === day.spans.length - 1));
      body.replaceChildren(...rows.reverse());
    }

    #row({ state, start, end, low, high }, isOpen) {
      const time = (at) => shared.siteTime(this.sensor).time(at * 1000);
      const bound = (value) => (value === null ? "–" : shared.valueText(value, shared.unitOf(this.sensor, this.quantity)));
      const cells = [isOpen ? gettext`now` : time(end), lengthText(end - start), wordOf(state, this.#told)];
      if (this.#told.looks) cells.push(bound(low), bound(high));
      return html("tr", {}, html("th", { scope: "row" }, time(start)), ...cells.map((text) => html("td", {}, text)));
    }
  }

  customElements.define("sf-ruler", Ruler);
  customElements.define("sf-bullet", Bullet);
  customElements.define("sf-spans", Strip);
}

const percent = (share) => `${(100 * Math.max(0, share)).toFixed(2)}%`;

/** The times of which the state is known, however it changed in them. */
function joined(spans) {
  const found = [];
  for (const { start, end } of spans) {
    const last = found.at(-1);
    if (last && start - last.end < 1e-6) last.end = end;
    else found.push({ start, end });
  }
  return found;
}
