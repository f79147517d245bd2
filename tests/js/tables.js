import { readFileSync } from "node:fs";

/** Replaces `models/tables.js`, which reads the page: the tables of the server. */
export const { tables } = JSON.parse(readFileSync(new URL(process.env.SAME ?? "same.json", import.meta.url)));
