/**
 * Moves a chart's crosshair without a mouse: drag with one finger, pinch to zoom, arrow keys. Vertical drags still
 * scroll the page (the surface has `touch-action: pan-y`); a touch that turns into a scroll removes its crosshair.
 */
const LONG_STEP = 10;
const SHORTEST_PINCH = 24; // px between two fingers for a zoom

/** `chart` provides instantAt(clientX), point(at or null) and zoom(from, to). */
export function scrubByTouch(surface, chart) {
  const fingers = new Map(); // pointer -> clientX
  const on = (type, run) => surface.addEventListener(type, (event) => event.pointerType === "touch" && run(event));

  on("pointerdown", ({ pointerId, clientX }) => {
    fingers.set(pointerId, clientX);
    chart.point(chart.instantAt(clientX));
  });
  on("pointermove", ({ pointerId, clientX }) => {
    if (!fingers.has(pointerId)) return;
    fingers.set(pointerId, clientX);
    chart.point(chart.instantAt(clientX));
  });
  on("pointerup", ({ pointerId }) => {
    const [from, to] = [...fingers.values()].sort((a, b) => a - b);
    if (fingers.size === 2 && to - from >= SHORTEST_PINCH) chart.zoom(chart.instantAt(from), chart.instantAt(to));
    fingers.delete(pointerId);
  });
  on("pointercancel", ({ pointerId }) => {
    fingers.delete(pointerId);
    chart.point(null);
  });
}

/** `chart` provides instants() (of the points in view, ascending), point(at or null) and announce(). */
export function scrubByKeys(surface, chart, signal) {
  let here = null;
  const go = (at) => {
    here = at;
    chart.point(at);
    if (at !== null) chart.announce();
  };
  surface.addEventListener("blur", () => here !== null && go(null), { signal });
  surface.addEventListener(
    "keydown",
    (event) => {
      const next = target(event, here, chart.instants());
      if (next === undefined) return;
      event.preventDefault();
      go(next);
    },
    { signal },
  );
}

/** Returns the instant a key moves to (from the newest without a current one), undefined for other keys. */
export function target({ key, shiftKey }, here, instants) {
  if (!instants.length) return undefined;
  const last = instants.length - 1;
  const found = here === null ? last + 1 : instants.findIndex((at) => at >= here);
  const place = found < 0 ? last : found;
  const step = shiftKey ? LONG_STEP : 1;
  const to = { ArrowLeft: place - step, ArrowRight: place + step, Home: 0, End: last }[key];
  if (to === undefined) return key === "Escape" && here !== null ? null : undefined;
  return instants[Math.max(0, Math.min(last, to))];
}
