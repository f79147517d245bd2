import { gettext } from "sf/translation";

/**
 * Prepares a page with charts for the printer. Canvases are drawn in the page's theme and width, so while it prints the
 * page is light and as wide as the paper, and ends with a line that says where and when it was printed.
 */
const PAPER = "182mm"; // the width of A4 without the margins in base.css

export function preparePaper(chart) {
  const main = chart.closest("main");
  const root = document.documentElement;
  const footer = Object.assign(document.createElement("footer"), { className: "sub" });
  let chosen = root.dataset.theme;
  addEventListener("beforeprint", () => {
    chosen = root.dataset.theme;
    root.dataset.theme = "light";
    main.style.inlineSize = PAPER;
    footer.textContent = gettext`${document.title} · ${location.href} · printed ${printedAt(new Date())}`;
    document.body.append(footer);
    fitCharts(main);
  });
  addEventListener("afterprint", () => {
    root.dataset.theme = chosen;
    main.style.inlineSize = "";
    footer.remove();
    fitCharts(main);
  });
}

function fitCharts(main) {
  for (const chart of main.querySelectorAll("sf-chart")) chart.fit();
}

/** The reader's own clock, with its zone. */
function printedAt(now) {
  return now.toLocaleString(document.documentElement.lang, {
    day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
}
