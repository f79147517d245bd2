/**
 * Schedules drawing: a job that is requested runs once in the next animation frame, however often it was requested.
 * Jobs may set a minimum interval. Hidden pages get no frames, so nothing is drawn until they are visible.
 */
const FRAME_MS = 16;

export class Painter {
  #requestFrame;
  #now;
  #later;
  #jobs = new Map(); // job -> when it may run
  #paintedAt = new WeakMap();
  #hasFrame = false;

  constructor({
    requestFrame = (run) => requestAnimationFrame(run),
    now = () => performance.now(),
    later = (run, ms) => setTimeout(run, ms),
  } = {}) {
    this.#requestFrame = requestFrame;
    this.#now = now;
    this.#later = later;
  }

  /**
   * Runs `job` in the next frame, but not sooner than `everyMs` after its last run. Jobs are compared by identity.
   */
  request(job, everyMs = 0) {
    if (this.#jobs.has(job)) return;
    const dueAt = (this.#paintedAt.get(job) ?? -Infinity) + everyMs;
    const wait = dueAt - this.#now();
    this.#jobs.set(job, dueAt);
    if (wait > FRAME_MS) this.#later(() => this.#ask(), wait);
    else this.#ask();
  }

  cancel(job) {
    this.#jobs.delete(job);
  }

  #ask() {
    if (this.#hasFrame) return;
    this.#hasFrame = true;
    this.#requestFrame(() => this.#flush());
  }

  #flush() {
    this.#hasFrame = false;
    const now = this.#now();
    for (const [job, dueAt] of [...this.#jobs]) {
      if (dueAt > now + FRAME_MS) continue; // a frame early is on time
      this.#jobs.delete(job);
      this.#paintedAt.set(job, now);
      job();
    }
  }
}
