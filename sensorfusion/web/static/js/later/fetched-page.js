import { ApiError } from "sf/api";

/**
 * Reads a page of this site as a document. The content security policy forbids markup from strings; the browser parses
 * this one itself.
 */
export function getPage(address) {
  return new Promise((resolve, reject) => {
    const request = Object.assign(new XMLHttpRequest(), { responseType: "document" });
    request.open("GET", address);
    request.onerror = () => reject(new ApiError(0));
    // An operator who is signed out is redirected.
    request.onload = () =>
      request.status === 200 && request.responseURL === address.split("#")[0]
        ? resolve(request.responseXML)
        : reject(new ApiError(request.status));
    request.send();
  });
}
