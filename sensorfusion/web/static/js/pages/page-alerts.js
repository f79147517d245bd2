import "sf/frame";
import { Link } from "sf/link";

/** The page of alerts: it follows them, as the count in the frame of every live page does. */
const { live } = document.querySelector("[data-live]").dataset;
const address = new URL(live, location.href);
address.protocol = address.protocol.replace("http", "ws");
const link = new Link({ open: () => new WebSocket(address) });

addEventListener("online", () => link.retry());
addEventListener("offline", () => link.browserOffline());
addEventListener("pagehide", () => link.sleep());
addEventListener("pageshow", ({ persisted }) => persisted && link.wake());
document.addEventListener("visibilitychange", () => (document.hidden ? link.hide() : link.wake()));

link.changed.subscribe(() => {
  if (link.failures > 1) import("sf/fallback").then((fallback) => fallback.follow(link, live), () => {});
});
import("sf/bell").then(({ follow }) => follow(link));
link.start();
