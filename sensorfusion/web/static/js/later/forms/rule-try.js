/** The form of an alert rule: whenever it changes, the server tries it and draws the result; its limits can be dragged. */
const AFTER_MS = 350;

export function follow(form) {
  let [timer, turn] = [0, 0];
  form.classList.add("drags"); // no grip is offered before this script has come
  form.addEventListener("input", ({ target }) => {
    if (target.name === "note") return;
    clearTimeout(timer);
    timer = setTimeout(() => trial(form, ++turn, () => turn), AFTER_MS);
  });
  form.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".grip");
    if (!grip || event.button) return;
    event.preventDefault();
    clearTimeout(timer);
    turn += 1; // an answer that is awaited would replace the drawing
    drag(form, grip, event.pointerId);
  });
}

/** The content security policy forbids markup from strings; the browser parses the answer itself. */
function trial(form, mine, newest) {
  const body = new FormData(form);
  body.set("do", "try");
  const request = Object.assign(new XMLHttpRequest(), { responseType: "document" });
  request.open("POST", location.href);
  request.onload = () => {
    if (mine !== newest()) return;
    const parts = { 200: [".errors", "[data-swap=try]"], 400: [".errors"] }[request.status] ?? [];
    for (const part of parts) {
      const found = request.response?.querySelector(`.rule-form ${part}`);
      if (found) form.querySelector(part).replaceWith(document.adoptNode(found));
    }
  };
  request.send(body);
}

/** Moves a limit with the pointer; the one at which the alert is over keeps its distance. */
function drag(form, grip, pointer) {
  const [picture, name] = [grip.ownerSVGElement, grip.dataset.limit];
  const [limit, clear] = [name, `clear_${name}`].map((each) => form.elements.namedItem(each));
  const distance = clear.value === "" ? null : clear.value - limit.value;
  const ends = new AbortController();
  const options = { signal: ends.signal };
  grip.setPointerCapture(pointer);
  grip.addEventListener(
    "pointermove",
    ({ clientY }) => {
      const { top, height } = picture.getBoundingClientRect();
      const part = Math.min(1, Math.max(0, (clientY - top) / height));
      for (const line of picture.querySelectorAll(`[data-limit=${name}]`)) place(line, part);
      limit.value = valueAt(part, picture.dataset);
      if (distance !== null) clear.value = rounded(+limit.value + distance);
    },
    options,
  );
  for (const end of ["pointerup", "pointercancel"]) {
    grip.addEventListener(end, () => (ends.abort(), limit.dispatchEvent(new Event("input", { bubbles: true }))), options);
  }
}

function place(line, part) {
  for (const end of ["y1", "y2"]) line.setAttribute(end, `${100 * part}%`);
}

/** The value at a part of the drawing from its top, as exact as the reader's unit is shown. */
export function valueAt(part, { low, high, step }) {
  const value = +high - part * (high - low);
  return rounded(Math.round(value / step) * step);
}

function rounded(value) {
  return +value.toFixed(6);
}
