import { LiveElement } from "sf/element";
import { clock, gate, view } from "sf/live";
import { shortcuts } from "sf/shortcuts";
import { tables } from "sf/tables";

/**
 * `<sf-range data-range="24h"><a href="?r=1h" data-range="1h">…`: the links work without scripts; here they change the
 * charts in place.
 */
class Range extends LiveElement {
  connected(signal) {
    this.addEventListener("click", (event) => this.#choose(event), { signal });
    view.changed.subscribe(() => this.redraw(), { signal });
    addEventListener("popstate", () => view.read(location.search), { signal });
    Object.keys(tables.ranges).forEach((name, i) => {
      const link = this.querySelector(`a[data-range="${name}"]`);
      if (link) shortcuts.bind(String(i + 1), "1 hour to 1 year", () => view.choose(name), { signal });
    });
    shortcuts.bind("<", "Earlier, later", () => view.step(-1, clock.now() / 1000), { signal });
    shortcuts.bind(">", "Earlier, later", () => view.step(1, clock.now() / 1000), { signal });
    shortcuts.bind("Escape", "Back to now", () => view.reset(), { signal });
    view.changed.subscribe(() => this.#write(), { signal });
    view.read(location.search);
  }

  draw() {
    this.dataset.range = view.name;
    this.toggleAttribute("data-zoomed", !view.isLive);
    for (const link of this.querySelectorAll("a[data-range]")) {
      if (view.isLive && link.dataset.range === view.name) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  #choose(event) {
    const link = event.target.closest("a[data-range]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    view.choose(link.dataset.range);
  }

  /** Writes the view to the URL, and pauses the page while it shows the past. */
  #write() {
    const query = `?${view.query(location.search)}`;
    const isSame = query === location.search || (!location.search && view.isLive && view.name === this.dataset.range);
    if (!isSame) history.pushState(null, "", query + location.hash);
    if (view.isLive) gate.resume("past");
    else gate.pause("past");
  }
}

customElements.define("sf-range", Range);
