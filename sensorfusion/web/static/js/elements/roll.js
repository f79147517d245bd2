import { prefersStillness } from "sf/dom";

/**
 * Changes a number with an animation: the digits that changed slide in, up after an increase and down after a decrease.
 * At most two animations a second; faster changes are not animated, as they would never stand still.
 */
const DURATION_MS = 200;
const CALM_MS = 500;

const rolledAt = new WeakMap();

export function roll(element, text, direction) {
  const before = element.textContent;
  if (text === before) return;
  const now = performance.now();
  const isBusy = now - (rolledAt.get(element) ?? -Infinity) < CALM_MS;
  if (!direction || isBusy || prefersStillness() || !element.animate) {
    element.textContent = text;
    return;
  }
  rolledAt.set(element, now);
  slide(element, text, firstDifference(before, text), direction);
}

function slide(element, text, from, direction) {
  const tail = document.createElement("span");
  tail.className = "rolled";
  tail.style.setProperty("display", "inline-block"); // inline text cannot be transformed
  tail.textContent = text.slice(from);
  element.replaceChildren(text.slice(0, from), tail);
  const start = { transform: `translateY(${direction * 40}%)`, opacity: 0 };
  tail
    .animate([start, { transform: "none", opacity: 1 }], { duration: DURATION_MS, easing: "cubic-bezier(.2,.7,.2,1)" })
    .finished.then(() => tail.isConnected && (element.textContent = element.textContent))
    .catch(() => {}); // the element left the page: nothing to clean up
}

/** The first digit to animate; a different length changes every digit. */
function firstDifference(before, text) {
  if (before.length !== text.length) return 0;
  let i = 0;
  while (before[i] === text[i]) i += 1;
  return i;
}
