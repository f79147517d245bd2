/** What a page says of alerts, such as their count in the frame: replaced by the server's when one changes. */
const AFTER_MS = 300; // several often come together

const AFTER = (ms, run) => setTimeout(run, ms);
const FETCH = async () => (await import("sf/fetched-page")).getPage(location.href);

/** Follows alerts over the page's link, from each opening on. */
export function follow(link, { root = document, fetchPage = FETCH, after = AFTER } = {}) {
  let isDue = false;
  let isFirst = true;
  const renew = () => {
    if (isDue) return;
    isDue = true;
    after(AFTER_MS, async () => {
      isDue = false;
      swap(root, await fetchPage().catch(() => null));
    });
  };
  link.opened.subscribe(() => link.send({ action: "alerts" }));
  link.message.subscribe(({ type }) => {
    if (type === "alert" || (type === "alerts" && !isFirst)) renew(); // after a disconnect, what was missed
    if (type === "alerts") isFirst = false;
  });
  link.send({ action: "alerts" }); // if it is open already
}

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
