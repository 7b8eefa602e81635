// Names come from files and forms: whatever stands in them is text in the mail, never a template, a header or another recipient.
import { afterEach, beforeEach, expect, test } from "vitest";
import { only } from "../../src/store/database.ts";
import { type LiveMailbox, LiveOutreach } from "../support/live-outreach.ts";

const STEPS = { a: { subject: "Repairs at {{ company }}", body: "Hi {{ first_name }}, who looks after repairs at {{ company }}?" } };

let team: LiveOutreach;
let anna: LiveMailbox;

beforeEach(async () => {
  team = await LiveOutreach.begin();
  anna = await team.addMailbox("anna@team.example");
});
afterEach(() => team.end());

async function mailTo(lead: { firstName: string; company: string }) {
  await team.addLead({ email: "kim@bakery.example", ...lead });
  await team.start(team.campaign({ steps: STEPS }));
  await team.pass();
  return { mail: await team.lastMail(), accepted: only([...anna.smtp.accepted]) };
}

test.each([
  "{{ email }}",
  "{% assign x = 1 %}{{ x }}",
  "{Hello|Hi|Hey}",
  "<script>alert(1)</script>",
  "Müller & Söhne <GmbH>",
  "=?utf-8?Q?=0D=0ABcc:_eve@evil.example?=",
  "%0d%0aBcc: eve@evil.example",
  "a\tb",
])("%s stays as it is in subject and body", async (name) => {
  const { mail, accepted } = await mailTo({ firstName: name, company: name });
  expect(mail.subject.replaceAll(/\s+/g, " ")).toBe(`Repairs at ${name}`.replaceAll(/\s+/g, " "));
  expect(mail.text).toContain(`Hi ${name}, who looks after repairs at ${name}?`);
  expect(accepted.to).toEqual(["kim@bakery.example"]);
});

test.each([
  "Kim\r\nBcc: eve@evil.example",
  "Kim\nBcc: eve@evil.example\n\nAnother body",
  "Kim\rBcc: eve@evil.example",
  "Kim\u2028Bcc: eve@evil.example",
  "Kim\r\n.\r\nMAIL FROM:<eve@evil.example>",
])("a line break in a name adds no header, recipient or mail: %j", async (name) => {
  const { mail, accepted } = await mailTo({ firstName: name, company: name });
  const [head = ""] = accepted.raw.split("\r\n\r\n");
  expect([...mail.headers.keys()].filter((key) => /^(?:bcc|mail from)/i.test(key))).toEqual([]);
  expect(head).not.toMatch(/^(?:bcc|mail from)/im);
  expect(head).not.toMatch(/[^\r]\n|\r[^\n]/);
  expect(mail.subject).toMatch(/^Repairs at Kim/);
  expect(mail.subject).not.toMatch(/[\r\n]/);
  expect(anna.smtp.accepted.flatMap(({ to, from }) => [from, ...to])).toEqual(["anna@team.example", "kim@bakery.example"]);
});
