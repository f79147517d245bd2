const SCRIPTS = new URL("../../sensorfusion/web/static/js/", import.meta.url);

export async function resolve(name, context, next) {
  if (!name.startsWith("sf/")) return next(name, context);
  return { url: new URL(`${name.slice(3)}.js`, SCRIPTS).href, format: "module", shortCircuit: true };
}
