import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import fc from "fast-check";
import { dkimVerify } from "mailauth";
import { describe, expect, test } from "vitest";
import { AgentError } from "../core/errors.ts";
import type { OutgoingFields } from "../core/outgoing-message.ts";
import { composeMime } from "./compose.ts";
import { type DkimSigner, isSignedBy, signMail } from "./dkim.ts";
import { dkimRecordValue, makeSigningKey, pemOf, proveSigningKey, publicKeyOf, readSigningKey } from "./dkim-key.ts";

const at = new Date("2026-03-04T09:00:00Z");
const key = await makeSigningKey();
const signer: DkimSigner = { domain: "team.example", selector: "ma1", key };

const FIELDS: OutgoingFields = {
  messageId: "<1@team.example>",
  date: at,
  from: { name: "Anna Ä", address: "anna@team.example" },
  replyTo: "replies@team.example",
  to: "kim@bakery.example",
  subject: "Réparations, a subject that is long enough to be folded over several lines of the header, as some are",
  inReplyTo: "<0@team.example>",
  references: ["<0@team.example>"],
  headers: [
    ["List-Unsubscribe", "<https://team.example/u/1>, <mailto:anna@team.example?subject=unsubscribe%201>"],
    ["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"],
    ["Feedback-ID", "c:s:step:t"],
  ],
  text: "Hello\n",
  html: null,
};

const verified = async (mail: Buffer, publicKey = publicKeyOf(key)) => {
  const asked: string[] = [];
  const resolver = (name: string) => {
    asked.push(name);
    return Promise.resolve([[dkimRecordValue(publicKey)]]);
  };
  const { results } = await dkimVerify(mail, { resolver });
  return { result: results[0]?.status.result, results, asked };
};

describe("a signed mail", () => {
  test("verifies with another implementation, under the record's name, and is the same mail behind its signature", async () => {
    const raw = composeMime(FIELDS);
    const signed = await signMail(raw, signer, at);
    const { result, asked, results } = await verified(signed);
    expect(result).toBe("pass");
    expect(results).toHaveLength(1);
    expect(asked).toEqual(["ma1._domainkey.team.example"]);
    expect(signed.subarray(signed.length - raw.length).equals(raw)).toBe(true);
    expect(isSignedBy(signed, signer)).toBe(true);
    expect(isSignedBy(raw, signer)).toBe(false);
  });

  test("covers what one click needs, and what complaints are counted by", async () => {
    const signed = (await signMail(composeMime(FIELDS), signer, at)).toString("latin1");
    const named = /h=([^;]+);/.exec(signed)?.[1]?.replace(/\s/g, "").split(":") ?? [];
    expect(named).toEqual(expect.arrayContaining(["list-unsubscribe", "list-unsubscribe-post", "feedback-id", "content-type"]));
    expect(signed.split("\r\n").every((line) => line.length <= 78)).toBe(true);
  });

  test.each([
    ["List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", ""],
    ["Feedback-ID: c:s:step:t", "Feedback-ID: x:s:step:t"],
    ["Hello", "Hullo"],
  ])("no longer verifies when %j becomes %j", async (from, to) => {
    const signed = (await signMail(composeMime(FIELDS), signer, at)).toString("latin1");
    expect(signed).toContain(from);
    expect((await verified(Buffer.from(signed.replace(from, to), "latin1"))).result).not.toBe("pass");
  });

  test.each(["From: eve@elsewhere.example", "Subject: Another", "Reply-To: eve@elsewhere.example"])(
    "no longer verifies with a second field in front: %s",
    async (added) => {
      const signed = await signMail(composeMime(FIELDS), signer, at);
      expect((await verified(Buffer.concat([Buffer.from(`${added}\r\n`), signed]))).result).not.toBe("pass");
    },
  );

  test("does not verify against another key", async () => {
    const other = publicKeyOf(await makeSigningKey());
    expect((await verified(await signMail(composeMime(FIELDS), signer, at), other)).result).not.toBe("pass");
  });

  test("has the same bytes whenever it is signed", async () => {
    const raw = composeMime(FIELDS);
    expect((await signMail(raw, signer, at)).equals(await signMail(raw, signer, at))).toBe(true);
  });
});

const text = fc.string({ unit: fc.constantFrom(" ", "\t", "\n", "\n\n", "a", "ä", ".", "=", "-", "word ", " \n"), maxLength: 60 });
const word = fc.string({ unit: fc.constantFrom("a", " ", "ä", ":", ",", "  "), maxLength: 120 });

test("whatever a mail says, it verifies", async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.option(text), word, async (body, html, subject) => {
      const raw = composeMime({ ...FIELDS, subject: `S${subject}`, text: body, html });
      expect((await verified(await signMail(raw, signer, at))).result).toBe("pass");
    }),
    { numRuns: 60 },
  );
});

test("a header field that ends in a letter whose last byte looks like a blank verifies", async () => {
  const raw = Buffer.from("From: anna@team.example\r\nSubject: voilà\r\n\r\nHello\r\n");
  expect((await verified(await signMail(raw, signer, at))).result).toBe("pass");
});

test("whatever bytes a body has, runs of spaces and empty lines included, they are canonicalised as others do", async () => {
  const header = "From: anna@team.example\r\nSubject:  two  spaces \r\n\tand a fold\r\n";
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: fc.constantFrom(" ", "\t", "\r\n", "a", "."), maxLength: 40 }), async (body) => {
      const signed = await signMail(Buffer.from(`${header}\r\n${body}`, "latin1"), signer, at);
      expect((await verified(signed)).result).toBe("pass");
    }),
    { numRuns: 200 },
  );
});

const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error instanceof AgentError ? error.code : error;
  }
  return "nothing was refused";
};
const pem = (made: { privateKey: KeyObject }) => made.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

describe("a key", () => {
  test("is read back as it was made, and proven on a sample", async () => {
    const read = readSigningKey(pemOf(key));
    expect(publicKeyOf(read)).toBe(publicKeyOf(key));
    await expect(proveSigningKey({ ...signer, key: read }, at)).resolves.toBeUndefined();
  });

  test.each([
    ["Ed25519", pem(generateKeyPairSync("ed25519"))],
    ["RSA of 512 bits", pem(generateKeyPairSync("rsa", { modulusLength: 512 }))],
    ["RSA-PSS", pem(generateKeyPairSync("rsa-pss", { modulusLength: 2048 }))],
    ["a public key", createPublicKey(key).export({ type: "spki", format: "pem" }).toString()],
    ["a broken PEM", pemOf(key).replace(/[A-Za-z]{20}/, "")],
    ["nothing", ""],
  ])("is refused: %s", (_, written) => {
    expect(codeOf(() => readSigningKey(written))).toBe("dkim_key_invalid");
  });

  test("that cannot sign fails the mail instead of leaving it unsigned", async () => {
    const unable = { ...signer, key: createPublicKey(key) };
    await expect(signMail(composeMime(FIELDS), unable, at)).rejects.toMatchObject({ code: "dkim_signing_failed" });
    await expect(proveSigningKey(unable, at)).rejects.toMatchObject({ code: "dkim_signing_failed" });
  });
});
