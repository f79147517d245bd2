import { followChoices } from "sf/choices";
import { follow } from "sf/shown-link";

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
  if (places.length !== Object.keys(cards).length || !places.every((place) => write(place, cards[place.dataset.part]))) {
    location.reload();
    return;
  }
  document.querySelector("[data-fact=sentence]").textContent = sentence;
  if (Date.now() - drawnAt >= DRAWN_EVERY_MS) draw();
}

/** Writes one card; returns whether it has a place for everything. */
function write(place, card) {
  if (!card || !fits(place, card)) return false;
  place.dataset.state = card.state;
  place.querySelector("sf-badge").dataset.state = card.state;
  place.querySelector("[data-fact=why]").textContent = card.why;
  place.querySelector("[data-fact=heard]").textContent = card.heard && `Last reading ${card.heard}`;
  if (card.number !== null) fill(place.querySelector("[data-fact=main]"), card.number, card.symbol, card.state);
  for (const value of place.querySelectorAll("[data-q]")) fill(value, ...card.values[value.dataset.q]);
  return true;
}

/** Rows beside the map have the large value only. */
function fits(place, card) {
  const values = [...place.querySelectorAll("[data-q]")];
  const isSame = values.every(({ dataset }) => dataset.q in card.values) && values.length === Object.keys(card.values).length;
  return !place.querySelector("[data-fact=main]") === (card.number === null) && (place.localName === "li" || isSame);
}

function fill(place, number, symbol, state) {
  place.dataset.state = state;
  place.querySelector("b").textContent = number;
  place.querySelector("span").textContent = symbol;
}

async function draw() {
  drawnAt = Date.now();
  (await import("sf/drawn")).draw();
}

if (document.querySelector("main sf-filter")) import("sf/sf-filter");
followChoices();
follow({ base: "", show, ended });
