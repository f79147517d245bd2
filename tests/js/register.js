/** Lets the modules find each other by bare name outside a browser: `sf/NAME` is what the import map makes of it. */
import { register } from "node:module";

register("./resolver.js", import.meta.url);
