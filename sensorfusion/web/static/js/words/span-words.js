import { NBSP, fixed } from "sf/numbers";
import { gettext } from "sf/translation";

/** Words for spans of states, as the server writes them (`reports/kinds/span_words.py`). */
const MOST_NAMED = 4;
const UNKNOWN_S = 60;

export function lengthText(seconds) {
  if (seconds < 119.5) return `${Math.floor(seconds + 0.5)}${NBSP}s`;
  const minutes = Math.floor(seconds / 60 + 0.5);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return `${minutes}${NBSP}min`;
  return rest ? `${hours}${NBSP}h ${rest}${NBSP}min` : `${hours}${NBSP}h`;
}

export function headline(word, since, until, { isCurrent, isExact }) {
  const start = word.slice(0, 1).toUpperCase() + word.slice(1);
  if (!isCurrent) return gettext`${start} until ${until}, then no data`;
  return gettext`${start} since ${since}${isExact ? "" : gettext` or earlier`}`;
}

/** The sentence about a day's spans; `told` is {words, only, counted, share, order}. */
export function todayText(day, told, lengthS) {
  const states = (told.order ?? day.states).slice(0, MOST_NAMED);
  const parts = told.only ? [onlyText(day, told)] : states.map((state) => partText(day, state, told));
  if (lengthS - day.knownS >= UNKNOWN_S) parts.push(gettext`no data ${lengthText(lengthS - day.knownS)}`);
  return parts.join(" · ");
}

export const wordOf = (state, { words }) => words[state] ?? state;

function onlyText(day, told) {
  const [word, count] = [wordOf(told.only, told), day.times(told.only)];
  return count ? gettext`${word} ${timesText(count)} today, ${lengthText(day.totalS(told.only))} in all` : gettext`never ${word} today`;
}

function partText(day, state, told) {
  const [word, count, totalS] = [wordOf(state, told), day.times(state), day.totalS(state)];
  if (!count) return gettext`${word} never`;
  const said = `${word} ${lengthText(totalS)}`;
  if (state === told.share && day.knownS) return `${said} (${shareText(totalS, day.knownS)})`;
  return told.counted.includes(state) ? `${said}, ${timesText(count)}` : said;
}

const timesText = (count) => (count === 1 ? gettext`once` : gettext`${count} times`);

function shareText(part, whole) {
  if (part >= whole) return `100${NBSP}%`;
  return `${fixed(Math.floor((part / whole) * 1000 + 1e-9) / 10, 1)}${NBSP}%`;
}
