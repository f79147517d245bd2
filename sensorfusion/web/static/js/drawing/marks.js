import { rad } from "sf/basics";
import { meanDirection } from "sf/wind";

/**
 * Marks on a chart beside its lines. Each function gets a frame: the canvas' context, the plot's rectangle in canvas
 * pixels, `ratio` of those to CSS pixels, and x(at), y(value) for positions.
 */
const FONT = "Geist, system-ui, sans-serif";

/** Shades spans of time, such as nights. */
export function shade({ ctx, top, height, x, clampX }, spans, colour) {
  ctx.fillStyle = colour;
  for (const [from, to] of spans) {
    const [left, right] = [clampX(x(from)), clampX(x(to))];
    if (right > left) ctx.fillRect(left, top, right - left, height);
  }
}

/** Hatches a span without readings, with words where there is room. */
export function hatch(frame, [from, to], { ink, text, words }) {
  const { ctx, top, height, ratio, x, clampX } = frame;
  const [left, right] = [clampX(x(from)), clampX(x(to))];
  if (right - left < 2 * ratio) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, right - left, height);
  ctx.clip();
  ctx.strokeStyle = ink;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  for (let at = left - height; at < right; at += 7 * ratio) {
    ctx.moveTo(at, top + height);
    ctx.lineTo(at + height, top);
  }
  ctx.stroke();
  ctx.restore();
  if (right - left > 70 * ratio)
    write(frame, words, (left + right) / 2, top + height / 2, { colour: text, align: "center" });
}

/**
 * Draws the wind's direction along the bottom of the plot: one arrow for each interval, the mean of its `winds`
 * [direction, speed]; none in a calm.
 */
export function arrows(frame, { t, winds }, colour) {
  const { ctx, left, width, top, height, ratio, at } = frame;
  const step = 26 * ratio;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.4 * ratio;
  ctx.lineCap = ctx.lineJoin = "round";
  for (let start = left + (width % step) / 2; start + step <= left + width + 1; start += step) {
    const direction = meanDirection(winds.filter((_, i) => t[i] >= at(start) && t[i] < at(start + step)));
    if (direction !== null) arrow(ctx, start + step / 2, top + height - 10 * ratio, direction, 7 * ratio);
  }
}

/** A direction is where the wind comes from; the arrow points with the wind. */
function arrow(ctx, x, y, direction, size) {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(rad(direction) + Math.PI);
  ctx.beginPath();
  ctx.moveTo(0, size);
  ctx.lineTo(0, -size);
  ctx.moveTo(-size * 0.55, -size * 0.4);
  ctx.lineTo(0, -size);
  ctx.lineTo(size * 0.55, -size * 0.4);
  ctx.stroke();
  ctx.restore();
}

/** Marks the ends of lines and writes their names beside the plot, without overlap. */
export function ends(frame, lines, { ring, text, hasRoom }) {
  const { ctx, left, width, ratio, x, y, clampX } = frame;
  for (const { at, value, colour } of lines) {
    ctx.beginPath();
    ctx.arc(clampX(x(at)), y(value), 3.5 * ratio, 0, 7);
    ctx.fillStyle = colour;
    ctx.fill();
    ctx.strokeStyle = ring;
    ctx.lineWidth = 1.5 * ratio;
    ctx.stroke();
  }
  if (!hasRoom) return;
  const named = lines.map((line) => ({ ...line, place: y(line.value) })).sort((a, b) => a.place - b.place);
  for (let i = 1; i < named.length; i++) named[i].place = Math.max(named[i].place, named[i - 1].place + 15 * ratio);
  for (const { label, place } of named) write(frame, fitting(frame, label), left + width + 9 * ratio, place, { colour: text });
}

/** Writes the amount at the end of a total's line, whose height has no axis: beside the plot, or above where it is narrow. */
export function totals(frame, drawn, { text, hasRoom }) {
  const { left, width, top, ratio, y, x, clampX } = frame;
  for (const { end, t, v } of drawn.filter(({ look, t }) => look === "total" && t.length)) {
    const place = y(v.at(-1), "total");
    if (hasRoom) write(frame, end, left + width + 9 * ratio, place, { colour: text });
    else write(frame, end, clampX(x(t.at(-1))), Math.max(top, place - 10 * ratio), { colour: text, align: "right" });
  }
}

/** Brackets a span at the top of the plot: readings that arrived late. */
export function bracket(frame, [from, to], words, colour) {
  const { ctx, top, left, width, ratio, x, clampX } = frame;
  const middle = (clampX(x(from)) + clampX(x(to))) / 2;
  const half = Math.max((clampX(x(to)) - clampX(x(from))) / 2, 4 * ratio);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * ratio;
  ctx.beginPath();
  ctx.moveTo(middle - half, top + 9 * ratio);
  ctx.lineTo(middle - half, top + 4 * ratio);
  ctx.lineTo(middle + half, top + 4 * ratio);
  ctx.lineTo(middle + half, top + 9 * ratio);
  ctx.stroke();
  const isRight = middle > left + width / 2;
  write(frame, words, middle + (isRight ? -half : half), top + 17 * ratio, {
    colour,
    align: isRight ? "right" : "left",
  });
}

/** The words as far as they fit between the plot and the edge of the canvas. */
function fitting({ ctx, left, width, ratio }, words) {
  ctx.font = `${12 * ratio}px ${FONT}`;
  const room = ctx.canvas.width - left - width - 9 * ratio;
  const fits = (text) => ctx.measureText(text).width <= room;
  if (fits(words)) return words;
  let end = words.length;
  while (end > 1 && !fits(`${words.slice(0, end).trimEnd()}…`)) end--;
  return `${words.slice(0, end).trimEnd()}…`;
}

/** Writes words centred on a height. */
export function write({ ctx, ratio }, words, x, y, { colour, align = "left" }) {
  ctx.font = `${12 * ratio}px ${FONT}`;
  ctx.fillStyle = colour;
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
  ctx.fillText(words, x, y);
}
