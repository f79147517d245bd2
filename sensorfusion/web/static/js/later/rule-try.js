/** The form of an alert rule: whenever it changes, the server tries it and draws the result. */
const AFTER_MS = 350;

export function follow(form) {
  let [timer, turn] = [0, 0];
  form.addEventListener("input", ({ target }) => {
    if (target.name === "note") return;
    clearTimeout(timer);
    timer = setTimeout(() => trial(form, ++turn, () => turn), AFTER_MS);
  });
}

/** The content security policy forbids markup from strings; the browser parses the answer itself. */
function trial(form, mine, newest) {
  const body = new FormData(form);
  body.set("do", "try");
  const request = Object.assign(new XMLHttpRequest(), { responseType: "document" });
  request.open("POST", location.href);
  request.onload = () => {
    const found = request.response?.querySelector("[data-swap=try]");
    if (request.status === 200 && found && mine === newest()) form.querySelector("[data-swap=try]").replaceWith(document.adoptNode(found));
  };
  request.send(body);
}
