import { gettext } from "sf/translation";

/**
 * Forms that a passkey fills in: the browser is asked when the form is sent, and its answer goes into `credential`.
 *
 * `data-passkey` is "create" or "get"; what the browser needs is in the element `data-options`, or is fetched from
 * the form's own address. The forms are hidden until this runs; what follows them, where a browser has no passkeys.
 */
export function usePasskeys(forms) {
  for (const form of forms) {
    const able = Boolean(window.PublicKeyCredential);
    form.hidden = !able;
    const unable = form.parentElement.querySelector("[data-unable]");
    if (unable) unable.hidden = able;
    form.addEventListener("submit", (event) => ask(event, form));
  }
}

async function ask(event, form) {
  if (form.dataset.answered) return; // the browser's answer is on its way
  event.preventDefault();
  const error = form.querySelector('[role="alert"]');
  error.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(written(await credential(form)));
    form.dataset.answered = "yes";
    form.requestSubmit();
  } catch ({ name }) {
    error.hidden = false;
    error.textContent =
      name === "InvalidStateError" ? gettext`This passkey is added already.` : gettext`The browser gave no passkey. Try again.`;
  }
}

async function credential(form) {
  const { publicKey } = await options(form);
  if (form.dataset.passkey === "get") return navigator.credentials.get({ publicKey: read(publicKey) });
  if (form.elements.passwordless?.checked) {
    Object.assign(publicKey.authenticatorSelection, {
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    });
  }
  return navigator.credentials.create({ publicKey: read(publicKey) });
}

async function options(form) {
  const given = document.getElementById(form.dataset.options);
  if (given) return JSON.parse(given.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}

/** Turns what the server wrote in base64url into bytes (Web Authentication, 5.1.8). */
function read(given) {
  const listed = (all) => all?.map((each) => ({ ...each, id: bytes(each.id) }));
  return {
    ...given,
    challenge: bytes(given.challenge),
    ...(given.user && { user: { ...given.user, id: bytes(given.user.id) } }),
    ...(given.excludeCredentials && { excludeCredentials: listed(given.excludeCredentials) }),
    ...(given.allowCredentials && { allowCredentials: listed(given.allowCredentials) }),
  };
}

/** Writes a credential as the server reads it, bytes in base64url. */
function written(credential) {
  const { id, rawId, type, response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return {
    id,
    rawId: text(rawId),
    type,
    response: Object.fromEntries(given),
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

const bytes = (given) => Uint8Array.from(atob(given.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

function text(buffer) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
