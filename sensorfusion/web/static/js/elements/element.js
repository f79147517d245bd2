import { painter } from "sf/live";

/**
 * A custom element whose listeners and timers live as long as it stands in the page. Its content is the server's; it
 * only moves it. Subclasses write `connected(signal)` and, when they draw, `draw()`.
 */
export class LiveElement extends HTMLElement {
  #life = null;
  #draw = () => this.draw();

  connectedCallback() {
    this.#life = new AbortController();
    this.connected(this.#life.signal);
  }

  disconnectedCallback() {
    this.#life.abort();
    painter.cancel(this.#draw);
  }

  get sensor() {
    return this.getAttribute("sensor");
  }

  get quantity() {
    return this.getAttribute("q") ?? this.closest("sf-tile")?.getAttribute("q");
  }

  /** The part of the content that tells this. */
  fact(name) {
    return this.querySelector(`[data-fact=${name}]`);
  }

  /** Draws in the next frame, but at most every so many milliseconds. */
  redraw(everyMs) {
    painter.request(this.#draw, everyMs);
  }
}
