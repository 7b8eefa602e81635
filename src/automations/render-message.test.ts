import fc from "fast-check";
import { expect, test } from "vitest";
import type { CampaignId, MessageId, StepId, WorkspaceId } from "../core/ids.ts";
import { deriveKeys } from "../core/keys.ts";
import { readOptOut } from "../core/opt-out-token.ts";
import { plusAddressToken } from "../core/reply-address.ts";
import { parseMail } from "../mail/parse.ts";
import type { ClaimedMessage } from "../store/message-text.ts";
import { type MessageSender, previewStep, renderMessage, type StepDraft } from "./render-message.ts";

const keys = deriveKeys(Buffer.alloc(32, 1));
const at = new Date("2026-03-02T09:30:00Z");
const URL_BASE = "https://mail.team.example";
const sender: MessageSender = { email: "Anna@Team.example", identityKey: "anna@team.example", fromName: "Anna Berger" };
const draft: StepDraft = {
  recipient: "lee@lead.example",
  variant: {
    subject: "Repairs at {{ company }}",
    bodyText: "Hi {{ first_name }},\nhow are the {{ machines }}?",
    bodyHtml: "<p>Hi {{ first_name }}</p>",
  },
  lead: { email: "lee@lead.example", firstName: "Lee", lastName: null, company: "Acme & Sons", title: null, phone: null, custom: {} },
  campaign: { name: "Repairs", postalAddress: "Team GmbH, Berlin", optOut: "link", mergeDefaults: { machines: "ovens" } },
  thread: [],
};

const claimed = (more: Partial<StepDraft> = {}): ClaimedMessage =>
  ({
    ...draft,
    ...more,
    kind: "step",
    workspaceId: "0198c0de-0000-7000-8000-000000000001" as WorkspaceId,
    id: "0198c0de-0000-7000-8000-000000000002" as MessageId,
    campaignId: "0198c0de-0000-7000-8000-000000000003" as CampaignId,
    stepId: "0198c0de-0000-7000-8000-000000000004" as StepId,
    messageId: "<0123456789abcdef0123456789abcdef@team.example>",
  }) as ClaimedMessage;

async function sent(more: Partial<StepDraft> = {}, publicUrl: string | null = URL_BASE, from = sender) {
  const result = renderMessage(keys, publicUrl, from, claimed(more), at);
  if (!result.ok) throw new Error(result.message);
  return { rendered: result.rendered, mail: await parseMail(result.rendered.raw) };
}

test("a claimed message becomes a mail with the lead's values and the campaign's defaults", async () => {
  const { rendered, mail } = await sent();
  expect(rendered).toMatchObject({ id: claimed().id, subject: "Repairs at Acme & Sons", inReplyTo: null });
  expect(mail).toMatchObject({
    messageId: claimed().messageId,
    date: at,
    subject: rendered.subject,
    from: { name: "Anna Berger", address: "Anna@team.example" },
  });
  expect(mail.text).toMatch(/^Hi Lee,\nhow are the ovens\?\n\nTeam GmbH, Berlin\nUnsubscribe: https/);
  expect(mail.headers.get("x-marketing-agent-message")).toEqual([claimed().messageId]);
  expect(mail.headers.get("feedback-id")?.[0]).toMatch(/^000000000003:000000000004:step:[0-9a-f]{12}$/);
});

test("its opt-out link and mailto name the message, and nobody", async () => {
  const { mail } = await sent();
  const [, link = "", mailed = ""] =
    /<https:\/\/mail\.team\.example\/u\/([^>]+)>, <mailto:anna@team\.example\?subject=unsubscribe%20([^>]+)>/.exec(
      mail.headers.get("list-unsubscribe")?.[0] ?? "",
    ) ?? [];
  const { workspaceId, id, campaignId } = claimed();
  expect(readOptOut(keys.optOut, link)).toEqual({ workspaceId, messageId: id, campaignId });
  expect(mailed).toBe(link);
  expect(mail.text).toContain(`Unsubscribe: ${URL_BASE}/u/${link}`);
  expect(mail.html).toContain(`href="${URL_BASE}/u/${link}"`);
});

test.each([
  ["the campaign asks for replies", { campaign: { ...draft.campaign, optOut: "reply" as const } }, URL_BASE],
  ["there is no public address", {}, null],
  ["the public address is not https", {}, "http://mail.team.example"],
])("where %s, the mail offers STOP and the mailto", async (_, more, publicUrl) => {
  const { mail } = await sent(more, publicUrl);
  expect(mail.text).toContain("reply STOP.");
  expect(mail.headers.get("list-unsubscribe")?.[0]).toMatch(/^<mailto:anna@team\.example\?subject=unsubscribe%20[\w-]{88}>$/);
  expect(mail.headers.has("list-unsubscribe-post")).toBe(false);
});

