import { tables } from "sf/tables";

/**
 * Silences in a series of instants, as in `domain/gaps.py`: steps that are long compared with their neighbours, since a
 * station's interval changes over the years. `t` is ascending.
 */
const { factor: FACTOR, neighbours: NEIGHBOURS } = tables.gaps;

/**
 * The longest step before `t[i]` that is not a silence; `usual` is used where there are too few steps for an interval.
 */
export function longestStep(t, i, usual) {
  if (t.length < 4) return FACTOR * usual || Infinity;
  const from = Math.max(1, i - NEIGHBOURS);
  const steps = [];
  for (let k = from; k <= i + NEIGHBOURS && k < t.length; k++) steps.push(t[k] - t[k - 1]);
  steps.sort((a, b) => a - b);
  return FACTOR * steps[steps.length >> 1];
}

/** The indices before which there was a silence of more than `least`. */
export function silences(t, { least = 0, usual = 0 } = {}) {
  const found = [];
  for (let i = 1; i < t.length; i++) {
    const step = t[i] - t[i - 1];
    if (step > least && step > longestStep(t, i, usual)) found.push(i);
  }
  return found;
}
