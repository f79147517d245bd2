import { painter } from "sf/live";

/**
 * A custom element whose listeners and timers live while it is in the page. Its content is rendered by the server; the
 * element updates it. Subclasses implement `connected(signal)` and, when they draw, `draw()`.
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

  /** The child element with this `data-fact`. */
  fact(name) {
    return this.querySelector(`[data-fact=${name}]`);
  }

  /** Draws in the next frame, at most once every `everyMs` milliseconds. */
  redraw(everyMs) {
    painter.request(this.#draw, everyMs);
  }
}
