import { writeCard } from "sf/shown-cards";
import { follow } from "sf/shown-link";
import { gettext } from "sf/translation";

/** The cards of a site in a page of another site, live. */
function show({ cards }) {
  const places = [...document.querySelectorAll("[data-part]")];
  const isSame = places.length === Object.keys(cards).length;
  // A sensor was added to the page or taken off it, or has sent its first value.
  if (!isSame || !places.every((place) => writeCard(place, cards[place.dataset.part]))) location.reload();
}

const ended = () => document.querySelector("main").replaceChildren(gettext`The page has ended.`);

follow({ base: "../../", show, ended });
