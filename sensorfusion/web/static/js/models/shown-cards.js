import { gettext } from "sf/translation";

/** The cards of the page of a site, as its socket sends them. */

/** Writes one card; returns whether it has a place for everything. */
export function writeCard(place, card) {
  if (!card || !fits(place, card)) return false;
  place.dataset.state = card.state;
  place.querySelector("sf-badge").dataset.state = card.state;
  place.querySelector("[data-fact=why]").textContent = card.why;
  place.querySelector("[data-fact=heard]").textContent = card.heard && gettext`Last reading ${card.heard}`;
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
