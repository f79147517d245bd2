import { setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { lightOver } from "sf/light";
import { clock, siteTime, tick } from "sf/live";
import { isUp, position } from "sf/sun";
import { tables } from "sf/tables";

/** `<sf-sky sensor data-sky>`: the hero, whose light, sun and clock follow the time at the site. */
const EVERY_MS = 60_000;
const { width: WIDTH, horizon: HORIZON, steps: STEPS } = tables.sun_arc;

class Sky extends LiveElement {
  #drawnAt = 0;

  connected(signal) {
    tick.subscribe(() => this.#tick(), { signal });
  }

  draw() {
    this.#drawnAt = clock.now();
    const light = lightOver(this.sensor, this.#drawnAt);
    if (!light) return;
    this.dataset.sky = light.name;
    this.style.setProperty("--sun-x", `${100 * sunX(light.azimuth)}%`);
    this.style.setProperty("--sun-y", `${100 * sunY(light.altitude)}%`);
    this.#drawArc(light.place);
  }

  #tick() {
    setText(this.fact("clock"), siteTime(this.sensor).time(clock.now()));
    if (clock.now() - this.#drawnAt >= EVERY_MS) this.draw();
  }

  /** Moves the sun along its path; when it is down the moon is shown there. */
  #drawArc(place) {
    const arc = this.querySelector(".sun-arc");
    if (!arc) return;
    const [start, end, top] = [arc.dataset.start * 1000, arc.dataset.end * 1000, +arc.dataset.top];
    const point = (at) => {
      const x = ((at - start) / (end - start)) * WIDTH;
      return `${x.toFixed(1)} ${(HORIZON * (1 - position(at, place).altitude / top)).toFixed(1)}`;
    };
    const isDay = isUp(this.#drawnAt, place);
    const way = Array.from({ length: STEPS }, (_, i) => start + (i * (end - start)) / STEPS);
    const passed = way.filter((at) => at < this.#drawnAt && isUp(at, place));
    arc.querySelector(".passed").setAttribute("d", isDay ? `M${[...passed, this.#drawnAt].map(point).join("L")}` : "");
    arc.querySelector(".sun").setAttribute("transform", `translate(${point(this.#drawnAt)})`);
    arc.querySelector(".sun").toggleAttribute("hidden", !isDay);
    arc.querySelector(".moon").toggleAttribute("hidden", isDay);
  }
}

/** East is left, west is right and 70° is at the top, as on the server. */
const sunX = (azimuth) => Math.max(0, Math.min(1, (azimuth - 60) / 240));
const sunY = (altitude) => 1 - Math.max(0, Math.min(1, altitude / 70));

customElements.define("sf-sky", Sky);
