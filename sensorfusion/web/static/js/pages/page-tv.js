import { followChoices } from "sf/choices";
import { getJson } from "sf/api";

/** A screen with a code: it asks whether the code was entered, and opens what it was given for it. */
const ASK_MS = 3_000;
const { stateAt } = document.querySelector(".screen").dataset;

async function ask() {
  try {
    const { address } = await getJson(stateAt);
    if (address) return location.replace(address);
  } catch ({ status }) {
    if (status === 404) return location.reload(); // the code has ended: the page has another
  }
  setTimeout(ask, ASK_MS);
}

followChoices();
setTimeout(ask, ASK_MS);
