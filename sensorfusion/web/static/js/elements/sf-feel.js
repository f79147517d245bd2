import { feelsLike } from "sf/derived";
import { setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { isNothing, shortText, sizeText } from "sf/format";
import { dayBefore, page, store } from "sf/live";
import { moved } from "sf/station-words";
import { gettext } from "sf/translation";

/**
 * `<sf-feel sensor q>`: the meaning of the main number: how it feels, and the difference from yesterday.
 */
const FELT = ["temperature", "humidity", "wind_speed"];

class Feel extends LiveElement {
  connected(signal) {
    store.subscribe(this.sensor, () => this.redraw(250), { signal });
  }

  draw() {
    const feels = store.current(this.sensor, "feels_like") ?? feelsLike(...FELT.map((name) => store.current(this.sensor, name)));
    setText(this.fact("feels"), feels === null ? "" : gettext`Feels like ${shortText(feels, page.units.feels_like)}`);
    this.#drawDelta(store.current(this.sensor, this.quantity), this.#yesterday());
  }

  /** The number a day before the newest reading, as in the comparison; no direction is higher than another. */
  #yesterday() {
    const { observedAt } = store.sensor(this.sensor) ?? {};
    if (observedAt == null || page.quantities[this.quantity]?.combine === "vector") return null;
    dayBefore?.reach(observedAt / 1000);
    return dayBefore?.value(this.quantity, observedAt / 1000) ?? null;
  }

  #drawDelta(value, before) {
    const unit = page.units[this.quantity];
    const by = value === null || before === null ? null : value - before;
    const isSame = by === null || isNothing(by, unit, value);
    const between = this.fact("between");
    if (between) between.hidden = by === null;
    const delta = this.fact("delta");
    delta.hidden = isSame;
    delta.className = by > 0 ? "up" : "down";
    setText(delta.querySelector("i"), by > 0 ? "▲" : "▼");
    setText(delta.querySelector("span"), sizeText(by ?? 0, unit));
    setText(this.fact("words"), by === null ? "" : moved(by, page.quantities[this.quantity]?.hue, isSame));
  }
}

customElements.define("sf-feel", Feel);
