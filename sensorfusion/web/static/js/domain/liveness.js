import { tables } from "sf/tables";

/**
 * Whether a sensor is still talking: the rule of the server's `domain/liveness.py`, so that a page turns late without
 * being told.
 */
const limitS = ([factor, atLeastS, unknownS], intervalS) =>
  intervalS == null ? unknownS : Math.max(factor * intervalS, atLeastS);

/** Judges at one instant (milliseconds); `status` is what people set. */
export function stateAt({ lastAt, intervalS, now, status }) {
  if (status === "paused") return "paused";
  if (lastAt == null) return "pending";
  const silentS = (now - lastAt) / 1000;
  if (silentS >= limitS(tables.offline, intervalS)) return "offline";
  return silentS >= limitS(tables.late, intervalS) ? "late" : "live";
}
