import { ImapFlow } from "imapflow";
import nodemailer from "nodemailer";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PATIENCE } from "../../test/support/patience.ts";
import type { InboundMail } from "../core/inbound-mail.ts";
import { DAY, MINUTE } from "../core/instant.ts";
import { classify, type MailClass } from "../core/verdict.ts";
import { visibleReply } from "../core/visible-reply.ts";
import { parseMail } from "../mail/parse.ts";
import { type MailWorld, type MailWorldOptions, startMailWorld } from "./mail-world.ts";
import type { Person } from "./people.ts";
import { scaledClock } from "./scaled-clock.ts";

const ANNA = { address: "anna@team.example", password: 'p w"1', name: "Anna Berger" };
const SALES = { address: "sales@team.example", password: "two" };
const QUESTION = "when an oven stops in one of your shops, who hears about it first?";
/** Two days pass in less than a second. */
const FACTOR = 200_000;

let world: MailWorld;
const running: MailWorld[] = [];

async function start(people: MailWorldOptions["people"] = {}, seed = 1): Promise<MailWorld> {
  const clock = scaledClock(new Date("2026-03-03T08:00:00Z"), FACTOR);
  clock.begin();
  const started = await startMailWorld({ seed, clock, wait: clock.wait, mailboxes: [ANNA, SALES], people });
  running.push(started);
  return started;
}

const quick = (persona: Person["persona"], more: Partial<Person> = {}): Partial<Person> => ({
  persona,
  answersMail: 1,
  delayMs: 10 * MINUTE,
  wording: 0,
  program: "gmail",
  language: "en",
  ...more,
});

let step = 0;
async function send(to: string, more: { from?: string; replyTo?: string; headers?: Record<string, string>; messageId?: string } = {}) {
  const transport = nodemailer.createTransport({ ...world.smtp, secure: false, auth: { user: ANNA.address, pass: ANNA.password } });
  const messageId = `<step-${++step}@team.example>`;
  const from = { name: ANNA.name, address: ANNA.address };
  try {
    return await transport.sendMail({ from, to, messageId, subject: "Repairs at Kornblume", text: `Hi,\n\n${QUESTION}\n\nAnna`, ...more });
  } finally {
    transport.close();
  }
}

async function connected({ address, password } = ANNA): Promise<ImapFlow> {
  const client = new ImapFlow({ ...world.imap(address), secure: false, auth: { user: address, pass: password }, logger: false });
  await client.connect();
  return client;
}

async function inbox(mailbox = ANNA): Promise<{ mail: InboundMail; kind: MailClass; words: string; raw: string }[]> {
  const client = await connected(mailbox);
  const fetched =
    (await client.mailboxOpen("INBOX")).exists === 0 ? [] : await client.fetchAll("1:*", { source: true, flags: true }, { uid: true });
  await client.logout();
  return Promise.all(
    fetched.map(async ({ source = Buffer.of(), flags }) => {
      expect(flags?.has("\\Seen")).toBe(false);
      const mail = await parseMail(source);
      const kind = classify(mail, { ownAddresses: new Set(), receivedAt: mail.date ?? new Date(0) });
      return { mail, kind, words: visibleReply(mail), raw: source.toString() };
    }),
  );
}

const LATER = "jan@bakery.example";
/** Answers later than `quick` people do: who has not written by then does not write any more. */
const later = (): Partial<Person> => quick("declines", { delayMs: 30 * MINUTE });

/** The first `count` mails of the INBOX, as soon as they are there. */
function arrivals(count: number, mailbox = ANNA) {
  return vi.waitFor(async () => {
    const mails = await inbox(mailbox);
    expect(mails).toHaveLength(count);
    return mails;
  }, PATIENCE);
}

