import "sf/frame";
import { start, stream } from "sf/live";
import { isAhead } from "sf/series";
import "sf/sf-banner";
import "sf/sf-live";

/** A sensor nobody has heard of yet: with its first reading the server has a report to draw. */
let isLeaving = false;

function show() {
  if (!isLeaving) location.reload();
  isLeaving = true;
}

start();
stream.readings.subscribe((readings) => readings.every(isAhead) || show());
stream.snapshot.subscribe(({ observedAt }) => observedAt && show());
