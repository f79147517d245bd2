/**
 * Marks what depends on the language of the page: texts for readers, as the tag of a template literal, and numbers with
 * a decimal point. Here, in development, everything stays English; collecting static files writes the scripts once per
 * language without any of these calls (`web/languages/scripts.py`).
 */
export const gettext = (pieces, ...values) => pieces.map((piece, i) => piece + (values[i] ?? "")).join("");

/** A text whose words have several meanings: pgettext("month and day")`...`. */
export const pgettext = () => gettext;

/** A number as text. Its brackets stay. */
export const decimal = (text) => text;
