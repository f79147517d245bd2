import { followChoices, nextTheme, nextUnits } from "sf/choices";
import { shortcuts } from "sf/shortcuts";
import { gettext } from "sf/translation";

/** Features of every page: theme and units, the sensor switcher, the keyboard shortcuts and their help. */
function openSwitcher() {
  const search = document.querySelector("main sf-filter input");
  if (search) return search.focus();
  const switcher = document.getElementById("switcher");
  switcher?.showPopover();
  switcher?.querySelector("input")?.focus();
}

if (document.querySelector("sf-copy")) import("sf/sf-copy");
if (document.querySelector("main sf-filter")) import("sf/sf-filter");
followChoices();
document.getElementById("switcher")?.addEventListener("toggle", ({ newState, target }) => {
  if (newState !== "open") return;
  import("sf/sf-filter");
  target.querySelector("input")?.focus();
});

shortcuts.bind("/", gettext`Find a sensor`, openSwitcher);
if (document.querySelector("[data-action=theme]")) shortcuts.bind("t", gettext`Light or dark`, nextTheme);
if (document.getElementById("choices")) shortcuts.bind("u", gettext`Units`, nextUnits);
shortcuts.bind("?", gettext`These keys`, async () => (await import("sf/keys-help")).showKeys(shortcuts));
shortcuts.listen(document);
