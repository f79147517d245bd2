/**
 * The last values that the overview showed, for the offline page. They stay in this browser, are replaced by those of
 * the next account, and are forgotten at every sign-in page, to which signing out leads.
 */
const root = () => document.documentElement.dataset.root;
const key = () => `last-values ${root()}`; // other programs of this host may use the storage too

/** Keeps `rows`, [{name, value, at}], as of the instant `at`, in milliseconds, with the reader's clock. */
export function keepValues(at, rows) {
  const { clock } = document.documentElement.dataset;
  inStorage((storage) => storage.setItem(key(), JSON.stringify({ at, rows, clock })));
}

/** What was kept, {at, rows, clock}; null if nothing was. */
export function keptValues() {
  return inStorage((storage) => JSON.parse(storage.getItem(key())));
}

export function forgetValues() {
  inStorage((storage) => storage.removeItem(key()));
}

/** Registers the worker that shows the offline page. Browsers have workers on HTTPS and on this machine only. */
export async function registerWorker() {
  const address = `${root()}worker.js`;
  const policy = globalThis.trustedTypes?.createPolicy("worker", { createScriptURL: () => address });
  try {
    await navigator.serviceWorker?.register(policy?.createScriptURL("") ?? address, { scope: root() });
  } catch (error) {
    console.info(`No offline page: ${error.message}`);
  }
}

/** A browser may refuse its storage, or have no room: then there are no last values. */
function inStorage(use) {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
}
