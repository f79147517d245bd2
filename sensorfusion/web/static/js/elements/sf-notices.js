import { setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { clock, siteTime, stream } from "sf/live";

/**
 * `<sf-notices sensor>`: what arrived for a sensor and was not understood, the newest first. A page that waits for the
 * first reading has an element `[data-headline]`, which then says what arrives instead.
 */
const MOST_SHOWN = 50;

class Notices extends LiveElement {
  connected(signal) {
    stream.noticed.subscribe((notice) => notice.sensor === this.sensor && this.#show(notice), { signal });
  }

  #show(notice) {
    // Where a sensor is being set up, refused requests are in a list of their own.
    if (notice.advice && this.closest("sf-onboard")) return;
    const list = this.fact("list");
    list.prepend(this.#row(notice));
    while (list.children.length > MOST_SHOWN) list.lastElementChild.remove();
    this.hidden = false;
    this.#announce(notice);
  }

  /** The row of this kind of notice with new words. */
  #row({ at, code, subject, title, detail, advice, count }) {
    const known = [...this.fact("list").children].find((row) => row.dataset.code === code && row.dataset.subject === subject);
    const row = known ?? this.querySelector("template").content.firstElementChild.cloneNode(true);
    Object.assign(row.dataset, { code, subject });
    for (const input of row.querySelectorAll("input[name=code], input[name=subject]")) input.value = row.dataset[input.name];
    const facts = { title, detail, advice, times: count === 1 ? "once" : `${count.toLocaleString("en")} times` };
    for (const [name, text] of Object.entries(facts)) setText(row.querySelector(`[data-fact=${name}]`), text);
    row.querySelector("[data-fact=advice]").hidden = !advice;
    const when = row.querySelector("[data-fact=when]");
    when.dateTime = at;
    setText(when, siteTime(this.sensor).since(Date.parse(at), clock.now()));
    return row;
  }

  /** A clock that is ahead explains everything else. */
  #announce({ code, headline }) {
    const line = document.querySelector("[data-headline]");
    if (!line || (line.dataset.headline === "clock_ahead" && code !== "clock_ahead")) return;
    line.dataset.headline = code;
    setText(line, headline);
  }
}

customElements.define("sf-notices", Notices);
