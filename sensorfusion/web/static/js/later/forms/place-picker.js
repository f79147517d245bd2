import { decimal, gettext, pgettext } from "sf/translation";

/** Chooses a place on an outline of the world; the form's fields keep it, and stay the exact way to write one. */
const CLOSER = 6; // times
const [WIDTH, HEIGHT] = [3600, 1800]; // of the outline: tenths of a degree, equirectangular
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 0], ArrowDown: [-1, 0] };

const within = (low, value, high) => Math.max(low, Math.min(high, value));

/** Longitudes go round: 181° east is 179° west. */
const around = (degrees) => ((((degrees + 180) % 360) + 360) % 360) - 180;

/** The degrees at a point of the outline, whose view is [x, y, width, height]; `across` and `down` are 0 to 1. */
export function placeAt([x, y, width, height], across, down) {
  return [90 - (y + down * height) / 10, around((x + across * width) / 10 - 180)];
}

/** The view of the outline: all of it, or a part around a place. */
export function viewOf(place, isCloser) {
  if (!isCloser) return [0, 0, WIDTH, HEIGHT];
  const [width, height] = [WIDTH / CLOSER, HEIGHT / CLOSER];
  const [latitude, longitude] = place ?? [0, 0];
  const x = (longitude + 180) * 10 - width / 2;
  const y = (90 - latitude) * 10 - height / 2;
  return [within(0, x, WIDTH - width), within(0, y, HEIGHT - height), width, height];
}

/** A place after an arrow key, by `step` degrees. */
export function moved([latitude, longitude], key, step) {
  const [north, east] = MOVES[key];
  return [within(-90, latitude + north * step, 90), around(longitude + east * step)];
}

class PlacePicker {
  #isCloser = false;
  #view = viewOf(null, false);

  constructor(root) {
    this.root = root;
    const form = root.closest("form");
    this.fields = ["latitude", "longitude"].map((name) => form.elements.namedItem(name));
    this.world = root.querySelector(".world");
    this.world.addEventListener("click", (event) => this.#click(event));
    this.world.addEventListener("keydown", (event) => this.#key(event));
    for (const field of this.fields) field.addEventListener("input", () => this.#draw());
    root.querySelector("[data-action=closer]").addEventListener("click", (event) => this.#zoom(event.currentTarget));
    root.querySelector("[data-action=no-place]").addEventListener("click", () => this.#write(["", ""]));
    this.#offerToLocate(root.querySelector("[data-action=locate]"));
    root.hidden = false;
    this.#draw();
  }

  get #place() {
    const place = this.fields.map(({ value }) => (value.trim() === "" ? NaN : Number(value)));
    return Math.abs(place[0]) <= 90 && Math.abs(place[1]) <= 180 ? place : null;
  }

  /** Asks the browser only after the click, as it asks its user then. */
  #offerToLocate(button) {
    button.hidden = !("geolocation" in navigator) || !isSecureContext;
    const found = ({ coords }) => this.#write([coords.latitude.toFixed(4), coords.longitude.toFixed(4)]);
    const refused = () => this.#say(gettext`The browser does not say where it is: click the outline instead.`);
    button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(found, refused));
  }

  #click({ clientX, clientY }) {
    const { left, top, width, height } = this.world.querySelector("svg").getBoundingClientRect();
    this.#set(placeAt(this.#view, (clientX - left) / width, (clientY - top) / height));
  }

  #key(event) {
    if (!(event.key in MOVES) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const step = (event.shiftKey ? 10 : 1) / (this.#isCloser ? 10 : 1);
    this.#set(moved(this.#place ?? [0, 0], event.key, step));
  }

  #zoom(button) {
    this.#isCloser = !this.#isCloser;
    button.setAttribute("aria-pressed", String(this.#isCloser));
    this.#draw();
  }

  /** As exact as the outline shows it, not more. */
  #set(place) {
    this.#write(place.map((degrees) => String(Number(degrees.toFixed(this.#isCloser ? 2 : 1)))));
  }

  #write(texts) {
    this.fields.forEach((field, index) => (field.value = texts[index]));
    this.#draw();
  }

  #draw() {
    const place = this.#place;
    this.#view = viewOf(place, this.#isCloser);
    this.world.querySelector("svg").setAttribute("viewBox", this.#view.join(" "));
    const [x, y] = place ? [(place[1] + 180) * 10, (90 - place[0]) * 10] : [0, 0];
    this.world.querySelector(".cross").setAttribute("d", place ? `M0 ${y}H${WIDTH}M${x} 0V${HEIGHT}` : "");
    this.world.querySelector(".spot").setAttribute("d", place ? `M${x} ${y}h0` : "");
    this.#say(place ? this.#words(place) : gettext`No place yet.`);
  }

  #words([latitude, longitude]) {
    const side = (degrees, [plus, minus]) => decimal(`${Number(Math.abs(degrees).toFixed(2))}° ${degrees < 0 ? minus : plus}`);
    return `${side(latitude, pgettext("north and south")`NS`)}, ${side(longitude, pgettext("east and west")`EW`)}`;
  }

  #say(text) {
    this.root.querySelector("output").textContent = text;
  }
}

export const pickPlace = (root) => new PlacePicker(root);
