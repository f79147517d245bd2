import { LiveElement } from "sf/element";
import { clock, siteTime, stream } from "sf/live";

/**
 * `<sf-notices sensor>`: what arrived for a sensor and was not understood, the newest first. A page that waits for the
 * first reading has an element `[data-headline]`, which then says what arrives instead.
 */
class Notices extends LiveElement {
  connected(signal) {
    stream.noticed.subscribe((notice) => notice.sensor === this.sensor && this.#show(notice), { signal });
  }

  async #show(notice) {
    // Where a sensor is being set up, refused requests are in a list of their own.
    if (notice.advice && this.closest("sf-onboard")) return;
    const { addNotice } = await import("sf/notice-row");
    addNotice(this.fact("list"), notice, siteTime(this.sensor).since(Date.parse(notice.at), clock.now()));
    this.hidden = false;
  }
}

customElements.define("sf-notices", Notices);
