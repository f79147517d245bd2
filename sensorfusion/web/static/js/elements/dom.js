/** DOM helpers of the elements. No markup from strings: the content security policy forbids it. */
export const prefersStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Sets an attribute only when it changes, so that observers and transitions do not start without a change. */
export function setState(element, state) {
  if (element.dataset.state !== state) element.dataset.state = state;
}

/** Sets text only when it changes; an unchanged text node keeps the reader's selection. */
export function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

const SVG = "http://www.w3.org/2000/svg";

/** Creates an SVG element. */
export function svg(name, attributes = {}) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Creates an HTML element with text or children. */
export function html(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
