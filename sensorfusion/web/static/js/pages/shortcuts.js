/**
 * The keyboard shortcuts of this page, in one list, so that the help can show them. They can be turned off: single
 * letters interfere with speech input (WCAG 2.1.4).
 */
const STORED = "sensorfusion.shortcuts";
// Letters are typed into all but these, where they do nothing.
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

class Shortcuts {
  #bound = new Map();

  /** Calls `run` when the key is pressed, until `signal` aborts. */
  bind(key, label, run, { signal } = {}) {
    this.#bound.set(key, { label, run });
    signal?.addEventListener("abort", () => this.#bound.delete(key), { once: true });
  }

  /** [label, keys] of all; keys with the same kind of action share a label. */
  get list() {
    const keys = new Map();
    for (const [key, { label }] of this.#bound) keys.set(label, [...(keys.get(label) ?? []), key]);
    return [...keys];
  }

  get areOn() {
    return localStorage.getItem(STORED) !== "off";
  }

  set areOn(isOn) {
    localStorage.setItem(STORED, isOn ? "on" : "off");
  }

  listen(target) {
    target.addEventListener("keydown", (event) => this.#press(event));
  }

  #press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING))
      return;
    // Space presses a focused button or box and scrolls on a focused link; those functions have priority.
    if (event.key === " " && event.target.closest("a, button, summary, input, [role=button]")) return;
    if (!this.areOn && event.key !== "Escape" && event.key !== "?") return;
    const bound = this.#bound.get(event.key);
    if (!bound) return;
    // Escape also closes popovers and dialogs, which must stay possible.
    if (event.key !== "Escape") event.preventDefault();
    bound.run();
  }
}

export const shortcuts = new Shortcuts();
