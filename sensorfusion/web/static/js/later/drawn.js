const FETCH = async (address) => (await import("sf/fetched-page")).getPage(address);

/**
 * What the server has drawn on the page of a link, such as charts and the map: fetched with the page, and put in the
 * same place. With `again` this counts as no view.
 */
export async function draw({ root = document, address = location.href, fetchPage = FETCH } = {}) {
  const asked = new URL(address);
  asked.searchParams.set("again", "1");
  const page = await fetchPage(asked.href.split("#")[0]).catch(() => null); // at the next reading again
  for (const now of page?.querySelectorAll("[data-drawn]") ?? []) {
    const place = root.querySelector(`[data-drawn="${now.dataset.drawn}"]`);
    place?.replaceChildren(...root.importNode(now, true).childNodes);
  }
}
