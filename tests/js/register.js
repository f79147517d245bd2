/** Resolves the modules' bare names outside a browser, as the import map does: `sf/NAME`. */
import { register } from "node:module";

register("./resolver.js", import.meta.url);
