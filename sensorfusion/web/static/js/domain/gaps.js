import { tables } from "sf/tables";

/**
 * Silences in a series of instants, as in `domain/gaps.py`: steps that are long compared with their neighbours, since a
 * station's interval changes over the years, and empty buckets where buckets are usually filled. `t` is ascending.
 */
const { factor: FACTOR, neighbours: NEIGHBOURS, fewest: FEWEST, buckets: BUCKET_GAP, jitter: JITTER } = tables.gaps;

/**
 * The longest step before `t[i]` that is not a silence; `usual` is the sensor's interval (0 if unknown), which is also
 * used where there are too few steps, and `width` that of buckets.
 */
export function longestStep(t, i, { usual = 0, width = 0 } = {}) {
  const oneEmpty = BUCKET_GAP * width;
  const interval = t.length <= FEWEST ? usual || Infinity : usualStep(t, i);
  if (interval <= oneEmpty && usual <= JITTER * width) return oneEmpty;
  return Math.max(FACTOR * interval, oneEmpty);
}

/** The indices before which there was a silence of more than `least`. */
export function silences(t, { least = 0, usual = 0, width = 0 } = {}) {
  const found = [];
  for (let i = 1; i < t.length; i++) {
    const step = t[i] - t[i - 1];
    if (step > least && step > longestStep(t, i, { usual, width })) found.push(i);
  }
  return found;
}

/** The median of the steps around the one before `t[i]`. */
function usualStep(t, i) {
  const steps = [];
  for (let k = Math.max(1, i - NEIGHBOURS); k <= i + NEIGHBOURS && k < t.length; k++) steps.push(t[k] - t[k - 1]);
  steps.sort((a, b) => a - b);
  return steps[steps.length >> 1];
}
