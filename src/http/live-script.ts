// What the live page does in the browser: puts changed sections in their place as the server sends them, and tells times in the reader's zone. Without it
// the page stands still.
import { createHash } from "node:crypto";

/**
 * The text that somebody is marking is left alone until they let go. The page does not jump: its place is kept, as is that of tables that scroll sideways.
 */
export const LIVE_SCRIPT = `
const told = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
const tellTimes = (root) => { for (const at of root.querySelectorAll("time")) { at.title = at.dateTime; at.textContent = told.format(new Date(at.dateTime)); } };
const waiting = new Map();
const place = () => {
  const marked = getSelection();
  if (waiting.size === 0 || (marked && !marked.isCollapsed)) return;
  const [x, y] = [scrollX, scrollY];
  for (const [id, markup] of waiting) {
    const section = document.getElementById(id);
    if (!section) continue;
    const aside = section.querySelector(".scroll")?.scrollLeft ?? 0;
    section.innerHTML = markup;
    tellTimes(section);
    const table = section.querySelector(".scroll");
    if (table) table.scrollLeft = aside;
  }
  waiting.clear();
  scrollTo(x, y);
};
tellTimes(document);
const events = new EventSource("events");
events.onopen = () => { document.body.dataset.live = "on"; };
events.onerror = () => { document.body.dataset.live = "off"; };
events.onmessage = ({ data }) => { for (const [id, markup] of Object.entries(JSON.parse(data))) waiting.set(id, markup); place(); };
document.addEventListener("selectionchange", place);
`;

/** Allows exactly this script, the page's own style, and asking this server for events. */
export const LIVE_POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash("sha256").update(LIVE_SCRIPT).digest("base64")}'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
