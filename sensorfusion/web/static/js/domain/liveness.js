import { tables } from "sf/tables";

/**
 * A sensor's state: the rule of the server's `domain/liveness.py`, so that a page shows late sensors without a message.
 */
const limitS = ([factor, atLeastS, unknownS], intervalS) =>
  intervalS == null ? unknownS : Math.max(factor * intervalS, atLeastS);

/** The state at one instant (milliseconds); `status` is set by people. */
export function stateAt({ lastAt, intervalS, now, status }) {
  if (status === "paused") return "paused";
  if (lastAt == null) return "pending";
  const silentS = (now - lastAt) / 1000;
  if (silentS >= limitS(tables.offline, intervalS)) return "offline";
  return silentS >= limitS(tables.late, intervalS) ? "late" : "live";
}
