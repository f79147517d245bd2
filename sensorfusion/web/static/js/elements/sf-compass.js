import { beaufort, beaufortWord } from "sf/derived";
import { setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { NBSP, valueText, withUnit } from "sf/format";
import { clock, page, siteTime, store, tick } from "sf/live";
import { numberIn } from "sf/series";
import { tables } from "sf/tables";
import { compassPoint, shortestArc, steadiness } from "sf/wind";

/** `<sf-compass sensor data-direction data-speed>`: the needle turns the shorter way. */
const SPREAD_MS = 600_000; // the arc covers ten minutes
const { calm: CALM, arc_radius: RADIUS, arc_half: ARC_HALF, gust_lasts_s: GUST_LASTS_S } = tables.wind;

class Compass extends LiveElement {
  #angle = 0;
  #openedAt = 0;
  #recent = []; // [instant, direction] of the last ten minutes

  connected(signal) {
    this.#angle = Number(this.dataset.direction) || 0;
    this.#openedAt = clock.now();
    store.subscribe(this.sensor, (entry, reading) => this.#take(reading), { signal });
    tick.subscribe(() => this.redraw(1_000), { signal });
  }

  draw() {
    const speed = store.newest(this.sensor, "wind_speed")?.value;
    const direction = store.newest(this.sensor, "wind_direction")?.value;
    if (speed !== undefined) this.#drawSpeed(speed);
    // A vane in calm air is meaningless: the needle stays at the direction of the last wind.
    if (direction !== undefined && (speed === undefined || speed >= CALM)) this.#turn(direction);
    this.#drawSpread();
    this.#drawGust(speed, direction);
  }

  #take(reading) {
    const direction = reading?.observedAt ? numberIn(reading, "wind_direction") : null;
    if (direction !== null && (numberIn(reading, "wind_speed") ?? CALM) >= CALM)
      this.#recent.push([reading.observedAt, direction]);
    const since = clock.now() - SPREAD_MS;
    this.#recent = this.#recent.filter(([at]) => at >= since);
    this.redraw(500);
  }

  /** Draws the arc. The server's arc, of its own ten minutes, stays until the page has been open as long. */
  #drawSpread() {
    if (clock.now() - this.#openedAt < SPREAD_MS) return;
    const { middle, spread } = steadiness(this.#recent.map(([, direction]) => direction)) ?? {};
    const half = Math.min(Math.max(spread, ARC_HALF[0]), ARC_HALF[1]);
    this.querySelector("path.arc")?.setAttribute("d", spread >= 1 ? arc(middle - half, middle + half) : "");
  }

  /** Many stations report gusts only while there are some. */
  #drawGust(speed, direction) {
    const [gust, wind] = [store.newest(this.sensor, "wind_gust"), store.newest(this.sensor, "wind_speed")];
    const isGusty = gust && wind && wind.at - gust.at <= GUST_LASTS_S * 1000;
    const place = this.querySelector(".gust");
    if (place) place.hidden = !isGusty;
    if (speed === undefined || direction === undefined) return;
    const gusting = isGusty ? `, gusting ${withUnit(gust.value, page.units.wind_gust)}` : "";
    const words = `Wind ${withUnit(speed, page.units.wind_speed)} from ${compassPoint(direction)}, ${beaufortWord(speed)}`;
    this.querySelector("svg")?.setAttribute("aria-label", words + gusting + this.#when());
  }

  /** When the wind was, if it is not the current one. */
  #when() {
    const isOld = ["wind_speed", "wind_direction"].some((name) => store.isOld(this.sensor, name));
    const at = store.newest(this.sensor, "wind_speed")?.at;
    if (at === undefined || (store.isReporting(this.sensor) && !isOld)) return "";
    return `, ${siteTime(this.sensor).since(at, clock.now())}`;
  }

  #turn(direction) {
    this.dataset.direction = direction;
    this.#angle = shortestArc(this.#angle, direction);
    this.querySelector(".needle")?.style.setProperty("transform", `rotate(${this.#angle}deg)`);
    setText(this.fact("direction"), `${compassPoint(direction)}${NBSP}${Math.round(direction)}°`);
  }

  #drawSpeed(speed) {
    this.dataset.speed = speed;
    setText(this.querySelector("text.big"), valueText(speed, page.units.wind_speed));
    setText(this.fact("beaufort"), `Beaufort ${beaufort(speed)} · ${beaufortWord(speed)}${this.#when()}`);
  }
}

/** The path of an arc clockwise from one angle to another, north up. */
function arc(from, to) {
  const point = (angle) =>
    [Math.sin((angle * Math.PI) / 180), -Math.cos((angle * Math.PI) / 180)]
      .map((part) => (part * RADIUS).toFixed(1))
      .join(" ");
  return `M${point(from)}A${RADIUS} ${RADIUS} 0 ${to - from > 180 ? 1 : 0} 1 ${point(to)}`;
}

customElements.define("sf-compass", Compass);
