/**
 * What the server and the scripts both know: words, edges, limits, lengths of time in seconds. Typed once, in the server's
 * `reports/script_tables.py`, and brought by every live page.
 */
export const tables = JSON.parse(document.getElementById("tables").textContent);
