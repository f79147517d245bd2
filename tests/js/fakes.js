/** A clock that is advanced by the test, with the timers set by it. */
export class FakeTimers {
  #at = 1_000_000;
  #timers = new Map();
  #ids = 0;

  now = () => this.#at;

  after = (ms, run) => {
    this.#timers.set(++this.#ids, { dueAt: this.#at + ms, run });
    return this.#ids;
  };

  cancel = (timer) => this.#timers.delete(timer);

  /** Advances the clock, and runs due timers in order. */
  pass(ms) {
    const end = this.#at + ms;
    for (let next; (next = this.#next(end));) {
      this.#timers.delete(next[0]);
      this.#at = next[1].dueAt;
      next[1].run();
    }
    this.#at = end;
  }

  /** Advances the clock without running timers, as sleep does. */
  freeze(ms) {
    this.#at += ms;
  }

  #next(end) {
    return [...this.#timers].filter(([, { dueAt }]) => dueAt <= end).sort((a, b) => a[1].dueAt - b[1].dueAt)[0];
  }
}

/** A socket that is controlled by the test. */
export class FakeSocket {
  sent = [];
  isClosed = false;

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.isClosed = true;
  }

  accept() {
    this.onopen?.();
  }

  say(message) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  end(code = 1006) {
    this.onclose?.({ code });
  }
}

/** Collects what a topic publishes. */
export function heard(topic) {
  const news = [];
  topic.subscribe((...each) => news.push(each.length === 1 ? each[0] : each));
  return news;
}

/** Runs the callbacks of settled promises. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));
