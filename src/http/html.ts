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

export function page(title: string, body: Html): Html {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>
:root{color-scheme:light dark;--ink:#1c2430;--dim:#5b6675;--line:#d9dee5;--ground:#f6f7f9;--card:#fff;--good:#0b6b3a;--accent:#1d4ed8}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--dim:#a2acba;--line:#333b47;--ground:#12161c;--card:#1a2029;--good:#58d08f;--accent:#8ab0ff}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground);margin:0}main{max-width:70rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.4rem;margin:0 0 .25rem}h2{font-size:1rem;margin:2rem 0 .5rem}p{margin:.5rem 0}.dim{color:var(--dim)}
table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line)}th,td{text-align:left;padding:.45rem .7rem;border-top:1px solid var(--line);vertical-align:top}
th{color:var(--dim);font-weight:600;border-top:0}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.scroll{overflow-x:auto}
button{font:inherit;padding:.6rem 1rem;border:0;border-radius:.3rem;background:var(--accent);color:var(--ground);cursor:pointer}
</style></head><body><main>${{ html: body }}</main></body></html>`;
}
