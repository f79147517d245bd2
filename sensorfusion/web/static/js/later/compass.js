import { rad } from "sf/basics";
import { setText } from "sf/dom";
import { tables } from "sf/tables";
import { gettext } from "sf/translation";

/** Defines the compass of pages with a vane; others do not load this. What is shared with the page is passed. */
const SPREAD_S = 600; // the arc covers ten minutes
const { calm: CALM, arc_radius: RADIUS, arc_half: ARC_HALF, gust_lasts_s: GUST_LASTS_S } = tables.wind;

export function follow(place, shared) {
  const { LiveElement, beaufort, beaufortWord, bearing, clock, numberIn, shortestArc, siteTime } = shared;
  const { steadiness, store, tick, valueText, windWords } = shared;
  const { units } = shared.page;

  /** `<sf-compass sensor data-direction data-speed data-winds>`: the needle turns the shorter way. */
  class Compass extends LiveElement {
    #angle = 0;
    #winds = []; // [epoch seconds, direction, speed] of the last ten minutes

    connected(signal) {
      this.#angle = Number(this.dataset.direction) || 0;
      this.#winds = JSON.parse(this.dataset.winds ?? "[]");
      store.subscribe(this.sensor, (entry, reading) => this.#take(reading), { signal });
      tick.subscribe(() => this.redraw(1_000), { signal });
    }

    draw() {
      const speed = store.newest(this.sensor, "wind_speed")?.value;
      const direction = store.newest(this.sensor, "wind_direction")?.value;
      if (speed === undefined || direction === undefined) return;
      this.#drawSpeed(speed);
      this.#turn(direction, speed);
      this.#drawSpread();
      this.#drawGust(speed, direction);
    }

    #take(reading) {
      this.redraw(500);
      if (!reading?.observedAt || reading.older) return; // a snapshot repeats values
      const wind = [numberIn(reading, "wind_direction"), numberIn(reading, "wind_speed")];
      const at = reading.observedAt / 1000;
      if (wind.some((each) => each !== null) && !(at <= this.#winds.at(-1)?.[0])) this.#winds.push([at, ...wind]);
      this.#winds = this.#winds.filter(([t]) => t >= this.#winds.at(-1)[0] - SPREAD_S);
    }

    #drawSpread() {
      const { middle, spread } = steadiness(this.#winds.map(([, ...wind]) => wind)) ?? {};
      const half = Math.min(Math.max(spread, ARC_HALF[0]), ARC_HALF[1]);
      this.querySelector("path.arc")?.setAttribute("d", spread >= 1 ? arc(middle - half, middle + half) : "");
    }

    /** Many stations report gusts only while there are some. */
    #drawGust(speed, direction) {
      const [gust, wind] = [store.newest(this.sensor, "wind_gust"), store.newest(this.sensor, "wind_speed")];
      const isGusty = gust && wind && wind.at - gust.at <= GUST_LASTS_S * 1000;
      const place = this.querySelector(".gust");
      if (place) place.hidden = !isGusty;
      const words = windWords(direction, speed, isGusty ? gust.value : null, units);
      this.querySelector("svg")?.setAttribute("aria-label", words + this.#when());
    }

    /** When the wind was, if it is not the current one. */
    #when() {
      const isOld = ["wind_speed", "wind_direction"].some((name) => store.isOld(this.sensor, name));
      const at = store.newest(this.sensor, "wind_speed")?.at;
      if (at === undefined || (store.isReporting(this.sensor) && !isOld)) return "";
      return `, ${siteTime(this.sensor).since(at, clock.now())}`;
    }

    #turn(direction, speed) {
      this.dataset.direction = direction;
      this.#angle = shortestArc(this.#angle, direction);
      const needle = this.querySelector(".needle");
      needle?.style.setProperty("transform", `rotate(${this.#angle}deg)`);
      needle?.toggleAttribute("hidden", speed < CALM);
      setText(this.fact("direction"), bearing(direction, speed));
    }

    #drawSpeed(speed) {
      this.dataset.speed = speed;
      setText(this.querySelector("text.big"), valueText(speed, units.wind_speed));
      setText(this.fact("beaufort"), gettext`Beaufort ${beaufort(speed)} · ${beaufortWord(speed)}${this.#when()}`);
    }
  }

  customElements.define("sf-compass", Compass);
}

/** The path of an arc clockwise from one angle to another, north up. */
function arc(from, to) {
  const point = (angle) =>
    [Math.sin(rad(angle)), -Math.cos(rad(angle))]
      .map((part) => (part * RADIUS).toFixed(1))
      .join(" ");
  return `M${point(from)}A${RADIUS} ${RADIUS} 0 ${to - from > 180 ? 1 : 0} 1 ${point(to)}`;
}
