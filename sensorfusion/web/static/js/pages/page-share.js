import { followChoices } from "sf/choices";
import { follow, write } from "sf/shown-link";

/** What a link shows, live: numbers come formatted, and a link that has ended takes the page with it. */
function ended() {
  document.querySelector("main").replaceChildren();
  location.reload();
}

function show(message) {
  // The first value of a quantity has no place yet.
  if (write(message)) location.reload();
}

followChoices();
follow({ base: "", show, ended });
