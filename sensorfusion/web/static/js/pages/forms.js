import { gettext } from "sf/translation";

/** Enhances forms: a button to show the password, a first guess of the time zone, a map for a place, and rows that grow. */

for (const button of document.querySelectorAll('[data-action="reveal"]')) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.setAttribute("aria-label", shown ? gettext`Show password` : gettext`Hide password`);
    button.title = button.getAttribute("aria-label");
    field.focus();
  });
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const field of document.querySelectorAll('[data-guess="time-zone"]')) {
  if (zone && !field.value) field.value = zone;
}

const place = document.querySelector("[data-place]");
if (place) import("sf/place-picker").then(({ pickPlace }) => pickPlace(place));

// The sign-in page, to which signing out leads: nothing of the account before stays for the offline page.
if (document.body.dataset.page === "door") import("sf/last-values").then(({ forgetValues }) => forgetValues());

const browser = document.querySelector("form[data-push]");
if (browser) import("sf/this-browser").then(({ offer }) => offer(browser));

const passkeys = document.querySelectorAll("form[data-passkey]");
if (passkeys.length) import("sf/passkeys").then(({ usePasskeys }) => usePasskeys(passkeys));

const rule = document.querySelector("form[data-tried]");
if (rule) import("sf/rule-try").then(({ follow }) => follow(rule));

for (const rows of document.querySelectorAll("[data-grows]")) rows.addEventListener("input", () => grow(rows));

/** Adds an empty row below the last one when that is filled in. */
function grow(rows) {
  const last = rows.rows[rows.rows.length - 1];
  if (![...last.querySelectorAll("input")].some((field) => field.value)) return;
  const next = last.cloneNode(true);
  const [from, to] = [rows.rows.length, rows.rows.length + 1].map(String);
  next.querySelector("th").textContent = to;
  for (const field of next.querySelectorAll("input")) {
    field.value = "";
    field.removeAttribute("id");
    field.setAttribute("aria-label", field.getAttribute("aria-label").replace(new RegExp(`${from}$`), to));
  }
  last.after(next);
}
