/** Moves Node's clock ahead, as tests/plugins/shifted_clock.py does Python's; it keeps ticking. */

const AHEAD_MS = Number(process.env.SENSORFUSION_TEST_CLOCK_AHEAD_MS || 0);
const Actual = globalThis.Date;

if (AHEAD_MS) {
  globalThis.Date = class Date extends Actual {
    constructor(...given) {
      super(...(given.length ? given : [Date.now()]));
    }

    static now() {
      return Actual.now() + AHEAD_MS;
    }
  };
}
