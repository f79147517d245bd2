import { html, setText } from "sf/dom";
import { LiveElement } from "sf/element";
import { asOf, clock, link, page, siteTime, store, stream, tick } from "sf/live";
import { asOfWords, silence } from "sf/station-words";
import { gettext } from "sf/translation";

/** `<sf-banner hidden>`: one sentence under the top bar when the page is not live. */
const SIGNED_OUT = [4401, 4410]; // live/protocol.py: not signed in, or signed out since
const GONE = {
  access_revoked: gettext`You may not see this sensor any more.`,
  unknown_sensor: gettext`This sensor is gone.`,
  deleted: gettext`This sensor was deleted.`,
};
const BLOCKED = gettext`Live link blocked, refreshing every 30 s.`;
const AWAY = gettext`The server does not answer. These are the last values, `;
const BLOCKED_AFTER = 3; // failures, as in link.js: from then on it polls

class Banner extends LiveElement {
  #isSignedOut = false;
  #isReached = false; // whether polling succeeds
  #gone = ""; // the reason why the page's only sensor is gone

  connected(signal) {
    link.changed.subscribe(() => this.#follow(), { signal });
    stream.failed.subscribe((failure) => this.#fail(failure), { signal });
    stream.reached.subscribe((isReached) => (this.#isReached = isReached), { signal });
    stream.state.subscribe(({ state }) => this.#fail({ code: state }), { signal });
    tick.subscribe(() => this.redraw(), { signal });
  }

  draw() {
    const text = this.#text();
    this.hidden = !text;
    setText(this.#line, text);
    this.#link.hidden = !this.#isSignedOut;
  }

  #text() {
    if (this.#isSignedOut) return gettext`You are signed out, so this page has stopped.`;
    if (this.#gone) return this.#gone;
    const [only, ...others] = store.sensors;
    const time = siteTime(only);
    if (link.failures >= BLOCKED_AFTER && link.state !== "open")
      return this.#isReached ? BLOCKED : `${AWAY}${asOfWords(time.since(asOf() ?? clock.now(), clock.now()))}.`;
    const { observedAt, intervalS } = store.sensor(only) ?? {};
    return others.length || !observedAt ? "" : silence(store.state(only), time.since(observedAt, clock.now()), intervalS);
  }

  #follow() {
    if (link.state === "open") this.#isSignedOut = false;
    else if (SIGNED_OUT.includes(link.closeCode)) this.#isSignedOut = true;
    this.redraw();
  }

  #fail({ status, code }) {
    if (status === 401) this.#isSignedOut = true;
    if (store.sensors.length === 1) this.#gone = GONE[code] ?? this.#gone;
    this.redraw();
  }

  get #line() {
    return this.querySelector("span") ?? this.appendChild(document.createElement("span"));
  }

  get #link() {
    const place = `${page.sign_in}?next=${encodeURIComponent(location.pathname)}`;
    return this.querySelector("a") ?? this.appendChild(html("a", { href: place }, gettext` Sign in again`));
  }
}

customElements.define("sf-banner", Banner);
