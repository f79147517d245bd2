import { setState } from "sf/dom";
import "sf/frame";
import { gate, page, start, store, tick } from "sf/live";
import "sf/sf-age";
import "sf/sf-banner";
import "sf/sf-live";
import "sf/sf-spark";
import "sf/sf-value";
import { shortcuts } from "sf/shortcuts";

/** All sensors at a glance: each card's values move by themselves, the card as a whole has the sensor's state. */
function drawStates() {
  for (const card of document.querySelectorAll("article[data-sensor]"))
    setState(card, store.state(card.dataset.sensor));
}

/** j and k walk through the cards that the search leaves. */
function walk(step) {
  const cards = [...document.querySelectorAll("#cards .card:not([hidden])")];
  const here = cards.indexOf(document.activeElement);
  cards[Math.max(0, Math.min(cards.length - 1, here + step))]?.focus();
}

start();
for (const { sensor } of page.sensors) store.subscribe(sensor, drawStates);
tick.subscribe(drawStates);
shortcuts.bind(" ", "Pause and go on", () => gate.toggle("reader"));
shortcuts.bind("j", "Next card", () => walk(1));
shortcuts.bind("k", "Card before", () => walk(-1));
