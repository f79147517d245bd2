import "sf/frame";
import { withUnit } from "sf/format";
import { gate, page, painter, past, start, store, tick, view } from "sf/live";
import "sf/sf-age";
import "sf/sf-banner";
import "sf/sf-chart";
import "sf/sf-compass";
import "sf/sf-live";
import "sf/sf-range";
import "sf/sf-sky";
import "sf/sf-spark";
import "sf/sf-tile";
import "sf/sf-value";
import { shortcuts } from "sf/shortcuts";

/** The live report of one sensor. */
const [sensor] = page.sensors;
const root = document.documentElement;

/** The title is what a hidden tab still shows. */
function drawTitle() {
  const quantity = document.querySelector("sf-sky sf-value")?.getAttribute("q");
  const newest = quantity && store.newest(sensor.sensor, quantity);
  if (newest) document.title = `${withUnit(newest.value, page.units[quantity])} · ${store.sensor(sensor.sensor).name}`;
}

/** Selected text must not change under the reader's hands. */
function holdForSelection() {
  const selection = getSelection();
  const isSelecting = !selection.isCollapsed && document.querySelector("main")?.contains(selection.anchorNode);
  if (isSelecting) gate.pause("selection");
  else if (gate.has("selection")) gate.resume("selection");
}

function toggleFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else root.requestFullscreen?.();
}

/** Paper is light: canvases are drawn in the theme of the page, so the page is light while it prints. */
function printInLight() {
  let theme;
  addEventListener("beforeprint", () => {
    theme = root.dataset.theme;
    root.dataset.theme = "light";
  });
  addEventListener("afterprint", () => (root.dataset.theme = theme));
}

if (sensor) {
  start();
  store.subscribe(sensor.sensor, drawTitle);
  view.changed.subscribe(() => past.load());
  tick.subscribe(() => past.refresh());
  past.load();
  document.addEventListener("selectionchange", () => painter.request(holdForSelection));
  printInLight();
  shortcuts.bind(" ", "Pause and go on", () => gate.toggle("reader"));
  shortcuts.bind("y", "Yesterday on the charts", () =>
    document.querySelectorAll("sf-chart").forEach((chart) => chart.toggleGhost()),
  );
  shortcuts.bind("f", "Full screen", toggleFullScreen);
}
