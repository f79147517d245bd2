import "sf/frame";
import { start, stream } from "sf/live";
import { isAhead } from "sf/series";
import "sf/sf-banner";
import "sf/sf-live";
import "sf/sf-notices";

/** The page of a sensor without readings: it reloads at the first one, as the server then has a report. */
let isLeaving = false;

function show() {
  if (!isLeaving) location.reload();
  isLeaving = true;
}

start();
stream.readings.subscribe((readings) => readings.every(isAhead) || show());
stream.snapshot.subscribe(({ observedAt }) => observedAt && show());
