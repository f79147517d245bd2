/** Arrow keys move through the rows that match the search, Enter in the search opens the first. */
function walkSwitcher(event) {
  const rows = [...event.currentTarget.querySelectorAll("li:not([hidden]) a")];
  const here = rows.indexOf(document.activeElement);
  if (event.key === "ArrowDown") rows[Math.min(here + 1, rows.length - 1)]?.focus();
  else if (event.key === "ArrowUp") (rows[here - 1] ?? event.currentTarget.querySelector("input"))?.focus();
  else if (event.key === "Enter" && event.target.matches("input")) rows[0]?.click();
  else return;
  event.preventDefault();
}

const FRESH_MS = 10_000;
let readAt = 0; // since the page was opened

/** Reads the rows of an open switcher again, from the page of all sensors: this page may have been open for days. */
async function renewSwitcher(switcher) {
  if (!switcher.matches(":popover-open") || performance.now() - readAt < FRESH_MS) return;
  readAt = performance.now();
  const { getPage } = await import("sf/fetched-page");
  const page = await getPage(switcher.querySelector(".links a").href).catch(() => null);
  const [rows, newer] = [document, page].map((each) => each?.getElementById("switcher-rows"));
  if (!newer) for (const age of rows.querySelectorAll(".age")) age.textContent = "";
  else if (!rows.contains(document.activeElement)) rows.replaceChildren(...document.importNode(newer, true).children);
}

/** `<sf-filter for="#cards"><input type="search"></sf-filter>`: shows only the cards that contain every word typed. */
class Filter extends HTMLElement {
  #filter = () => this.#run();
  #renew = () => renewSwitcher(this.closest("#switcher")).then(this.#filter);

  connectedCallback() {
    this.addEventListener("input", this.#filter);
    this.#run(); // on back navigation the browser restores the input
    const switcher = this.closest("#switcher");
    switcher?.addEventListener("keydown", walkSwitcher); // the same function is added once
    switcher?.addEventListener("toggle", this.#renew);
    if (switcher) this.#renew();
  }

  disconnectedCallback() {
    this.removeEventListener("input", this.#filter);
  }

  #run() {
    const words = (this.querySelector("input")?.value ?? "").toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const list = document.querySelector(this.getAttribute("for"));
    for (const each of list?.children ?? []) {
      const text = (each.dataset.search ?? each.textContent).toLocaleLowerCase();
      each.hidden = !words.every((word) => text.includes(word));
    }
    if (list) list.dataset.isEmpty = [...list.children].every((each) => each.hidden);
  }
}

customElements.define("sf-filter", Filter);
