/**
 * A WebSocket if one answers, and server-sent events if none does; to `Link` it looks like a socket.
 *
 * Proxies refuse the upgrade, or swallow it, or pass it on and then nothing: so a socket counts once it has answered.
 * While events come, a socket is tried again at growing intervals. It follows nothing before it has answered, and then
 * takes their place: there is never more than one stream.
 */
export const ANSWER_MS = 5_000;
export const FIRST_TRY_MS = 60_000;
export const LONGEST_TRY_MS = 30 * 60_000;
const OF_THE_SERVER = 1012; // close codes from here on are the server's: nothing blocks the socket

const TIMERS = {
  after: (ms, run) => setTimeout(run, ms),
  cancel: (timer) => clearTimeout(timer),
};

export class Carrier {
  onopen = null;
  onmessage = null;
  onclose = null;

  #ways;
  #timers;
  #timer = null;
  #trial = null; // a socket that has not answered yet
  #carrier = null;

  /**
   * `socket()` opens a socket, `hello` is what it says first to be answered (null if the server begins), `events()`
   * opens events; `chosen(name)` is called with what carries.
   */
  constructor(ways, timers = TIMERS) {
    this.#ways = ways;
    this.#timers = timers;
    this.#trySocket((code) => (code >= OF_THE_SERVER ? this.onclose?.({ code }) : this.#openEvents()));
  }

  send(text) {
    this.#carrier?.send(text);
  }

  close() {
    this.#timers.cancel(this.#timer);
    drop(this.#trial);
    drop(this.#carrier);
  }

  #trySocket(failed) {
    const socket = (this.#trial = this.#ways.socket());
    const { hello } = this.#ways;
    const fail = (code) => {
      this.#timers.cancel(this.#timer);
      this.#trial = drop(socket);
      failed(code);
    };
    this.#later(ANSWER_MS, fail);
    socket.onopen = () => hello && socket.send(JSON.stringify(hello));
    socket.onclose = ({ code }) => fail(code);
    socket.onmessage = (event) => {
      this.#timers.cancel(this.#timer);
      this.#trial = drop(this.#carrier);
      this.#take(socket, "socket");
      this.onmessage?.(event);
    };
  }

  #openEvents() {
    const events = this.#ways.events();
    events.onopen = () => {
      this.#take(events, "events");
      this.#tryLater(FIRST_TRY_MS);
    };
    events.onclose = (event) => this.onclose?.(event);
    this.#carrier = events;
  }

  #tryLater(ms) {
    this.#later(ms, () => this.#trySocket(() => this.#tryLater(Math.min(2 * ms, LONGEST_TRY_MS))));
  }

  #take(carrier, name) {
    this.#carrier = carrier;
    carrier.onmessage = (event) => this.onmessage?.(event);
    carrier.onclose = (event) => this.onclose?.(event);
    this.#ways.chosen?.(name);
    this.onopen?.();
  }

  #later(ms, run) {
    this.#timer = this.#timers.after(ms, run);
  }
}

function drop(socket) {
  if (!socket) return null;
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close();
  return null;
}
