/**
 * The choices that a reader makes in the frame: theme, units and clock. The server stores the units and the clock of
 * operators, from a form that needs no script; those of other readers are remembered in this browser.
 */
const later = () => import("sf/choose");

export const nextTheme = async () => (await later()).nextTheme();

export const nextUnits = async () => (await later()).nextUnits();

export function followChoices() {
  for (const button of document.querySelectorAll("[data-action=theme]")) button.addEventListener("click", nextTheme);
  document.querySelector("#choices form")?.addEventListener("submit", async (event) => {
    const { next } = event.target.elements;
    if (next) return void (next.value = location.pathname + location.search);
    event.preventDefault();
    (await later()).choose(event.submitter);
  });
}
