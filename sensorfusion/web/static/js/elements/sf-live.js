import { setState, setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { arrivals, clock, gate, link, page, siteTime, store, tick } from "sf/live";
import { pill } from "sf/pill";
import { gettext } from "sf/translation";

/** `<sf-live>`: the pill with the state of the live connection, and the popover with its details. */
const PULSE_MS = 600;

class Live extends LiveElement {
  #pulse;

  connected(signal) {
    const redraw = () => this.redraw(100);
    for (const topic of [link.changed, gate.changed, tick, gate.passed]) topic.subscribe(redraw, { signal });
    for (const event of ["online", "offline"]) addEventListener(event, redraw, { signal });
    gate.passed.subscribe(() => this.#arrive(), { signal });
    this.querySelector("button").addEventListener("click", (event) => this.#reconnect(event), { signal });
    // The age changes every second; only a change of state is worth announcing.
    this.querySelector(".age")?.setAttribute("aria-hidden", "true");
    this.#pauseButton?.addEventListener("click", () => gate.toggle("reader"), { signal });
    signal.addEventListener("abort", () => clearTimeout(this.#pulse));
    this.redraw();
  }

  draw() {
    const { state, word, more } = pill({
      isOnline: navigator.onLine,
      link,
      gate,
      sensors: store.sensors.map((each) => ({ state: store.state(each), observedAt: store.sensor(each).observedAt })),
      now: clock.now(),
      ownNow: Date.now(),
      siteTime: siteTime(page.sensors[0]?.sensor),
    });
    setState(this, state);
    setText(this.querySelector("b"), word);
    setText(this.querySelector(".age"), more);
    this.#drawPauseButton();
    if (this.#details?.matches(":popover-open")) this.#drawDetails();
  }

  get #details() {
    return document.getElementById("live-details");
  }

  get #pauseButton() {
    return this.#details?.querySelector("[data-action=pause]");
  }

  #reconnect(event) {
    if (link.state !== "waiting") return;
    event.preventDefault();
    link.retry();
  }

  #arrive() {
    if (document.hidden) return;
    clearTimeout(this.#pulse);
    this.toggleAttribute("data-arrived", true);
    this.#pulse = setTimeout(() => this.toggleAttribute("data-arrived", false), PULSE_MS);
  }

  #drawPauseButton() {
    const button = this.#pauseButton;
    if (!button) return;
    setText(button.querySelector("span") ?? button, gate.isPaused ? gettext`Resume` : gettext`Pause`);
    button.setAttribute("aria-pressed", gate.isPaused);
  }

  async #drawDetails() {
    const { drawDetails } = await import("sf/live-details");
    drawDetails(this.#details, { clock, arrivals, time: siteTime(page.sensors[0]?.sensor) });
  }
}

customElements.define("sf-live", Live);
