// What exactly will this lead receive? The one composer: what a preview shows is what is sent.
import { hash } from "node:crypto";
import type { Instant } from "../core/instant.ts";
import { mergeValues } from "../core/merge-values.ts";
import { optOutMailto, signOptOut } from "../core/opt-out-token.ts";
import { composeFields, feedbackId, type OutgoingFields } from "../core/outgoing-message.ts";
import { plusAddress, plusAddressToken } from "../core/reply-address.ts";
import { type Rendered, renderTemplate, type TemplateValues } from "../core/template.ts";
import { composeMime } from "../mail/compose.ts";
import type { ClaimedMessage, RenderedMessage } from "../store/message-text.ts";
import type { Keys } from "./agent.ts";

/** Who writes: of a store/mailbox.ts `Mailbox` what a mail shows. */
export interface MessageSender {
  readonly email: string;
  readonly identityKey: string;
  readonly fromName: string | null;
  /** Where answers are read when `email` is a relay's that nobody reads. */
  readonly replyTo?: string | null;
  /** Answers go to an address that names the mail (core/reply-address.ts). */
  readonly plusAddress?: boolean;
}

/** What a step would say to a lead: a claimed message without its row. */
export type StepDraft = Pick<ClaimedMessage, "recipient" | "variant" | "lead" | "campaign" | "thread">;

export type Unwritten = Readonly<{ ok: false; code: "missing_variable" | "template_invalid"; variable?: string; message: string }>;

/** What a person is shown of a mail that was not sent. */
export type Preview = Pick<OutgoingFields, "subject" | "text" | "html" | "headers">;

/**
 * The bytes of a claimed message, with its signed opt-out link.
 *
 * @param publicUrl where recipients reach this server; without https a mail offers mailto and "reply STOP"
 */
export function renderMessage(
  keys: Pick<Keys, "optOut" | "replyAddress">,
  publicUrl: string | null,
  sender: MessageSender,
  claimed: ClaimedMessage,
  at: Instant,
): { readonly ok: true; readonly rendered: RenderedMessage } | Unwritten {
  const { workspaceId, id, campaignId, messageId } = claimed;
  const token = signOptOut(keys.optOut, { workspaceId, messageId: id, campaignId });
  const replyTo = replyToOf(keys, sender, messageId);
  const written = write(sender, claimed, { messageId, token, replyTo, publicUrl, feedbackId: feedbackIdOf(sender, claimed), at });
  if (!written.ok) return written;
  const { subject, inReplyTo } = written.fields;
  return { ok: true, rendered: { id, subject, inReplyTo, raw: composeMime(written.fields) } };
}

/** What a step would say to a lead now. Its opt-out link names nobody and opts nobody out. */
export function previewStep(
  publicUrl: string | null,
  sender: MessageSender,
  draft: StepDraft,
  at: Instant,
): { readonly ok: true; readonly preview: Preview } | Unwritten {
  const identity = { messageId: `<preview@${domainOf(sender)}>`, token: "preview", replyTo: sender.replyTo ?? null, feedbackId: null };
  const written = write(sender, draft, { ...identity, publicUrl, at });
  if (!written.ok) return written;
  const { subject, text, html, headers } = written.fields;
  return { ok: true, preview: { subject, text, html, headers } };
}

interface Identity {
  readonly messageId: string;
  readonly token: string;
  readonly replyTo: string | null;
  readonly publicUrl: string | null;
  readonly feedbackId: string | null;
  readonly at: Instant;
}

function write(sender: MessageSender, draft: StepDraft, identity: Identity): { ok: true; fields: OutgoingFields } | Unwritten {
  const values = mergeValues(draft.lead, draft.campaign.mergeDefaults, { name: sender.fromName, email: sender.email });
  const words = renderWords(draft.variant, values);
  if (!words.ok) return words;
  const { messageId, replyTo, at, feedbackId } = identity;
  const fields = composeFields({
    messageId,
    at,
    feedbackId,
    from: { name: sender.fromName, address: sender.email },
    replyTo,
    to: draft.recipient,
    subject: words.subject,
    text: words.text,
    html: words.html,
    thread: draft.thread,
    postalAddress: draft.campaign.postalAddress,
    optOut: optOutOf(sender, draft, identity),
    language: values["language"] ?? null,
  });
  return fields
    ? { ok: true, fields }
    : { ok: false, code: "template_invalid", message: "The mail has no subject, and none went before it." };
}

type Words = { readonly ok: true; readonly subject: string | null; readonly text: string; readonly html: string | null };

function renderWords({ subject, bodyText, bodyHtml }: StepDraft["variant"], values: TemplateValues): Words | Unwritten {
  const [line, text, html] = [rendered(subject, values, "text"), rendered(bodyText, values, "text"), rendered(bodyHtml, values, "html")];
  if (!line.ok) return line;
  if (!text.ok) return text;
  if (!html.ok) return html;
  return { ok: true, subject: line.text, text: text.text ?? "", html: html.text };
}

function rendered(
  source: string | null,
  values: TemplateValues,
  escape: "text" | "html",
): Rendered | { readonly ok: true; readonly text: null } {
  return source === null ? { ok: true, text: null } : renderTemplate(source, values, { escape });
}

/** Where answers are read; with the token of the mail where the address has room for it. */
function replyToOf({ replyAddress }: Pick<Keys, "replyAddress">, sender: MessageSender, messageId: string): string | null {
  const read = sender.replyTo ?? null;
  if (!sender.plusAddress) return read;
  return plusAddress(read ?? sender.email, plusAddressToken(replyAddress, messageId)) ?? read;
}

/** The link only over https and where the campaign wants it; the mailto always, to whoever reads the answers. */
function optOutOf(sender: MessageSender, { campaign }: StepDraft, { publicUrl, token }: Identity): { url: string | null; mailto: string } {
  const base = campaign.optOut === "link" && publicUrl?.startsWith("https://") ? publicUrl.replace(/\/+$/, "") : null;
  return {
    url: base === null ? null : `${base}/u/${token}`,
    mailto: optOutMailto(sender.replyTo ?? sender.identityKey, token),
  };
}

/** The ends of our ids, which differ most; the sender by its domain, as Gmail counts by it over all campaigns. */
function feedbackIdOf(sender: MessageSender, { campaignId, stepId, kind }: ClaimedMessage): string {
  const domain = hash("sha256", domainOf(sender)).slice(0, 12);
  return feedbackId((campaignId ?? "").slice(-12), (stepId ?? "").slice(-12), kind, domain);
}

function domainOf({ identityKey }: MessageSender): string {
  return identityKey.slice(identityKey.lastIndexOf("@") + 1);
}
