import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composeFields, deriveMessageId, feedbackId, type OutgoingInput } from "./outgoing-message.ts";

const input: OutgoingInput = {
  messageId: "<m3@team.example>",
  at: new Date("2026-03-02T09:30:00Z"),
  from: { name: "Anna Berger", address: "anna@team.example" },
  replyTo: null,
  to: "lee@lead.example",
  subject: "Repairs at Acme",
  text: "Hi Lee,\nhow are the ovens?\n\n",
  html: null,
  thread: [],
  postalAddress: "Team GmbH\nBerlin & Bonn",
  optOut: { url: "https://mail.team.example/u/TOKEN", mailto: "mailto:anna@team.example?subject=unsubscribe%20TOKEN" },
  language: null,
  feedbackId: "c:s:step:d",
};
const fields = (more: Partial<OutgoingInput> = {}) => composeFields({ ...input, ...more });
const header = (name: string, more: Partial<OutgoingInput> = {}) => fields(more)?.headers.find(([key]) => key === name)?.[1];
const sent = (...subjects: (string | null)[]) => subjects.map((subject, index) => ({ messageId: `<m${index}@team.example>`, subject }));

test("the same step of the same lead always has the same Message-ID, and no other has it", () => {
  const key = Buffer.alloc(32, 1);
  const intents = fc.record({ enrollmentId: fc.uuid(), visit: fc.nat(9), lineage: fc.string() });
  fc.assert(
    fc.property(intents, intents, (one, two) => {
      const [a, b] = [deriveMessageId(key, one, "team.example"), deriveMessageId(key, two, "team.example")];
      expect(a).toMatch(/^<[0-9a-f]{32}@team\.example>$/);
      expect(deriveMessageId(key, { ...one }, "team.example")).toBe(a);
      expect(a === b).toBe(JSON.stringify(one) === JSON.stringify(two));
      expect(deriveMessageId(Buffer.alloc(32, 2), one, "team.example")).not.toBe(a);
    }),
  );
});

test("a mail with a subject of its own begins a thread", () => {
  expect(fields({ thread: sent("Before") })).toMatchObject({ subject: "Repairs at Acme", inReplyTo: null, references: [] });
});

test("a follow-up answers the last mail, under the first one's subject with one Re:", () => {
  const followUp = fields({ subject: null, thread: sent("Repairs", "Re: Repairs", null) });
  expect(followUp).toMatchObject({ subject: "Re: Repairs", inReplyTo: "<m2@team.example>" });
  expect(followUp?.references).toEqual(["<m0@team.example>", "<m1@team.example>", "<m2@team.example>"]);
  expect(fields({ subject: null, thread: sent("RE: re: Repairs") })?.subject).toBe("Re: Repairs");
});

test("a follow-up belongs to the thread of the mail before it, not to an older one", () => {
  const followUp = fields({ subject: null, thread: sent("Repairs", "Re: Repairs", "Another matter", "Re: Another matter") });
  expect(followUp).toMatchObject({ subject: "Re: Another matter", references: ["<m2@team.example>", "<m3@team.example>"] });
});

describe("after an answer", () => {
  const [m0, m1, m2] = sent("Repairs", "Re: Repairs", "Another matter").map((mail) => mail.messageId);
  const answer = (messageId: string, answers: string | undefined) => ({ messageId, subject: null, answers: answers ?? "" });
  const followUp = (...thread: OutgoingInput["thread"]) => fields({ subject: null, thread });

  test("a mail answers the answer, under our own subject, and names all mails of the thread in order of time", () => {
    const thread = [...sent("Repairs"), answer("<yes@lead.example>", m0)];
    expect(followUp(...thread)).toMatchObject({
      subject: "Re: Repairs",
      inReplyTo: "<yes@lead.example>",
      references: [m0, "<yes@lead.example>"],
    });
    const later = [...thread, { messageId: "<call@team.example>", subject: "Re: Repairs" }];
    expect(followUp(...later)).toMatchObject({
      inReplyTo: "<call@team.example>",
      references: [m0, "<yes@lead.example>", "<call@team.example>"],
    });
  });

  test("to an older thread, a mail goes on in that one, and later ones stay there", () => {
    const thread = [...sent("Repairs", "Re: Repairs", "Another matter"), answer("<yes@lead.example>", m1)];
    expect(followUp(...thread)).toMatchObject({ subject: "Re: Repairs", references: [m0, m1, "<yes@lead.example>"] });
    const later = [...thread, { messageId: "<call@team.example>", subject: "Re: Repairs" }];
    expect(followUp(...later)?.references).toEqual([m0, m1, "<yes@lead.example>", "<call@team.example>"]);
    expect(followUp(...thread, answer("<other@lead.example>", m2))).toMatchObject({
      subject: "Re: Another matter",
      references: [m2, "<other@lead.example>"],
    });
  });

  test("to a mail that is not in the ledger, a mail answers the last of ours", () => {
    expect(followUp(...sent("Repairs"), answer("<yes@lead.example>", "<gone@team.example>"))).toMatchObject({ inReplyTo: m0 });
  });

  test("a mail with a subject of its own still begins a thread", () => {
    expect(fields({ thread: [...sent("Repairs"), answer("<yes@lead.example>", m0)] })).toMatchObject({ inReplyTo: null, references: [] });
  });

  test.each([
    "no brackets@lead.example",
    "<two words@lead.example>",
    "<a@lead.example> <b@lead.example>",
    "<a@lead.example>\r\nBcc: evil@x.example",
    "<nothing>",
    "<@lead.example>",
    "<küche@lead.example>",
    "<a\u0000@lead.example>",
    `<${"x".repeat(250)}@lead.example>`,
    "<m0@team.example>",
    "",
  ])("its Message-ID %j is left out", (messageId) => {
    expect(followUp(...sent("Repairs"), answer(messageId, m0))).toMatchObject({ inReplyTo: m0, references: [m0] });
  });

  test("whatever strangers write, the header fields hold Message-IDs and no more than twenty of them", () => {
    const hostile = fc.array(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.string().map((text) => `<${text}@x>`),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(hostile, (ids) => {
        const made = followUp(...sent("Repairs"), ...ids.map((id) => answer(id, m0)));
        expect(made?.references.length).toBeLessThanOrEqual(20);
        expect(made?.references[0]).toBe(m0);
        expect(made?.references.at(-1)).toBe(made?.inReplyTo);
        for (const id of made?.references ?? []) expect(id).toMatch(/^<[^<>\s\p{Cc}]+@[^<>\s\p{Cc}]+>$/u);
      }),
    );
  });
});

