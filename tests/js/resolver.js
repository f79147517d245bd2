import { readdirSync } from "node:fs";

// In another language: tests/web/languages/test_scripts.py names the folder of the scripts that it wrote.
const SCRIPTS = new URL(process.env.SCRIPTS ?? "../../sensorfusion/web/static/js/", import.meta.url);
const FILES = new Map(
  readdirSync(SCRIPTS, { recursive: true })
    .filter((path) => path.endsWith(".js"))
    .map((path) => [path.replace(/^.*\/|\.js$/g, ""), path]),
);

export async function resolve(name, context, next) {
  if (!name.startsWith("sf/")) return next(name, context);
  if (name === "sf/tables") return { url: new URL("tables.js", import.meta.url).href, shortCircuit: true };
  return { url: new URL(FILES.get(name.slice(3)), SCRIPTS).href, format: "module", shortCircuit: true };
}
