import { html } from "sf/dom";
import { gettext, pgettext } from "sf/translation";

/** The dialog that lists the keyboard shortcuts of a page, and turns single-letter ones off. */
export function showKeys(shortcuts) {
  const dialog = document.getElementById("shortcuts") ?? document.body.appendChild(makeHelp(shortcuts));
  dialog.querySelector("dl").replaceChildren(...shortcuts.list.map(([label, keys]) => helpRow(label, keys)));
  if (!dialog.open) dialog.showModal();
}

function makeHelp(shortcuts) {
  const dialog = html("dialog", { id: "shortcuts", "aria-labelledby": "shortcuts-title" });
  const isOn = html("input", { type: "checkbox", id: "shortcuts-on" });
  isOn.checked = shortcuts.areOn;
  isOn.addEventListener("change", () => (shortcuts.areOn = isOn.checked));
  const close = html("button", { type: "button", class: "button", autofocus: "" }, gettext`Close`);
  close.addEventListener("click", () => dialog.close());
  dialog.append(
    html("h2", { id: "shortcuts-title" }, pgettext("keyboard")`Keys`),
    html("dl", { class: "facts" }),
    html("p", { class: "buttons" }, close, html("label", {}, isOn, gettext` Keys work without Ctrl`)),
  );
  return dialog;
}

function helpRow(label, keys) {
  const names = keys.map((key) => ({ " ": gettext`Space`, Escape: gettext`Esc` })[key] ?? key);
  return html(
    "div",
    {},
    html("dt", {}, label),
    html("dd", {}, ...names.flatMap((name) => [" ", html("kbd", {}, name)])),
  );
}
