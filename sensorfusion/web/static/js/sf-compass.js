import { setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { NBSP, valueText } from "sf/format";
import { page, store } from "sf/live";
import { CALM, beaufort, compassPoint, shortestArc } from "sf/wind";

/** `<sf-compass sensor data-direction data-speed>`: the needle takes the shortest way round. */
class Compass extends LiveElement {
  #angle = 0;

  connected(signal) {
    this.#angle = Number(this.dataset.direction) || 0;
    store.subscribe(this.sensor, () => this.redraw(500), { signal });
  }

  draw() {
    const speed = store.newest(this.sensor, "wind_speed")?.value;
    const direction = store.newest(this.sensor, "wind_direction")?.value;
    if (speed !== undefined) this.#drawSpeed(speed);
    // A vane in still air points anywhere: the needle stays where the last wind came from.
    if (direction !== undefined && (speed === undefined || speed >= CALM)) this.#turn(direction);
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

customElements.define("sf-compass", Compass);
