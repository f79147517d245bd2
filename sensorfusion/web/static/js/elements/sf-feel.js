import { feelsLike } from "sf/derived";
import { setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { ageText, isNothing, shortText, sizeText } from "sf/format";
import { clock, dayBefore, page, siteTime, store, tick } from "sf/live";
import { tables } from "sf/tables";

/**
 * `<sf-feel sensor q>`: the meaning of the main number: how it feels, the difference from yesterday, since when it is
 * old.
 */
const FELT = ["temperature", "humidity", "wind_speed"];
const STALE = ["offline", "paused"];

class Feel extends LiveElement {
  connected(signal) {
    store.subscribe(this.sensor, () => this.redraw(250), { signal });
    tick.subscribe(() => this.#drawStale(), { signal });
  }

  draw() {
    const feels = store.current(this.sensor, "feels_like") ?? feelsLike(...FELT.map((name) => store.current(this.sensor, name)));
    setText(this.fact("feels"), feels === null ? "" : `Feels like ${shortText(feels, page.units.feels_like)}`);
    this.#drawDelta(store.current(this.sensor, this.quantity), this.#yesterday());
    this.#drawStale();
  }

  /** The number a day before the newest reading, as in the comparison. */
  #yesterday() {
    const { observedAt } = store.sensor(this.sensor) ?? {};
    if (observedAt == null) return null;
    dayBefore?.reach(observedAt / 1000);
    return dayBefore?.value(this.quantity, observedAt / 1000) ?? null;
  }

  #drawDelta(value, before) {
    const unit = page.units[this.quantity];
    const by = value === null || before === null ? null : value - before;
    const isSame = by !== null && isNothing(by, unit, value);
    const between = this.fact("between");
    if (between) between.hidden = by === null;
    const delta = this.fact("delta");
    delta.hidden = by === null || isSame;
    delta.className = by > 0 ? "up" : "down";
    setText(delta.querySelector("i"), by > 0 ? "▲" : "▼");
    setText(delta.querySelector("span"), sizeText(by ?? 0, unit));
    const [more, less] = tables.more_less[page.quantities[this.quantity]?.hue] ?? tables.more_less[""];
    const how = isSame ? "the same as" : `${by > 0 ? more : less} than`;
    setText(this.fact("words"), by === null ? "" : `${how} yesterday at this time`);
  }

  #drawStale() {
    const [at, now] = [store.sensor(this.sensor)?.observedAt, clock.now()];
    const state = store.state(this.sensor);
    const isStale = at && STALE.includes(state);
    setText(this.fact("stale"), isStale ? `${tables.leads[state]} ${siteTime(this.sensor).since(at, now)}, ${ageText(now - at)}` : "");
  }
}

customElements.define("sf-feel", Feel);
