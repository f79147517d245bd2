import { gettext } from "sf/translation";

/** `<sf-copy for="id"><button>Copy</button></sf-copy>`: copies the text of an element. */
const THANKS_MS = 2_000;

class Copy extends HTMLElement {
  #timer;
  #copy = () => this.#run();

  connectedCallback() {
    this.addEventListener("click", this.#copy);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this.#copy);
    clearTimeout(this.#timer);
  }

  async #run() {
    const source = document.getElementById(this.getAttribute("for"));
    if (!source) return;
    const isCopied = await copy(source);
    this.toggleAttribute("data-copied", isCopied);
    this.#say(isCopied ? gettext`Copied` : gettext`Selected: press Ctrl+C`);
  }

  #say(text) {
    const label = this.querySelector("button span") ?? this.querySelector("button");
    label.dataset.before ??= label.textContent;
    label.setAttribute("aria-live", "polite");
    label.textContent = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      label.textContent = label.dataset.before;
      this.toggleAttribute("data-copied", false);
    }, THANKS_MS);
  }
}

/**
 * Copies the text, or selects it: without HTTPS (a local server) pages have no access to the clipboard.
 */
async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    return true;
  } catch {
    getSelection().selectAllChildren(source);
    return false;
  }
}

customElements.define("sf-copy", Copy);