test("a slash at the end of the public address makes no difference", async () => {
  expect((await sent({}, `${URL_BASE}/`)).rendered.raw).toEqual((await sent()).rendered.raw);
});

test("a follow-up answers the mail before it", async () => {
  const thread = [{ messageId: "<m1@team.example>", subject: "Repairs at Acme" }];
  const { rendered, mail } = await sent({ thread, variant: { ...draft.variant, subject: null } });
  expect(rendered).toMatchObject({ subject: "Re: Repairs at Acme", inReplyTo: "<m1@team.example>" });
  expect(mail).toMatchObject({ subject: "Re: Repairs at Acme", inReplyTo: ["<m1@team.example>"], references: ["<m1@team.example>"] });
});

test("answers and opt-outs of a relay's mail go to the mailbox that is read", async () => {
  const { mail } = await sent({}, null, { ...sender, replyTo: "answers@team.example" });
  expect(mail.replyTo).toEqual([{ address: "answers@team.example", name: "" }]);
  expect(mail.headers.get("list-unsubscribe")?.[0]).toContain("mailto:answers@team.example?");
});

test("where answers may name the mail, they go to an address with its token, and opt-outs to the plain one", async () => {
  const token = plusAddressToken(keys.replyAddress, claimed().messageId);
  const { mail } = await sent({}, null, { ...sender, plusAddress: true });
  expect(mail.replyTo).toEqual([{ address: `Anna+${token}@team.example`, name: "" }]);
  const relay = await sent({}, null, { ...sender, replyTo: "answers@team.example", plusAddress: true });
  expect(relay.mail.replyTo).toEqual([{ address: `answers+${token}@team.example`, name: "" }]);
  expect(relay.mail.headers.get("list-unsubscribe")?.[0]).toContain("mailto:answers@team.example?");
  const noRoom = await sent({}, null, { ...sender, replyTo: `${"a".repeat(60)}@team.example`, plusAddress: true });
  expect(noRoom.mail.replyTo).toEqual([{ address: `${"a".repeat(60)}@team.example`, name: "" }]);
});

test("a value named language sets the language of the opt-out line", async () => {
  const german = await sent({ campaign: { ...draft.campaign, mergeDefaults: { ...draft.campaign.mergeDefaults, language: "de" } } });
  expect(german.mail.text).toContain("Abmelden: https");
  const french = await sent({ lead: { ...draft.lead, custom: { language: "fr" } } });
  expect(french.mail.text).toContain("Se désinscrire : https".replace(" :", ":"));
});

test("what cannot be written says why, and makes no mail", () => {
  const unwritten = (variant: Partial<StepDraft["variant"]>) =>
    renderMessage(keys, URL_BASE, sender, claimed({ variant: { ...draft.variant, ...variant } }), at);
  expect(unwritten({ bodyText: "Dear {{ last_name }}" })).toMatchObject({ ok: false, code: "missing_variable", variable: "last_name" });
  expect(unwritten({ bodyHtml: "{{ phone }}" })).toMatchObject({ ok: false, code: "missing_variable", variable: "phone" });
  expect(unwritten({ subject: "{% for %}" })).toMatchObject({ ok: false, code: "template_invalid" });
  expect(unwritten({ subject: null })).toMatchObject({ ok: false, code: "template_invalid" });
});

test("a preview shows what would be sent, with a link that opts nobody out", async () => {
  const shown = previewStep(URL_BASE, sender, draft, at);
  if (!shown.ok) throw new Error(shown.message);
  const { rendered, mail } = await sent();
  const [, token = ""] = /\/u\/([\w-]{88})/.exec(mail.text) ?? [];
  expect(shown.preview.subject).toBe(rendered.subject);
  expect(shown.preview.text.trim()).toBe(mail.text.trim().replace(token, "preview"));
  expect(shown.preview.html?.trim()).toBe(mail.html?.trim().replace(token, "preview"));
  expect(readOptOut(keys.optOut, "preview")).toBeNull();
  expect(previewStep(URL_BASE, sender, { ...draft, lead: { ...draft.lead, firstName: null } }, at)).toMatchObject({
    code: "missing_variable",
  });
});

test("whatever a lead's values are, they end up in the text and nowhere else", async () => {
  const value = fc.string({ unit: "binary", maxLength: 60 }).map((text) => `x${text}\r\nBcc: evil@x.example\r\n\r\n<script>`);
  await fc.assert(
    fc.asyncProperty(value, value, async (firstName, company) => {
      const { mail } = await sent({ lead: { ...draft.lead, firstName, company } });
      const plain = await sent();
      expect([...mail.headers.keys()]).toEqual([...plain.mail.headers.keys()]);
      expect(mail.to).toEqual([{ address: "lee@lead.example", name: "" }]);
      expect(mail.html).not.toContain("<script");
      expect(mail.parts).toHaveLength(2);
    }),
    { numRuns: 100 },
  );
});
