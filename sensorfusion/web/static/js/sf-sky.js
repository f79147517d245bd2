import { LiveElement } from "sf/element";
import { clock, store, tick } from "sf/live";
import { isOvercast, position, sky } from "sf/sun";

/** `<sf-sky sensor data-sky>`: the hero, whose light follows the sun over the site. */
const EVERY_MS = 60_000;
const RADIATION_HOLDS_MS = 15 * 60_000; // an old reading says nothing of the clouds now

class Sky extends LiveElement {
  #drawnAt = 0;

  connected(signal) {
    tick.subscribe(() => clock.now() - this.#drawnAt >= EVERY_MS && this.draw(), { signal });
  }

  draw() {
    this.#drawnAt = clock.now();
    const { latitude, longitude } = store.sensor(this.sensor)?.place ?? {};
    if (latitude == null || longitude == null || this.dataset.sky === "none") return;
    const { altitude, azimuth } = position(this.#drawnAt, { latitude, longitude });
    this.dataset.sky = isOvercast(altitude, this.#radiation()) ? "overcast" : sky(altitude);
    this.style.setProperty("--sun-x", `${100 * sunX(azimuth)}%`);
    this.style.setProperty("--sun-y", `${100 * sunY(altitude)}%`);
  }

  #radiation() {
    const newest = store.newest(this.sensor, "solar_radiation");
    return newest && this.#drawnAt - newest.at < RADIATION_HOLDS_MS ? newest.value : null;
  }
}

/** East is left, west is right and 70° is at the top, as the server places it. */
const sunX = (azimuth) => Math.max(0, Math.min(1, (azimuth - 60) / 240));
const sunY = (altitude) => 1 - Math.max(0, Math.min(1, altitude / 70));

customElements.define("sf-sky", Sky);
