import { setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { clock, gate, siteDay, siteTime, view } from "sf/live";
import { shortcuts } from "sf/shortcuts";
import { gettext } from "sf/translation";

/**
 * `<sf-range sensor data-range="24h" data-query="r=24h">` with links `a[data-range]` and `a[data-step]` and a form of two
 * days: they work without scripts; here they change the charts in place.
 */
class Range extends LiveElement {
  connected(signal) {
    this.addEventListener("click", (event) => this.#choose(event), { signal });
    this.querySelector("form")?.addEventListener("submit", (event) => this.#chooseDays(event), { signal });
    view.changed.subscribe(() => this.redraw(), { signal });
    addEventListener("popstate", () => view.read(location.search), { signal });
    this.querySelectorAll("a[data-range]").forEach(({ dataset }, i) => {
      shortcuts.bind(String(i + 1), gettext`1 hour to 1 year`, () => view.choose(dataset.range), { signal });
    });
    shortcuts.bind("<", gettext`Earlier, later`, () => this.#step(-1), { signal });
    shortcuts.bind(">", gettext`Earlier, later`, () => this.#step(1), { signal });
    shortcuts.bind("Escape", gettext`Back to now`, () => view.reset(), { signal });
    // The server knows which instants the days of an address are.
    if (new URLSearchParams(location.search).has("day")) history.replaceState(null, "", this.#pageAddress(this.dataset.query));
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
    for (const link of this.querySelectorAll("a[data-step]")) link.setAttribute("href", this.#addressAfter(+link.dataset.step));
    setText(this.fact("span"), this.#label);
  }

  get #label() {
    const site = siteTime(this.sensor);
    const isElsewhere = site.zone !== Intl.DateTimeFormat().resolvedOptions().timeZone;
    const zoneName = isElsewhere ? this.dataset.zone : "";
    if (view.isLive) return zoneName;
    const dates = view.span().map((at) => `${site.date(at * 1000)}, ${site.time(at * 1000)}`);
    return dates.join(" – ") + (zoneName && ` · ${zoneName}`);
  }

  #step(direction, of = view) {
    if (direction) of.step(direction, clock.now() / 1000);
    else of.reset();
  }

  #addressAfter(direction) {
    const other = view.copy();
    this.#step(direction, other);
    return this.#pageAddress(other.query(location.search));
  }

  #pageAddress(query) {
    return `?${query}${location.hash}`;
  }

  #choose(event) {
    const link = event.target.closest("a[data-range], a[data-step]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (link.dataset.range) view.choose(link.dataset.range);
    else this.#step(+link.dataset.step);
  }

  /** Shows whole days of the site, in any order; none that has not begun. */
  async #chooseDays(event) {
    event.preventDefault();
    const form = event.target;
    const { chosenSpan } = await import("sf/day-picker");
    form.hidePopover();
    view.zoom(...chosenSpan(form, siteDay(this.sensor)));
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
