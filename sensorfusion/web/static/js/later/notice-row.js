import { setText } from "sf/dom";
import { gettext, pgettext } from "sf/translation";

/** The rows of `<sf-notices>`, imported when there is the first notice after the page was loaded. */
const MOST_SHOWN = 50;

/** Puts a notice at the top of the list, and in the headline of a page that waits; `when` it arrived, in words. */
export async function addNotice(list, given, when) {
  const notice = document.documentElement.lang === "en" ? given : { ...given, ...(await translated(given)) };
  list.prepend(row(list, notice, when));
  while (list.children.length > MOST_SHOWN) list.lastElementChild.remove();
  announce(notice);
}

/** The words of a notice in the language of the page, as the server writes them; the stream is in English. */
async function translated({ code, subject }) {
  const { getPage } = await import("sf/fetched-page");
  const page = await getPage(location.href).catch(() => null);
  const rows = [...(page?.querySelectorAll("sf-notices [data-code]") ?? [])];
  const row = rows.find(({ dataset }) => dataset.code === code && dataset.subject === subject);
  const words = ["title", "detail", "advice"].map((name) => [name, row?.querySelector(`[data-fact=${name}]`)]);
  const headline = ["headline", page?.querySelector(`[data-headline="${CSS.escape(code)}"]`)];
  const found = [...words, headline].map(([name, place]) => [name, place?.textContent.trim()]);
  return Object.fromEntries(found.filter(([, text]) => text));
}

/** The row of this kind of notice with new words. */
function row(list, { at, code, subject, title, detail, advice, count }, when) {
  const known = [...list.children].find(({ dataset }) => dataset.code === code && dataset.subject === subject);
  const template = list.closest("sf-notices").querySelector("template");
  const row = known ?? template.content.firstElementChild.cloneNode(true);
  Object.assign(row.dataset, { code, subject });
  for (const input of row.querySelectorAll("input[name=code], input[name=subject]")) input.value = row.dataset[input.name];
  const facts = { title, detail, advice, when, times: count === 1 ? gettext`once` : gettext`${count.toLocaleString(pgettext("language")`en`)} times` };
  for (const [name, text] of Object.entries(facts)) setText(row.querySelector(`[data-fact=${name}]`), text);
  row.querySelector("[data-fact=advice]").hidden = !advice;
  row.querySelector("[data-fact=when]").dateTime = at;
  return row;
}

/** A clock that is ahead explains everything else. */
function announce({ code, headline }) {
  const line = document.querySelector("[data-headline]");
  if (!line || (line.dataset.headline === "clock_ahead" && code !== "clock_ahead")) return;
  line.dataset.headline = code;
  setText(line, headline);
}
