// HTML with everything escaped that is not written here: mail, CSV cells and server replies are hostile text.

declare const markup: unique symbol;
/** A piece of HTML that may stand in a page as it is. */
export type Html = string & { readonly [markup]: true };

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * Values are escaped; lists of pieces are joined.
 *
 * @example html`<td>${lead.name}</td>`
 */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | null | readonly Html[] | { readonly html: Html })[]
): Html {
  return String.raw({ raw: strings }, ...values.map(written)) as Html;
}

function written(value: string | number | null | readonly Html[] | { readonly html: Html }): string {
  if (value === null) return "";
  if (typeof value === "object") return "html" in value ? value.html : value.join("");
  return String(value).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

/** @param script runs after the page was read; its hash must stand in the page's policy */
export function page(title: string, body: Html, script?: string): Html {
  const scripted = script === undefined ? html`` : html`<script type="module">${{ html: script as Html }}</script>`;
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${{ html: STYLE }}</style></head><body><main>${{ html: body }}</main>${{ html: scripted }}</body></html>`;
}

const STYLE = html`
:root{color-scheme:light dark;--ink:#1c2430;--dim:#5b6675;--line:#e3e7ec;--ground:#f6f7f9;--card:#fff;--good:#0b6b3a;--warn:#8a5300;--bad:#a3242f;--accent:#1d4ed8}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--dim:#a2acba;--line:#2c343f;--ground:#12161c;--card:#1a2029;--good:#58d08f;--warn:#e6b35c;--bad:#f08a92;--accent:#8ab0ff}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground);margin:0}main{max-width:72rem;margin:0 auto;padding:1.5rem}
header{display:flex;gap:1rem;align-items:baseline;flex-wrap:wrap}h1{font-size:1.3rem;margin:0}h2{font-size:1rem;margin:2rem 0 .5rem}p{margin:.5rem 0}.dim,.t{color:var(--dim)}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.5rem}table{width:100%;border-collapse:collapse}
th,td{text-align:left;padding:.45rem .8rem;border-top:1px solid var(--line);vertical-align:top}tr>*{white-space:nowrap}td.w{white-space:normal;min-width:16rem}
th{color:var(--dim);font-weight:600;font-size:.85rem;border-top:0}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.pill{display:inline-block;padding:0 .55rem;border:1px solid currentColor;border-radius:1rem;font-size:.85rem;color:var(--ink)}
.pill.quiet{color:var(--dim);border-color:transparent;padding-left:0}.pill.good{color:var(--good)}.pill.warn{color:var(--warn)}.pill.bad{color:var(--bad)}.pill.ask{color:var(--ground);background:var(--accent);border-color:var(--accent)}
.notice{border-left:.25rem solid var(--bad);background:var(--card);padding:.5rem 1rem;margin:1rem 0}.notice.ask{border-color:var(--accent)}.notice ul{margin:.5rem 0;padding-left:1.2rem}code{font-size:.9em}
.lost{display:none;color:var(--bad)}[data-live=off] .lost{display:block}
button{font:inherit;padding:.6rem 1rem;border:0;border-radius:.3rem;background:var(--accent);color:var(--ground);cursor:pointer}
`;
