import { gettext } from "sf/translation";

/** Reads the HTTP API as the signed-in reader. */
export async function getJson(path, { signal } = {}) {
  const response = await fetch(path, { headers: { Accept: "application/json" }, credentials: "same-origin", signal });
  if (!response.ok) throw new ApiError(response.status);
  return response.json();
}

export class ApiError extends Error {
  constructor(status) {
    super(gettext`The server answered ${status}`);
    this.status = status;
  }
}
