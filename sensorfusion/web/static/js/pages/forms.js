/** Enhances forms: a button to show the password, and a first guess of time zone and location. */

for (const button of document.querySelectorAll('[data-action="reveal"]')) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.setAttribute("aria-label", shown ? "Show password" : "Hide password");
    button.title = button.getAttribute("aria-label");
    field.focus();
  });
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll('[data-guess="time-zone"]')) {
  if (zone && !field.value) field.value = zone;
}

for (const button of document.querySelectorAll('[data-action="locate"]')) {
  button.hidden = !("geolocation" in navigator) || !isSecureContext;
  button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(({ coords }) => fill(button.form, coords)));
}

const rule = document.querySelector("form[data-tried]");
if (rule) import("sf/rule-try").then(({ follow }) => follow(rule));

function fill(form, coords) {
  for (const name of ["latitude", "longitude"]) form.elements.namedItem(name).value = coords[name].toFixed(4);
}
