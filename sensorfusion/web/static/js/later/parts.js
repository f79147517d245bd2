/**
 * The parts of a sensor's page that can wait, each loaded where the page has it. The page passes what it shares.
 */
const PARTS = [
  ["sf-chart", () => import("sf/paper")],
  [".beginning", () => import("sf/first-day")],
  [".notes", () => import("sf/notes")],
  ["[data-bands]", () => import("sf/bands")],
  [".record", () => import("sf/brush")],
];

export function follow(main, shared) {
  for (const [part, load] of PARTS) {
    const place = main.querySelector(part);
    if (place) load().then((loaded) => loaded.follow(place, shared));
  }
}
