import { setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { NBSP, valueText } from "sf/format";
import { clock, page, store } from "sf/live";
import { CALM, beaufort, compassPoint, shortestArc, steadiness } from "sf/wind";

/** `<sf-compass sensor data-direction data-speed>`: the needle takes the shortest way round. */
const SPREAD_MS = 600_000; // the arc tells of ten minutes
const RADIUS = 87;

class Compass extends LiveElement {
  #angle = 0;
  #openedAt = 0;
  #recent = []; // [instant, direction] of the last ten minutes

  connected(signal) {
    this.#angle = Number(this.dataset.direction) || 0;
    this.#openedAt = clock.now();
    store.subscribe(this.sensor, (entry, reading) => this.#take(reading), { signal });
  }

  draw() {
    const speed = store.newest(this.sensor, "wind_speed")?.value;
    const direction = store.newest(this.sensor, "wind_direction")?.value;
    if (speed !== undefined) this.#drawSpeed(speed);
    // A vane in still air points anywhere: the needle stays where the last wind came from.
    if (direction !== undefined && (speed === undefined || speed >= CALM)) this.#turn(direction);
    this.#drawSpread();
  }

  #take(reading) {
    const { wind_direction: direction, wind_speed: speed = CALM } = reading?.values ?? {};
    if (reading?.observedAt && direction !== undefined && speed >= CALM)
      this.#recent.push([reading.observedAt, direction]);
    const since = clock.now() - SPREAD_MS;
    this.#recent = this.#recent.filter(([at]) => at >= since);
    this.redraw(500);
  }

  /** The server drew the arc from its own ten minutes; it stands until the page has seen as many. */
  #drawSpread() {
    if (clock.now() - this.#openedAt < SPREAD_MS) return;
    const { middle, spread } = steadiness(this.#recent.map(([, direction]) => direction)) ?? {};
    const half = Math.min(Math.max(spread, 4), 170); // past 170° to either side the arc would close
    this.querySelector("path.arc")?.setAttribute("d", spread >= 1 ? arc(middle - half, middle + half) : "");
  }

  #turn(direction) {
    this.dataset.direction = direction;
    this.#angle = shortestArc(this.#angle, direction);
    this.querySelector(".needle")?.style.setProperty("transform", `rotate(${this.#angle}deg)`);
    setText(this.querySelector("[data-fact=direction]"), `${compassPoint(direction)}${NBSP}${Math.round(direction)}°`);
  }

  #drawSpeed(speed) {
    this.dataset.speed = speed;
    setText(this.querySelector("text.big"), valueText(speed, page.units.wind_speed));
    const { force, name } = beaufort(speed);
    setText(this.querySelector("[data-fact=beaufort]"), `Beaufort ${force} · ${name}`);
  }
}

/** Clockwise from one angle to another, north up. */
function arc(from, to) {
  const point = (angle) =>
    [Math.sin((angle * Math.PI) / 180), -Math.cos((angle * Math.PI) / 180)]
      .map((part) => (part * RADIUS).toFixed(1))
      .join(" ");
  return `M${point(from)}A${RADIUS} ${RADIUS} 0 ${to - from > 180 ? 1 : 0} 1 ${point(to)}`;
}

customElements.define("sf-compass", Compass);
