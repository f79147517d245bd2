/** Starts the viewer of the API's description that the page has loaded: Swagger UI or Redoc. */
const DARK = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;
const place = document.getElementById("api-docs");
const { schema, csrf, csrfHeader } = place.dataset;

function isDark() {
  return root.dataset.theme === "dark" || (root.dataset.theme === "auto" && DARK.matches);
}

/** A token of tokens.css as Redoc can compute with it, which knows no oklch. */
function hex(token) {
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  place.style.color = `var(--${token})`;
  context.fillStyle = getComputedStyle(place).color;
  place.style.color = "";
  context.fillRect(0, 0, 1, 1);
  const [...channels] = context.getImageData(0, 0, 1, 1).data.slice(0, 3);
  return `#${channels.map((each) => each.toString(16).padStart(2, "0")).join("")}`;
}

/** A session may write only with the token of its pages. */
function withToken(request) {
  if (!["GET", undefined].includes(request.method)) request.headers[csrfHeader] = csrf;
  return request;
}

function showSwagger() {
  const follow = () => root.classList.toggle("dark-mode", isDark());
  follow();
  DARK.addEventListener("change", follow);
  new MutationObserver(follow).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  globalThis.SwaggerUIBundle({
    url: schema,
    domNode: place,
    presets: [globalThis.SwaggerUIBundle.presets.apis],
    plugins: [() => ({ wrapComponents: { InfoContainer: () => () => null } })], // the page has a heading of its own
    requestInterceptor: withToken,
    onComplete: () => place.querySelector("main").setAttribute("role", "group"), // the page has a main of its own
  });
}

/** Redoc shows its maker's logo, loads it from another server, and has no setting for either. */
function refuseOtherServers() {
  const image = HTMLImageElement.prototype;
  const { get, set } = Object.getOwnPropertyDescriptor(image, "src");
  const ours = (value) => (new URL(value, location).origin === location.origin ? value : "data:,");
  const setAttribute = Element.prototype.setAttribute;
  Object.defineProperty(image, "src", { get, set(value) { set.call(this, ours(value)); } });
  image.setAttribute = function (name, value) {
    setAttribute.call(this, name, name === "src" ? ours(value) : value);
  };
}

function redocTheme() {
  const [text, muted, line, accent, surface, sunken] = ["text", "muted", "line", "accent", "surface", "sunken"].map(hex);
  const family = getComputedStyle(root).getPropertyValue("--font");
  return {
    colors: {
      primary: { main: accent },
      success: { main: hex("live") },
      warning: { main: hex("warn") },
      error: { main: hex("crit") },
      text: { primary: text, secondary: muted },
      border: { dark: line, light: line },
      gray: { 50: sunken, 100: sunken }, // of nested tables
    },
    schema: { linesColor: line, typeNameColor: muted, typeTitleColor: text, nestedBackground: sunken },
    sidebar: { backgroundColor: surface, textColor: text, activeTextColor: accent },
    rightPanel: { backgroundColor: "#1a1f2b" },
    codeBlock: { backgroundColor: "#11151e" },
    typography: {
      fontFamily: family,
      fontSize: "15px",
      headings: { fontFamily: family, fontWeight: "600" },
      links: { color: accent },
      code: { color: text, backgroundColor: sunken },
    },
  };
}

function showRedoc() {
  refuseOtherServers();
  const options = () => ({ theme: redocTheme(), scrollYOffset: ".top", hideDownloadButton: true, nativeScrollbars: true });
  globalThis.Redoc.init(schema, options(), place);
}

if (globalThis.Redoc) showRedoc();
else showSwagger();
