import { followChoices } from "sf/choices";
import { writeCard } from "sf/shown-cards";
import { follow } from "sf/shown-link";
import { shortcuts } from "sf/shortcuts";
import { gettext } from "sf/translation";

/** The shared page of a site, live: numbers come formatted. Lines of the day and the map are fetched, at most once a minute. */
const DRAWN_EVERY_MS = 60_000;
let drawnAt = Date.now();

function ended() {
  document.querySelector("main").replaceChildren();
  location.reload();
}

function show({ sentence, cards }) {
  const places = [...document.querySelectorAll("[data-part]")];
  // A sensor was added to the page or taken off it, or has sent its first value.
  if (places.length !== Object.keys(cards).length || !places.every((place) => writeCard(place, cards[place.dataset.part]))) {
    location.reload();
    return;
  }
  document.querySelector("[data-fact=sentence]").textContent = sentence;
  if (Date.now() - drawnAt >= DRAWN_EVERY_MS) draw();
}

async function draw() {
  drawnAt = Date.now();
  (await import("sf/drawn")).draw();
}

if (document.querySelector("main sf-filter")) import("sf/sf-filter");
shortcuts.listen(document);
shortcuts.bind("f", gettext`Kiosk: fill the screen`, () => (location.search = "kiosk=1"));
shortcuts.bind("?", gettext`These keys`, async () => (await import("sf/keys-help")).showKeys(shortcuts));
followChoices();
follow({ base: "", show, ended });
