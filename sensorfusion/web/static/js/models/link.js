import { Topic } from "sf/topic";

/**
 * The socket to the server as a state machine that always reconnects. It handles the connection, not the messages.
 *
 * States: idle, connecting, open, waiting (for the next attempt, `retryAt`), offline (reported by the browser), asleep
 * (the page is hidden or in the back-forward cache). `poll` is published while no socket can be opened: proxies of
 * hotels and schools let pages through and sockets not.
 */
export const PING_MS = 15_000;
export const SILENCE_MS = 35_000; // two pings and a bit: one lost answer does not close the link
export const HIDDEN_MS = 5 * 60_000; // a short switch to another tab costs nothing, a forgotten tab releases its socket
export const POLL_MS = 30_000;
const CONNECT_MS = 10_000; // some proxies swallow the upgrade, or what comes after it
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const JITTER = 0.3; // spreads the reconnects of all viewers after the server restarts
const POLL_AFTER_FAILURES = 3;

const TIMERS = {
  now: () => Date.now(),
  after: (ms, run) => setTimeout(run, ms),
  cancel: (timer) => clearTimeout(timer),
};

export class Link {
  changed = new Topic();
  opened = new Topic();
  message = new Topic();
  poll = new Topic();

  retryAt = null; // the end of the wait, by our own clock
  closeCode = null; // why the server closed, while there is no socket
  pinged = null; // the last ping: {id, at}
  heardAt = 0; // when the last message was received, by our own clock
  failures = 0;
  state = "idle";

  #timers;
  #random;
  #socket = null;
  #pings = 0;
  #pending = {}; // timers by purpose

  /** `open()` returns a socket, or what looks like one; it may be replaced. */
  constructor({ open, timers = TIMERS, random = Math.random }) {
    this.open = open;
    this.#timers = timers;
    this.#random = random;
  }

  start() {
    if (this.state === "idle") this.#connect();
  }

  stop() {
    this.#rest("idle");
  }

  /** Sends if the socket is open; messages that must arrive are repeated at every opening. */
  send(message) {
    if (this.state === "open") this.#socket.send(JSON.stringify(message));
  }

  /** Connects at once instead of at the end of the wait. */
  retry() {
    if (this.state === "waiting" || this.state === "offline") this.#connect();
  }

  /** The page is visible again. A socket may have died while timers were frozen, so its silence is checked now. */
  wake() {
    this.#cancel("sleep");
    if (this.state === "open") this.#watch();
    else if (this.state === "asleep") this.#connect();
    else this.retry();
  }

  /** The page is hidden: the socket may stay open for a while. */
  hide() {
    this.#later("sleep", HIDDEN_MS, () => this.sleep());
  }

  /** Closes the socket until `wake`; browsers do not keep a page with an open socket for the Back button. */
  sleep() {
    if (this.state !== "idle") this.#rest("asleep");
  }

  browserOffline() {
    if (this.state !== "idle" && this.state !== "asleep") this.#rest("offline");
  }

  #connect() {
    this.#drop();
    this.#cancel("retry");
    this.#socket = this.open();
    this.#socket.onopen = () => this.#opened();
    this.#socket.onmessage = (event) => this.#heard(event.data);
    this.#socket.onclose = (event) => this.#lost(event.code);
    this.#later("connect", CONNECT_MS, () => this.#lost(null));
    this.#become("connecting");
  }

  #opened() {
    this.#cancel("poll");
    this.heardAt = this.#timers.now();
    this.closeCode = null;
    this.#become("open");
    this.opened.publish();
    this.#ping();
  }

  #heard(text) {
    this.heardAt = this.#timers.now();
    // Reset here and not at the opening: a server that accepts and closes at once must be retried with backoff.
    this.failures = 0;
    this.#cancel("connect");
    this.message.publish(JSON.parse(text));
  }

  #ping() {
    this.#pings += 1;
    this.pinged = { id: this.#pings, at: this.#timers.now() };
    this.send({ action: "ping", id: this.#pings });
    this.#later("ping", PING_MS, () => this.#watch() && this.#ping());
  }

  /** Checks the link, and replaces it when it has been silent for too long. */
  #watch() {
    if (this.#timers.now() - this.heardAt < SILENCE_MS) return true;
    this.#connect();
    return false;
  }

  #lost(code) {
    this.#drop();
    this.failures += code ? 1 : 2; // without an answer sockets are rather blocked
    this.closeCode = code;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.failures - 1));
    const jittered = wait * (1 + JITTER * (2 * this.#random() - 1));
    this.retryAt = this.#timers.now() + jittered;
    this.#later("retry", jittered, () => this.#connect());
    if (this.failures >= POLL_AFTER_FAILURES && !this.#pending.poll) this.#pollNow();
    this.#become("waiting");
  }

  #pollNow() {
    this.#later("poll", POLL_MS, () => this.#pollNow());
    this.poll.publish();
  }

  #rest(state) {
    this.#drop();
    for (const purpose of Object.keys(this.#pending)) this.#cancel(purpose);
    this.failures = 0;
    this.#become(state);
  }

  #drop() {
    this.#cancel("connect");
    this.#cancel("ping");
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #become(state) {
    this.state = state;
    if (state !== "waiting") this.retryAt = null;
    this.changed.publish(state);
  }

  #later(purpose, ms, run) {
    this.#cancel(purpose);
    this.#pending[purpose] = this.#timers.after(ms, () => {
      delete this.#pending[purpose];
      run();
    });
  }

  #cancel(purpose) {
    if (purpose in this.#pending) this.#timers.cancel(this.#pending[purpose]);
    delete this.#pending[purpose];
  }
}