test("a long thread keeps its first mail and its latest", () => {
  const { references } = fields({ subject: null, thread: sent(...Array.from({ length: 50 }, () => "Repairs")) }) ?? {};
  expect(references).toHaveLength(20);
  expect([references?.[0], references?.[1], references?.at(-1)]).toEqual(["<m0@team.example>", "<m31@team.example>", "<m49@team.example>"]);
});

test("a follow-up to nothing cannot be written, nor a mail whose subject is blank", () => {
  expect(fields({ subject: null })).toBeNull();
  expect(fields({ subject: " \r\n " })).toBeNull();
  expect(fields({ subject: null, thread: sent(null) })).toBeNull();
});

test("a link offers one click over https and a mailto; without a link only the mailto", () => {
  expect(header("List-Unsubscribe")).toBe("<https://mail.team.example/u/TOKEN>, <mailto:anna@team.example?subject=unsubscribe%20TOKEN>");
  expect(header("List-Unsubscribe-Post")).toBe("List-Unsubscribe=One-Click");
  const optOut = { ...input.optOut, url: null };
  expect(header("List-Unsubscribe", { optOut })).toBe("<mailto:anna@team.example?subject=unsubscribe%20TOKEN>");
  expect(header("List-Unsubscribe-Post", { optOut })).toBeUndefined();
});

test("our own header names the mail, whatever a relay makes of its Message-ID", () => {
  expect(header("x-marketing-agent-message")).toBe("<m3@team.example>");
  expect(header("Feedback-ID")).toBe("c:s:step:d");
  expect(header("Feedback-ID", { feedbackId: null })).toBeUndefined();
});

test("the text ends with the postal address and the way out", () => {
  expect(fields()?.text).toBe("Hi Lee,\nhow are the ovens?\n\nTeam GmbH\nBerlin & Bonn\nUnsubscribe: https://mail.team.example/u/TOKEN\n");
  expect(fields({ optOut: { ...input.optOut, url: null }, postalAddress: null })?.text).toBe(
    "Hi Lee,\nhow are the ovens?\n\nIf you would rather not hear from me, reply STOP.\n",
  );
});

test.each(["en", "de", "fr", "es", "pt", "it", "nl"])("in %s the way out keeps the word STOP", (language) => {
  const text = fields({ language, optOut: { ...input.optOut, url: null } })?.text ?? "";
  expect(text).toMatch(/\bSTOP\.\n$/);
  expect(text.includes("rather not hear")).toBe(language === "en");
});

test("a language is read in every spelling; an unknown one is English", () => {
  expect(fields({ language: " DE-at " })?.text).toContain("Abmelden: https");
  expect(fields({ language: "pt_BR" })?.text).toContain("Cancelar inscrição: https");
  for (const language of ["xx", "constructor", "__proto__", ""]) expect(fields({ language })?.text).toContain("Unsubscribe: https");
});

test("HTML carries the same at the end of its body, escaped", () => {
  expect(fields({ html: "<html><body><p>Hi</p></BODY></html>" })?.html).toMatchInlineSnapshot(`
    "<html><body><p>Hi</p><div style="margin-top:24px;font-size:12px;line-height:1.5;color:#666666">
    Team GmbH<br>
    Berlin &amp; Bonn<br>
    <a href="https://mail.team.example/u/TOKEN">Unsubscribe</a>
    </div>
    </BODY></html>"
  `);
  expect(fields({ html: "<p>Hi</p>" })?.html).toMatch(
    /^<p>Hi<\/p>\n<div style=[^>]*>\nTeam GmbH<br>\nBerlin &amp; Bonn<br>\n<a href="https:/,
  );
});

test("no subject and no name of a sender holds a line break or a control character, and none is longer than a line", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (text) => {
      const made = fields({ subject: `x${text}`, from: { name: text, address: "anna@team.example" } });
      for (const line of [made?.subject ?? "", made?.from.name ?? ""]) {
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(line.isWellFormed()).toBe(true);
        expect(Array.from(line).length).toBeLessThanOrEqual(250);
      }
    }),
  );
});

test("a Feedback-ID has four parts, whatever they are made of", () => {
  expect(feedbackId("a:b", "c d", "step", "e\r\nf")).toBe("ab:cd:step:ef");
});
