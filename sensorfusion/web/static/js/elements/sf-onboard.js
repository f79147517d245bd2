import { html, setState, setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { page, siteTime, store, stream } from "sf/live";

/**
 * `<sf-onboard sensor data-state="waiting|arrived">`: waits for a sensor's first reading, and shows refused requests
 * meanwhile.
 */
const MOST_SHOWN = 20;
const PATIENCE_MS = 120_000; // then the checklist is shown

class Onboard extends LiveElement {
  connected(signal) {
    store.subscribe(this.sensor, () => this.redraw(), { signal });
    stream.refused.subscribe((refusal) => refusal.sensor === this.sensor && this.#refuse(refusal), { signal });
    const patience = setTimeout(() => this.#offerHelp(), PATIENCE_MS);
    signal.addEventListener("abort", () => clearTimeout(patience));
  }

  draw() {
    const entry = store.sensor(this.sensor);
    if (!entry?.observedAt) return;
    setState(this, "arrived");
    const names = [...entry.values.keys()].map((name) => page.quantities[name]?.label ?? name.replaceAll("_", " "));
    setText(this.fact("found"), names.join(", "));
  }

  #refuse({ at, status, code, detail }) {
    const list = this.fact("refusals");
    if (!list || this.dataset.state === "arrived") return;
    const time = html("time", { datetime: at }, siteTime(this.sensor).timeWithSeconds(Date.parse(at)));
    list.prepend(html("li", { "data-code": code }, time, " · ", html("b", {}, String(status)), ` ${detail}`));
    while (list.children.length > MOST_SHOWN) list.lastElementChild.remove();
  }

  #offerHelp() {
    const hints = this.querySelector("details");
    const hasNews = this.querySelector("sf-notices:not([hidden])") !== null; // it says more than the checklist
    if (hints && !hasNews && this.dataset.state === "waiting") hints.open = true;
  }
}

customElements.define("sf-onboard", Onboard);