beforeEach(() => {
  step = 0;
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

test("an answer comes into the mailbox in the thread of the mail, with the mail below it", async () => {
  world = await start({ "ann@bakery.example": quick("asks_for_prices", { name: "Ann Vogel" }) });
  await send("Ann@bakery.example");
  const [{ mail, kind, words } = expect.fail()] = await arrivals(1);
  expect(mail).toMatchObject({
    from: { address: "Ann@bakery.example", name: "Ann Vogel" },
    to: [{ address: ANNA.address }],
    subject: "Re: Repairs at Kornblume",
    inReplyTo: ["<step-1@team.example>"],
    references: ["<step-1@team.example>"],
    deliveredTo: [ANNA.address],
    returnPath: "Ann@bakery.example",
  });
  expect(mail.date?.getTime()).toBeGreaterThan(new Date("2026-03-03T08:10:00Z").getTime());
  expect(kind.kind).toBe("human");
  expect(words).toContain("How much does it cost");
  expect(words).not.toContain(QUESTION);
  expect(mail.text).toContain(`> ${QUESTION}`);
  expect(mail.html).toContain("gmail_quote");
});

test("a follow-up's answer names the whole thread", async () => {
  world = await start({ "ann@bakery.example": quick("says_yes", { answersMail: 2, writesAgain: true }), [LATER]: later() });
  await send("ann@bakery.example");
  await send("ann@bakery.example", { headers: { "In-Reply-To": "<step-1@team.example>", References: "<step-1@team.example>" } });
  const [{ mail } = expect.fail()] = await arrivals(1);
  expect(mail.references).toEqual(["<step-1@team.example>", "<step-2@team.example>"]);
  await send("ann@bakery.example");
  const [, thanks] = await arrivals(2);
  expect(thanks?.words).toContain("Thanks");
  await send("ann@bakery.example");
  await send(LATER);
  expect((await arrivals(3)).map((one) => one.mail.from?.address)).toEqual(["ann@bakery.example", "ann@bakery.example", LATER]);
});

test("who is away answers at once, once, and says until when", async () => {
  world = await start({
    "ann@bakery.example": quick("out_of_office"),
    "jan@bakery.example": quick("out_of_office", { language: "de", wording: 0.5 }),
  });
  await send("ann@bakery.example");
  await send("ann@bakery.example");
  await send("jan@bakery.example");
  for (const { mail, kind } of await arrivals(2)) {
    expect(kind).toMatchObject({ kind: "auto_reply", autoReply: { kind: "out_of_office" } });
    const back = kind.kind === "auto_reply" ? new Date(kind.autoReply.returnDate ?? 0) : new Date(0);
    const away = back.getTime() - (mail.date?.getTime() ?? 0);
    expect(away).toBeGreaterThan(2 * DAY);
    expect(away).toBeLessThan(12 * DAY);
    expect(mail.returnPath).toBe("");
    expect(mail.inReplyTo).toHaveLength(1);
  }
});

test("an unknown user is refused at once, or reported by the mail system", async () => {
  world = await start({ "gone@bakery.example": quick("refused"), "left@bakery.example": quick("bounces") });
  await expect(send("gone@bakery.example")).rejects.toMatchObject({ responseCode: 550, response: expect.stringContaining("5.1.1") });
  await send("left@bakery.example");
  const [{ kind } = expect.fail()] = await arrivals(1);
  expect(kind).toMatchObject({
    kind: "bounce",
    bounce: { recipients: ["left@bakery.example"], status: "5.1.1", class: "hard", originalMessageId: "<step-2@team.example>" },
  });
  expect(world.received).toBe(1);
});

test("mail to somebody who opted out is counted and gets no answer", async () => {
  world = await start({ "ann@bakery.example": quick("opts_out", { program: "thunderbird" }), [LATER]: later() });
  await send("ann@bakery.example");
  const [{ words } = expect.fail()] = await arrivals(1);
  expect(words).toContain("remove me");
  expect(world.embarrassments).toBe(0);
  await send("ann@bakery.example");
  expect(world.embarrassments).toBe(1);
  await send(LATER);
  expect((await arrivals(2)).map((one) => one.mail.from?.address)).toEqual(["ann@bakery.example", LATER]);
});

test("some opt out with the button of their mail program", async () => {
  world = await start({ "ann@bakery.example": quick("opts_out") });
  await send("ann@bakery.example", { headers: { "List-Unsubscribe": "<mailto:sales@team.example?subject=unsubscribe%20t0k-3n>" } });
  const [{ mail } = expect.fail()] = await arrivals(1, { ...SALES, name: "" });
  expect(mail).toMatchObject({ subject: "unsubscribe t0k-3n", from: { address: "ann@bakery.example" }, inReplyTo: [] });
});

test("mailboxes get each other's mail, also with a tag, and answers go where Reply-To says", async () => {
  world = await start({ "ann@bakery.example": quick("declines") });
  await send("Sales+t0ken@team.example");
  await send("ann@bakery.example", { replyTo: SALES.address });
  const mails = await arrivals(2, { ...SALES, name: "" });
  expect(mails.map(({ mail }) => mail.from?.address)).toEqual([ANNA.address, "ann@bakery.example"]);
  expect(mails[0]?.mail.deliveredTo).toEqual(["Sales+t0ken@team.example"]);
  expect(world.messages()).toMatchObject([
    { from: ANNA.address, to: "Sales+t0ken@team.example", messageId: "<step-1@team.example>", subject: "Repairs at Kornblume" },
    { to: "ann@bakery.example", messageId: "<step-2@team.example>" },
  ]);
  expect(world.received).toBe(2);
});

test("only the mailboxes may send, with their passwords", async () => {
  world = await start();
  const transport = nodemailer.createTransport({ ...world.smtp, auth: { user: ANNA.address, pass: "guessed" } });
  await expect(transport.sendMail({ from: ANNA.address, to: "a@b.example", text: "x" })).rejects.toMatchObject({ responseCode: 535 });
  await expect(nodemailer.createTransport(world.smtp).sendMail({ from: ANNA.address, to: "a@b.example", text: "x" })).rejects.toMatchObject(
    {
      responseCode: 530,
    },
  );
  expect(() => world.imap("nobody@team.example")).toThrow("Nobody has the mailbox");
});

test("a client in IDLE hears of an answer", async () => {
  world = await start({ "ann@bakery.example": quick("says_yes") });
  const client = await connected();
  await client.mailboxOpen("INBOX");
  const heard = new Promise((resolve) => client.once("exists", resolve));
  const idle = client.idle();
  await send("ann@bakery.example");
  expect(await heard).toMatchObject({ path: "INBOX", count: 1, prevCount: 0 });
  await client.logout();
  await idle;
});

test("the same seed has the same people, who write the same", async () => {
  const people = Array.from({ length: 9 }, (_, index) => `lead${index}@bakery.example`);
  const told: unknown[] = [];
  for (let run = 0; run < 2; run++) {
    step = 0;
    world = await start({}, 7);
    for (const to of people) await send(to).catch(() => undefined);
    const answering = people
      .map((address) => world.personAt(address))
      .filter(({ persona, answersMail }) => answersMail === 1 || /bounces|office/.test(persona));
    const mails = await arrivals(answering.filter(({ persona }) => !/silent|refused/.test(persona)).length);
    told.push(Object.fromEntries(mails.map(({ mail, words }) => [mail.from?.address, [mail.subject, words]])));
    told.push(
      Object.fromEntries(mails.map(({ mail }) => [mail.from?.address, /daemon/i.test(mail.from?.address ?? "") || mail.messageId])),
    );
  }
  expect(told.slice(0, 2)).toEqual(told.slice(2));
});
