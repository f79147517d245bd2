/** An observable event. No DOM, so that the state classes run anywhere. */
export class Topic {
  #listeners = new Set();

  /** Calls `listener` until the returned function is called or `signal` aborts. */
  subscribe(listener, { signal } = {}) {
    const end = () => this.#listeners.delete(listener);
    if (signal?.aborted) return end;
    this.#listeners.add(listener);
    signal?.addEventListener("abort", end, { once: true });
    return end;
  }

  publish(...news) {
    for (const listener of [...this.#listeners]) listener(...news);
  }
}
