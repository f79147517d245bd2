import { preparePaper } from "sf/paper";

/**
 * The parts of a sensor's page that can wait, each loaded where the page has it. The page passes what it shares.
 *
 * Those of `READ` wait for the first sign of a reader, or some seconds: the first view does without them.
 */
const PARTS = [
  [".beginning", () => import("sf/first-day")],
  [".notes", () => import("sf/notes")],
];
const READ = [
  ["sf-against", () => import("sf/against")],
  ["[data-bands]", () => import("sf/bands")],
  [".record", () => import("sf/brush")],
];
const SIGNS = ["pointermove", "pointerdown", "keydown", "scroll"];
const UNREAD_MS = 5_000;
const [TRIES, AGAIN_MS] = [30, 4_000];

export function follow(main, shared) {
  const chart = main.querySelector("sf-chart");
  if (chart) preparePaper(chart);
  load(PARTS, main, shared);
  const read = new AbortController();
  const begin = () => {
    if (read.signal.aborted) return;
    read.abort();
    load(READ, main, shared);
  };
  for (const sign of SIGNS) addEventListener(sign, begin, { signal: read.signal, passive: true, capture: true });
  setTimeout(begin, UNREAD_MS);
}

function load(parts, main, shared) {
  for (const [part, loaded] of parts) {
    const place = main.querySelector(part);
    if (place) patiently(loaded, TRIES).then((module) => module?.follow(place, shared));
  }
}

/** Tries again while the server is away, as in a restart. */
async function patiently(loaded, tries) {
  for (; tries; tries--) {
    try {
      return await loaded();
    } catch {
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }
}
