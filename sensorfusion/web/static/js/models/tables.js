/**
 * Tables shared with the server: words, edges, limits, durations in seconds. They are defined once, in the server's
 * `reports/script_tables.py`, and are part of every live page.
 */
export const tables = JSON.parse(document.getElementById("tables").textContent);
