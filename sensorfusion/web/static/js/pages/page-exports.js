import "sf/frame";

/**
 * The list of exports: while one is being written, the server's page is read again, and what changed is shown. An
 * export in the same state keeps its elements, and with them the focus; without scripts the page reloads itself.
 */
const READ_EVERY_MS = 2_000;

const list = document.querySelector("[data-exports]");

function show(shown, read) {
  if (shown.dataset.state !== read.dataset.state) return shown.replaceWith(document.adoptNode(read));
  shown.querySelector("[data-said]").textContent = read.querySelector("[data-said]").textContent;
  const [bar, newer] = [shown, read].map((each) => each.querySelector("progress"));
  for (const { name, value } of newer?.attributes ?? []) bar.setAttribute(name, value);
}

async function follow() {
  const { getPage } = await import("sf/fetched-page");
  if (!document.hidden) {
    const page = await getPage(location.href).catch(() => undefined);
    for (const shown of list.querySelectorAll("article")) {
      const read = page?.getElementById(shown.id);
      if (read) show(shown, read);
      else if (page) shown.remove();
    }
    if (page && !page.querySelector("[data-moving]")) return;
  }
  setTimeout(follow, READ_EVERY_MS);
}

if (list.matches("[data-moving]")) setTimeout(follow, READ_EVERY_MS);
