import { html, prefersStillness, setState, setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { page, siteTime, store, stream } from "sf/live";

/**
 * `<sf-onboard sensor data-state="waiting|arrived" data-page="…" data-sentences="{…}">`: waits for a sensor's first reading and then opens
 * its live page; shows refused requests meanwhile, also those before the page was loaded again.
 */
const MOST_SHOWN = 20;
const PATIENCE_MS = 120_000; // then the checklist is shown
const ENJOYED_MS = 1_800; // how long the page says that the sensor is live

class Onboard extends LiveElement {
  #refusals = [];

  connected(signal) {
    store.subscribe(this.sensor, () => this.redraw(), { signal });
    stream.refused.subscribe((refusal) => refusal.sensor === this.sensor && this.#refuse(refusal), { signal });
    const patience = setTimeout(() => this.#offerHelp(), PATIENCE_MS);
    signal.addEventListener("abort", () => clearTimeout(patience));
    this.#refusals = kept(this.sensor);
    this.#drawRefusals();
  }

  draw() {
    const entry = store.sensor(this.sensor);
    if (!entry?.observedAt) return;
    const isFirst = this.dataset.state === "waiting";
    setState(this, "arrived");
    const names = [...entry.values.keys()].map((name) => page.quantities[name]?.label ?? name.replaceAll("_", " "));
    setText(this.fact("found"), names.join(", "));
    if (isFirst) setTimeout(() => location.assign(this.dataset.page), prefersStillness() ? 0 : ENJOYED_MS);
  }

  #refuse({ at, status, code, detail }) {
    if (this.dataset.state === "arrived") return;
    this.#refusals = [{ at, status, code, detail }, ...this.#refusals].slice(0, MOST_SHOWN);
    keep(this.sensor, this.#refusals);
    this.#drawRefusals();
  }

  #drawRefusals() {
    const rows = this.#refusals.map(({ at, status, code, detail }) => {
      const time = html("time", { datetime: at }, siteTime(this.sensor).timeWithSeconds(Date.parse(at)));
      return html("li", { "data-code": code }, time, " · ", html("b", {}, String(status)), " ", ...this.#said(code, detail));
    });
    this.fact("refusals")?.replaceChildren(...rows);
  }

  /**
   * The reason in the reader's language. What a door says beyond the sentence of its code, such as where a body could not
   * be read, is in English.
   */
  #said(code, detail) {
    const sentences = JSON.parse(this.dataset.sentences ?? "{}");
    const [, exact] = Object.values(sentences).find(([english]) => english === detail) ?? [];
    if (exact) return [exact];
    const [, own] = sentences[code] ?? [];
    return own ? [`${own} `, html("span", { lang: "en" }, detail)] : [detail];
  }

  #offerHelp() {
    const hints = this.querySelector("details");
    const hasNews = this.querySelector("sf-notices:not([hidden])") !== null; // it says more than the checklist
    if (hints && !hasNews && this.dataset.state === "waiting") hints.open = true;
  }
}

/** The refusals of a sensor that this tab showed, newest first. */
function kept(sensor) {
  try {
    return JSON.parse(sessionStorage.getItem(`refused ${sensor}`)) ?? [];
  } catch {
    return [];
  }
}

function keep(sensor, refusals) {
  try {
    sessionStorage.setItem(`refused ${sensor}`, JSON.stringify(refusals));
  } catch {
    // without storage they last until the page is loaded again
  }
}

customElements.define("sf-onboard", Onboard);
