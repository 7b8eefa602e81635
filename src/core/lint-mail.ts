// What would embarrass us in a campaign's mails? Looked for before the first one goes out, from the texts and from what some leads would receive.
import { quoted } from "./dns-answer.ts";
import { renderTemplate, type TemplateValues, templateVariables } from "./template.ts";
import type { NamedText } from "./template-problems.ts";

export type LintCode = "size" | "link" | "subject" | "values";

export interface LintFinding {
  readonly code: LintCode;
  /** A `stop` keeps the campaign from starting. */
  readonly weight: "stop" | "warning";
  readonly sentence: string;
}

/** What a step would say to a lead. */
export interface SampleMail {
  /** For people: `Main: question`. */
  readonly step: string;
  readonly lead: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
}

const KB = 1_024;
/** Gmail shows 102 KB of a mail and hides the rest behind "View entire message": the footer with the opt-out stands there. */
const CLIPPED_KB = 102;
/** Longer names and texts than those of the leads we looked at. */
const NEARLY_CLIPPED_KB = 90;

/** The part that Gmail shows, with its footer: the largest of each step. */
export function lintSizes(samples: readonly SampleMail[]): LintFinding[] {
  return [...Map.groupBy(samples, (sample) => sample.step)].flatMap(([step, mails]): LintFinding[] => {
    const bytes = Math.max(...mails.map(({ html, text }) => Buffer.byteLength(html ?? text)));
    const size = `${step}: the mail has ${Math.ceil(bytes / KB)} KB`;
    if (bytes > CLIPPED_KB * KB)
      return [{ code: "size", weight: "stop", sentence: `${size}; Gmail hides what comes after ${CLIPPED_KB} KB, and so the opt-out.` }];
    if (bytes < NEARLY_CLIPPED_KB * KB) return [];
    return [{ code: "size", weight: "warning", sentence: `${size}, close to the ${CLIPPED_KB} KB after which Gmail hides the opt-out.` }];
  });
}

/** Links that are broken whoever receives them. */
export function lintLinks(texts: readonly NamedText[]): LintFinding[] {
  return texts.flatMap(({ name, text }) =>
    brokenLinks(text.bodyHtml, text.bodyText)
      .filter((link) => !link.includes("{"))
      .map((link) => ({
        code: "link",
        weight: "stop",
        sentence: `${name}: the link ${quoted(link)} leads nowhere; it must be a whole https address.`,
      })),
  );
}

/** Links that a lead's values break; those that are broken in the texts themselves are lintLinks' to tell. */
export function lintSampleLinks(samples: readonly SampleMail[], texts: readonly NamedText[]): LintFinding[] {
  const known = new Map(texts.map(({ name, text }) => [name, new Set(brokenLinks(text.bodyHtml, text.bodyText))]));
  return [...Map.groupBy(samples, (sample) => sample.step)].flatMap(([step, mails]): LintFinding[] => {
    const broken = mails.flatMap(({ lead, html, text }) => brokenLinks(html, text).map((link) => ({ lead, link })));
    const first = broken.find(({ link }) => !known.get(step)?.has(link));
    if (!first) return [];
    return [{ code: "link", weight: "warning", sentence: `${step}: to ${first.lead} the link ${quoted(first.link)} leads nowhere.` }];
  });
}

const HREF = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;
const WRITTEN = /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s<>"'()[\]]*|\bhttps?(?::(?!\/\/)|\/\/)[^\s<>"'()[\]]+/gi;

/** In the text only what looks like a link; in the HTML every `href`. */
function brokenLinks(html: string | null, text: string): string[] {
  const hrefs = [...(html ?? "").matchAll(HREF)].map(([, double, single, bare]) =>
    (double ?? single ?? bare ?? "").replaceAll("&amp;", "&"),
  );
  const written = [...text.matchAll(WRITTEN)].map(([link]) => link.replace(/[.,;:!?]{1,20}$/, ""));
  return [...new Set([...hrefs.filter((href) => !isWhole(href)), ...written.filter((link) => !isWeb(link))])];
}

function isWhole(href: string): boolean {
  const link = href.trim();
  return link.startsWith("#") || /^(?:mailto|tel|sms):\S/i.test(link) || isWeb(link);
}

function isWeb(link: string): boolean {
  if (!/^https?:\/\/\S+$/i.test(link) || !URL.canParse(link)) return false;
  const { hostname } = new URL(link);
  return hostname.includes(".") && !hostname.endsWith(".") && !hostname.includes("..");
}

/** The variables without which a text cannot be written, whatever else a lead has: an `if` or a `default` around one makes it dispensable. */
export function neededVariables(source: string, complete: TemplateValues): string[] {
  return templateVariables(source).filter((name) => {
    if (!Object.hasOwn(complete, name)) return false;
    const rest = Object.fromEntries(Object.entries(complete).filter(([one]) => one !== name));
    const rendered = renderTemplate(source, rest, { escape: "text" });
    return !rendered.ok && rendered.code === "missing_variable" && rendered.variable === name;
  });
}

export interface Lacking {
  readonly variable: string;
  readonly leads: number;
  /** Addresses of the first ones. */
  readonly first: readonly string[];
}

/** Such a mail is not sent: its lead's sequence ends as failed. */
export function lintValues(step: string, lacking: readonly Lacking[]): LintFinding[] {
  return lacking.map(({ variable, leads, first }) => {
    const who = `${first.join(", ")}${leads > first.length ? " …" : ""}`;
    const lack = leads === 1 ? "1 lead lacks" : `${leads} leads lack`;
    const sentence = `${step}: ${lack} \`${variable}\`, which has no default, and will not get this mail: ${who}.`;
    return { code: "values", weight: "warning", sentence };
  });
}
