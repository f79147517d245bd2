import "sf/frame";
import { start } from "sf/live";
import "sf/sf-age";
import "sf/sf-banner";
import "sf/sf-live";
import "sf/sf-notices";
import "sf/sf-onboard";
import "sf/sf-value";

/** A new sensor's page: waits for its first reading over the same stream as the report page. */
start();
