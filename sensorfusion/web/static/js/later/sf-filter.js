/** `<sf-filter for="#cards"><input type="search"></sf-filter>`: shows only the cards that contain every word typed. */
class Filter extends HTMLElement {
  #filter = () => this.#run();

  connectedCallback() {
    this.addEventListener("input", this.#filter);
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
