import assert from "node:assert/strict";
import { test } from "node:test";

import { draw } from "sf/drawn";

/** A page with places of these names and contents. */
function page(contents) {
  const places = Object.entries(contents).map(([drawn, content]) => {
    const place = { dataset: { drawn }, childNodes: [content] };
    place.replaceChildren = (...nodes) => Object.assign(place, { childNodes: nodes });
    return place;
  });
  return {
    places,
    querySelectorAll: () => places,
    querySelector: (selector) => places.find(({ dataset }) => selector === `[data-drawn="${dataset.drawn}"]`),
    importNode: (node) => node,
  };
}

const shown = ({ places }) => Object.fromEntries(places.map(({ dataset, childNodes }) => [dataset.drawn, childNodes[0]]));

test("what is drawn is put in its own place, and what is not there is left out", async () => {
  const root = page({ charts: "old", map: "old map" });
  await draw({ root, address: "https://x.example/s/t/", fetchPage: async () => page({ charts: "new", other: "more" }) });

  assert.deepEqual(shown(root), { charts: "new", map: "old map" });
});

test("the page is asked for as no other view of it, in the range that is shown", async () => {
  const asked = [];
  const fetchPage = async (address) => page({ [asked.push(address)]: "" });
  await draw({ root: page({}), address: "https://x.example/s/t/?r=7d#now", fetchPage });

  assert.deepEqual(asked, ["https://x.example/s/t/?r=7d&again=1"]);
});

test("a page that cannot be had leaves what is shown", async () => {
  const root = page({ charts: "old" });
  await draw({ root, address: "https://x.example/s/t/", fetchPage: () => Promise.reject(new Error("429")) });

  assert.deepEqual(shown(root), { charts: "old" });
});
