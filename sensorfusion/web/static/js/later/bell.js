/** What a page says of alerts, such as their count in the frame: replaced by the server's when one changes. */
const AFTER_MS = 300; // several often come together

const AFTER = (ms, run) => setTimeout(run, ms);
const FETCH = async () => (await import("sf/fetched-page")).getPage(location.href);

/**
 * Follows alerts over the page's link, from each opening on. Each answer says how far the events of each site are: if
 * that is not as far as the page knew, something happened before it, or during a disconnect.
 */
export function follow(link, { root = document, fetchPage = FETCH, after = AFTER } = {}) {
  let isDue = false;
  const renew = () => {
    if (isDue) return;
    isDue = true;
    after(AFTER_MS, async () => {
      isDue = false;
      swap(root, await fetchPage().catch(() => null));
    });
  };
  link.opened.subscribe(() => link.send({ action: "alerts" }));
  link.message.subscribe(({ type, sites }) => {
    if (type === "alert" || (type === "alerts" && seen(sites) !== shown(root))) renew();
  });
  link.send({ action: "alerts" }); // if it is open already
}

const seen = (sites) => sites.reduce((sum, { seq }) => sum + seq, 0);
const shown = (root) => Number(root.querySelector("[data-seen]")?.dataset.seen);

function swap(root, page) {
  for (const old of root.querySelectorAll("[data-swap^=alerts]")) {
    const fresh = page?.querySelector(`[data-swap="${old.dataset.swap}"]`);
    if (!fresh) continue;
    const focused = focusIn(old);
    old.replaceWith(root.adoptNode(fresh));
    if (focused) fresh.querySelector(focused)?.focus();
  }
}

/** A selector of the control that has the focus, by the address that it leads to. */
function focusIn(place) {
  const address = (element, name) => `[${name}="${CSS.escape(element.getAttribute(name))}"]`;
  const control = place.querySelector(":focus");
  if (control?.form) return `${address(control.form, "action")} button`;
  return control?.hasAttribute("href") ? address(control, "href") : null;
}
