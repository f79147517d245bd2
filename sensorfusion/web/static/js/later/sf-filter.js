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

/** `<sf-filter for="#cards"><input type="search"></sf-filter>`: shows only the cards that contain every word typed. */
class Filter extends HTMLElement {
  #filter = () => this.#run();

  connectedCallback() {
    this.addEventListener("input", this.#filter);
    this.closest("#switcher")?.addEventListener("keydown", walkSwitcher); // the same function is added once
    this.#run(); // on back navigation the browser restores the input
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
