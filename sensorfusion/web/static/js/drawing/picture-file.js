/**
 * Saves pictures that are SVG as one PNG: each is copied with the styles that it has in the page, and drawn on a
 * canvas below the others.
 */
const STYLES = ["fill", "fill-opacity", "opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "vector-effect", "font-size", "font-family", "text-anchor", "visibility"];
const MARGIN = { left: 56, right: 60, top: 18, bottom: 34 };
const SHARPNESS = 2;
const TITLE = 30; // px for the line of words on top

/** Draws the SVG elements below `title`; returns a blob. */
export async function pictureFile(pictures, title, { background, ink }) {
  const sizes = pictures.map((each) => each.getBoundingClientRect());
  const width = Math.max(...sizes.map((each) => each.width)) + MARGIN.left + MARGIN.right;
  const height = TITLE + sizes.reduce((sum, each) => sum + each.height + MARGIN.top + MARGIN.bottom, 0);
  const canvas = Object.assign(document.createElement("canvas"), { width: width * SHARPNESS, height: height * SHARPNESS });
  const ctx = canvas.getContext("2d");
  ctx.scale(SHARPNESS, SHARPNESS);
  ctx.fillStyle = background;
  ctx.fillRect(0, 0, width, height);
  ctx.fillStyle = ink;
  ctx.font = "13px Geist, system-ui, sans-serif";
  ctx.fillText(title, MARGIN.left, 20, width - MARGIN.left);
  let top = TITLE;
  for (const [i, each] of pictures.entries()) {
    const { width: wide, height: high } = sizes[i];
    const image = await imageOf(each, wide, high);
    ctx.drawImage(image, 0, top);
    top += high + MARGIN.top + MARGIN.bottom;
  }
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

async function imageOf(picture, width, height) {
  const copy = picture.cloneNode(true);
  inline(picture, copy);
  copy.setAttribute("x", MARGIN.left);
  copy.setAttribute("y", MARGIN.top);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  const whole = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  whole.setAttribute("width", width + MARGIN.left + MARGIN.right);
  whole.setAttribute("height", height + MARGIN.top + MARGIN.bottom);
  copy.setAttribute("overflow", "visible");
  whole.append(copy);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(whole))}`;
  await image.decode();
  return image;
}

/** Writes computed styles as attributes: a picture of its own has no style sheet. */
function inline(from, to) {
  const styles = getComputedStyle(from);
  for (const name of STYLES) to.setAttribute(name, styles.getPropertyValue(name));
  [...from.children].forEach((each, i) => inline(each, to.children[i]));
}
