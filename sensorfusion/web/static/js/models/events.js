/**
 * A response of server-sent events, read as a WebSocket is. The browser's own `EventSource` can send no token, and does
 * not tell why it failed: here the close code is 4000 and the status of the answer, and 1006 without one.
 */
const ALIVE = { data: "{}" }; // for a comment, by which the server keeps a silent response open

export class Events {
  onopen = null;
  onmessage = null;
  onclose = null;

  #abort = new AbortController();

  /** `ask(signal)` sends the request. */
  constructor(ask) {
    this.#read(ask(this.#abort.signal));
  }

  /** What a socket would be told is in the address of the request. */
  send() {}

  close() {
    this.onopen = this.onmessage = this.onclose = null;
    this.#abort.abort();
  }

  async #read(asked) {
    const response = await asked.catch(() => null);
    if (response?.ok) {
      this.onopen?.();
      await this.#follow(response.body.pipeThrough(new TextDecoderStream()).getReader());
    }
    this.onclose?.({ code: !response || response.ok ? 1006 : 4000 + response.status });
  }

  async #follow(reader) {
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true }));
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) this.onmessage?.(dataOf(block));
    }
  }
}

function dataOf(block) {
  const line = block.split("\n").find((each) => each.startsWith("data: "));
  return line ? { data: line.slice(6) } : ALIVE;
}
