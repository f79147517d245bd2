import { stateAt } from "sf/liveness";
import { isAhead } from "sf/series";
import { tables } from "sf/tables";
import { Topic } from "sf/topic";
import { dayStartS } from "sf/zone";

/**
 * The current values of every sensor of the page: for each quantity the value with the newest instant of observation,
 * for any order of arrival.
 */
export class Store {
  #now;
  #isDaily;
  #sensors = new Map();
  #changes = new Map();

  /** `now()` is the server's time in milliseconds, `isDaily(quantity)` whether it counts from the beginning of the day. */
  constructor({ now, isDaily }) {
    this.#now = now;
    this.#isDaily = isDaily;
  }

  get sensors() {
    return [...this.#sensors.keys()];
  }

  /** Sets a sensor's values from the page or a snapshot. */
  load({ sensor, seq, name, observedAt, receivedAt, state, interval_s, values = {}, flags, older, ...place }) {
    const known = this.#sensors.get(sensor);
    const entry = known ?? { sensor, values: new Map(), place };
    Object.assign(entry, {
      name: name ?? known?.name,
      status: (state ?? known?.status) === "paused" ? "paused" : "active",
      intervalS: interval_s !== undefined ? interval_s : (known?.intervalS ?? null),
    });
    this.#sensors.set(sensor, entry);
    this.#take({ sensor, seq, observedAt, receivedAt, values, flags, older });
  }

  /** Applies readings of one sensor. */
  apply(readings) {
    for (const reading of readings) if (this.#sensors.has(reading.sensor)) this.#take(reading);
  }

  /** Removes the values of a sensor: the server may now have older data than was shown. */
  forget(sensor) {
    const entry = this.#sensors.get(sensor);
    if (entry) Object.assign(entry, { values: new Map(), observedAt: null, receivedAt: null });
  }

  /** Sets the state sent by the server. Only "paused" is set by people; the others follow from time. */
  setState(sensor, state, name) {
    const entry = this.#sensors.get(sensor);
    if (!entry) return;
    entry.name = name ?? entry.name;
    entry.status = state === "paused" ? "paused" : "active";
    this.#tell(entry);
  }

  /** A sensor's properties: {name, observedAt, receivedAt, intervalS, place}. */
  sensor(sensor) {
    return this.#sensors.get(sensor);
  }

  /** The newest value of a quantity as {value, at}, with its flag unless it is good; or undefined. */
  newest(sensor, quantity) {
    return this.#sensors.get(sensor)?.values.get(quantity);
  }

  /** The newest value as it may be shown now: null for the count of a day that has ended. */
  standing(sensor, quantity) {
    return this.#isOver(sensor, quantity) ? null : this.newest(sensor, quantity)?.value;
  }

  /** The newest value of a quantity if it is a number, else null. */
  number(sensor, quantity) {
    const value = this.newest(sensor, quantity)?.value;
    return typeof value === "number" ? value : null;
  }

  /**
   * The newest value of a quantity if something may be concluded from it, else null: a number, not bad, and not too old
   * to stand beside the newest reading's.
   */
  current(sensor, quantity) {
    return this.isOld(sensor, quantity) || this.#isOver(sensor, quantity) ? null : this.good(sensor, quantity);
  }

  /** The newest value of a quantity if it is a number and not bad, else null. */
  good(sensor, quantity) {
    return this.newest(sensor, quantity)?.flag === tables.bad_flag ? null : this.number(sensor, quantity);
  }

  isOld(sensor, quantity) {
    const at = this.newest(sensor, quantity)?.at ?? Infinity;
    return this.#sensors.get(sensor)?.observedAt - at > tables.belongs_together_s * 1000;
  }

  /** Whether the newest reading is of the present. */
  isReporting(sensor) {
    return ["live", "late"].includes(this.state(sensor));
  }

  /** The current state of a sensor. */
  state(sensor) {
    const entry = this.#sensors.get(sensor);
    return entry ? this.#judge(entry, entry.observedAt) : "pending";
  }

  /**
   * The state of one quantity: its sensor's, or offline if it alone has stopped (one probe of a station failed). A
   * quantity that is sent more rarely than the station's others is not late because of that.
   */
  quantityState(sensor, quantity) {
    const entry = this.#sensors.get(sensor);
    const newest = entry?.values.get(quantity);
    if (!newest) return "pending";
    const own = this.#judge(entry, newest.at);
    return own === "offline" ? own : this.state(sensor);
  }

  /** Calls `listener(entry, reading)` at every change of a sensor. */
  subscribe(sensor, listener, options) {
    if (!this.#changes.has(sensor)) this.#changes.set(sensor, new Topic());
    return this.#changes.get(sensor).subscribe(listener, options);
  }

  #isOver(sensor, quantity) {
    const { time_zone, day_starts_h } = this.#sensors.get(sensor)?.place ?? {};
    const at = this.newest(sensor, quantity)?.at / 1000;
    return this.#isDaily?.(quantity) && at < dayStartS(this.#now() / 1000, time_zone, day_starts_h);
  }

  #judge({ intervalS, status }, lastAt) {
    return stateAt({ lastAt, intervalS, status, now: this.#now() });
  }

  #take(reading) {
    const entry = this.#sensors.get(reading.sensor);
    const { observedAt, receivedAt, values, flags, older } = reading; // `older`: epoch seconds of a snapshot's old values
    if (observedAt != null && !isAhead(reading)) {
      entry.observedAt = Math.max(entry.observedAt ?? observedAt, observedAt);
      for (const [quantity, value] of Object.entries(values)) {
        const at = older?.[quantity] === undefined ? observedAt : older[quantity] * 1000;
        this.#keepNewest(entry.values, quantity, { value, at, ...(flags?.[quantity] && { flag: flags[quantity] }) });
      }
    }
    entry.receivedAt = Math.max(entry.receivedAt ?? 0, receivedAt ?? 0) || null;
    this.#tell(entry, reading);
  }

  #keepNewest(values, quantity, newest) {
    const known = values.get(quantity);
    if (!known || newest.at >= known.at) values.set(quantity, newest);
  }

  #tell(entry, reading) {
    this.#changes.get(entry.sensor)?.publish(entry, reading);
  }
}
