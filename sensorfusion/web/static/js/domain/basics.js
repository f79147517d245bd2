/** Constants and arithmetic that several modules need. */
export const HOUR_S = 3_600;
export const DAY_S = 86_400;

/** How far the clock of a sensor may be ahead of this page's: its readings are still of the present, as in ingest/steps/instants.py. */
export const AHEAD_S = 300;

export const rad = (degrees) => (degrees * Math.PI) / 180;
export const deg = (radians) => (radians * 180) / Math.PI;
export const modulo = (value, by) => ((value % by) + by) % by;
