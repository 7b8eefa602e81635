// Word by word: what is said to an SMTP server, when, and what its words count for. Servers that fail us at every stage stand in smtp.test.ts.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { SmtpOutcome } from "../core/smtp-verdict.ts";
import { PATIENCE, SmtpExchange } from "./smtp-exchange.ts";

const ENVELOPE = { from: "ann@team.example", to: "lead@bakery.example" };
const MAIL = Buffer.from("Subject: Hello\r\n\r\nHow are you?\r\n");
const COMMANDS = "MAIL FROM:<ann@team.example>\r\nRCPT TO:<lead@bakery.example>\r\nDATA\r\n";
const DATA = `${MAIL.toString()}.\r\n`;
const LOST = { kind: "lost", stage: "before_data" };
const NO_EXTENSIONS = { pipelining: false, size: null, eightBitMime: false, smtpUtf8: false };

class Peer {
  readonly socket: Socket;
  #heard = "";
  #listener = () => undefined as void;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      this.#heard += chunk.toString("latin1");
      this.#listener();
    });
  }

  say(text: string): void {
    this.socket.write(text);
  }

  /** Resolves when this, and nothing else, was heard since the last time. */
  async hears(text: string): Promise<void> {
    while (this.#heard.length < text.length) await new Promise<void>((heard) => (this.#listener = heard));
    if (this.#heard !== text) throw new Error(`heard ${JSON.stringify(this.#heard)}`);
    this.#heard = "";
  }

  /** Resolves with what was heard when the other side has closed the connection. */
  async isLeft(): Promise<string> {
    if (!this.socket.closed) await once(this.socket, "close");
    return this.#heard;
  }
}

let undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo) step();
  undo = [];
});

async function meet(pipelining: boolean, replyTimeoutMs = 5_000): Promise<{ exchange: SmtpExchange; peer: Peer }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [theirs] = (await once(server, "connection")) as [Socket];
  undo = [() => socket.destroy(), () => theirs.destroy(), () => server.close()];
  return { exchange: new SmtpExchange(socket, { ...NO_EXTENSIONS, pipelining }, replyTimeoutMs), peer: new Peer(theirs) };
}

/** One mail to a server that pipelines, and these replies to its commands. */
async function sending(replies: string): Promise<{ exchange: SmtpExchange; peer: Peer; outcome: Promise<SmtpOutcome> }> {
  const { exchange, peer } = await meet(true);
  const outcome = exchange.transmit(ENVELOPE, MAIL);
  await peer.hears(COMMANDS);
  peer.say(replies);
  return { exchange, peer, outcome };
}

describe("a server that pipelines", () => {
  test("gets all commands at once, and the mail only when it has asked for it", async () => {
    const { exchange, peer, outcome } = await sending("250 ok\r\n250 ok\r\n");
    peer.say("354 go\r\n");
    await peer.hears(DATA);
    peer.say("250 2.0.0 queued\r\n");
    expect(await outcome).toEqual({ kind: "accepted", reply: { code: 250, enhanced: "2.0.0", response: "250 2.0.0 queued" } });
    expect(exchange.usable).toBe(true);
  });

  test.each([
    ["mail", "550 5.7.1 no\r\n", "503 5.5.1 no sender\r\n503 5.5.1 no sender\r\n", "550 5.7.1 no"],
    ["mail", "451 4.7.1 later\r\n", "250 ok\r\n503 5.5.1 no sender\r\n", "451 4.7.1 later"],
    ["rcpt", "250 ok\r\n550 5.1.1 unknown\r\n", "554 5.5.1 no recipients\r\n", "550 5.1.1 unknown"],
    ["data", "250 ok\r\n250 ok\r\n", "451 4.3.1 full\r\n", "451 4.3.1 full"],
  ])("and refuses at %s is heard to the end, and gets the next mail with a RSET", async (stage, first, rest, response) => {
    const { exchange, peer, outcome } = await sending(first);
    peer.say(rest);
    expect(await outcome).toMatchObject({ kind: "refused", stage, reply: { response } });
    const next = exchange.transmit(ENVELOPE, MAIL);
    await peer.hears(`RSET\r\n${COMMANDS}`);
    peer.say("250 flushed\r\n250 ok\r\n250 ok\r\n354 go\r\n");
    await peer.hears(DATA);
    peer.say("250 queued\r\n");
    expect(await next).toMatchObject({ kind: "accepted" });
  });

  test("and refuses the mail itself gets a RSET, too", async () => {
    const { exchange, peer, outcome } = await sending("250 ok\r\n250 ok\r\n354 go\r\n");
    await peer.hears(DATA);
    peer.say("554 5.7.1 spam\r\n");
    expect(await outcome).toMatchObject({ kind: "refused", stage: "dot" });
    void exchange.transmit(ENVELOPE, MAIL);
    await peer.hears(`RSET\r\n${COMMANDS}`);
  });

  test("and does not want to forget a refused mail gets no other", async () => {
    const { exchange, peer, outcome } = await sending("250 ok\r\n550 5.1.1 unknown\r\n554 no\r\n");
    await outcome;
    const next = exchange.transmit(ENVELOPE, MAIL);
    await peer.hears(`RSET\r\n${COMMANDS}`);
    peer.say("500 what?\r\n250 ok\r\n250 ok\r\n354 go\r\n");
    expect(await next).toEqual(LOST);
    expect(await peer.isLeft()).toBe("");
  });

  test("and asks for a mail whose recipient it refused gets an empty one: nothing of ours", async () => {
    const { exchange, peer, outcome } = await sending("250 ok\r\n550 5.1.1 unknown\r\n354 go\r\n");
    await peer.hears(".\r\n");
    peer.say("250 queued\r\n");
    expect(await outcome).toMatchObject({ kind: "refused", stage: "rcpt", reply: { code: 550 } });
    expect(exchange.usable).toBe(true);
  });

  test("and hangs up on the empty mail has refused ours all the same", async () => {
    const { peer, outcome } = await sending("250 ok\r\n451 4.7.1 greylisted\r\n354 go\r\n");
    await peer.hears(".\r\n");
    peer.socket.destroy();
    expect(await outcome).toMatchObject({ kind: "refused", stage: "rcpt", reply: { code: 451 } });
  });

  test("and asks for a mail whose sender it refused is left", async () => {
    const { exchange, peer, outcome } = await sending("550 5.7.1 no\r\n250 ok\r\n354 go\r\n");
    expect(await outcome).toMatchObject({ kind: "refused", stage: "mail" });
    expect(exchange.usable).toBe(false);
    expect(await peer.isLeft()).toBe("");
  });

  test("and says 250 where it should ask for the mail is out of step: not a byte of the mail leaves", async () => {
    const { exchange, peer, outcome } = await sending("250 one too many\r\n250 ok\r\n250 ok\r\n");
    expect(await outcome).toEqual(LOST);
    expect(exchange.usable).toBe(false);
    expect(await peer.isLeft()).toBe("");
  });

  test.each([
    ["mail", "421 4.3.2 closing\r\n"],
    ["rcpt", "250 ok\r\n421 4.3.2 closing\r\n"],
    ["data", "250 ok\r\n250 ok\r\n421 4.3.2 closing\r\n"],
  ])("and closes down instead of an answer to %s has refused, and is left", async (stage, replies) => {
    const { exchange, outcome } = await sending(replies);
    expect(await outcome).toMatchObject({ kind: "refused", stage, reply: { code: 421, enhanced: "4.3.2" } });
    expect(exchange.usable).toBe(false);
  });
});

describe("a server that does not pipeline", () => {
  test("hears one command at a time", async () => {
    const { exchange, peer } = await meet(false);
    const outcome = exchange.transmit(ENVELOPE, MAIL);
    for (const [words, answer] of [
      ["MAIL FROM:<ann@team.example>\r\n", "250 ok\r\n"],
      ["RCPT TO:<lead@bakery.example>\r\n", "250 ok\r\n"],
      ["DATA\r\n", "250 so be it\r\n"],
      [DATA, "250 queued\r\n"],
    ] as const) {
      await peer.hears(words);
      peer.say(answer);
    }
    expect(await outcome).toMatchObject({ kind: "accepted" });
  });

  test("and refuses hears nothing more of that mail, and a RSET alone before the next", async () => {
    const { exchange, peer } = await meet(false);
    const outcome = exchange.transmit(ENVELOPE, MAIL);
    await peer.hears("MAIL FROM:<ann@team.example>\r\n");
    peer.say("451 4.3.0 later\r\n");
    expect(await outcome).toMatchObject({ kind: "refused", stage: "mail" });
    void exchange.transmit(ENVELOPE, MAIL);
    await peer.hears("RSET\r\n");
  });
});

describe("words that nobody asked for", () => {
  test.each(["250 queued\r\n", "421 4.4.2 closing\r\n", "25"])(
    "after 354 (%j) are no answer to the mail, which is not written",
    async (words) => {
      const { peer, outcome } = await sending(`250 ok\r\n250 ok\r\n354 go\r\n${words}`);
      expect(await outcome).toEqual(LOST);
      expect(await peer.isLeft()).toBe("");
    },
  );

  test.each(["250 queued\r\n", "421 4.4.2 closing\r\n", "hello\r\n", "25"])(
    "after the last reply (%j) end the connection",
    async (words) => {
      const { exchange, peer, outcome } = await sending("250 ok\r\n250 ok\r\n354 go\r\n");
      await peer.hears(DATA);
      peer.say(`250 queued\r\n${words}`);
      expect(await outcome).toMatchObject({ kind: "accepted" });
      expect(exchange.usable).toBe(false);
      expect(await exchange.transmit(ENVELOPE, MAIL)).toEqual(LOST);
      expect(await peer.isLeft()).toBe("");
    },
  );

  test("between two mails end the connection", async () => {
    const { exchange, peer } = await meet(true);
    peer.say("250 hello again\r\n");
    await peer.isLeft();
    expect(exchange.usable).toBe(false);
  });

  test("but for empty lines, which say nothing", async () => {
    const { exchange, peer, outcome } = await sending("250 ok\r\n\r\n250 ok\r\n354 go\r\n\r\n");
    await peer.hears(DATA);
    peer.say("250 queued\r\n\r\n");
    expect(await outcome).toMatchObject({ kind: "accepted" });
    expect(exchange.usable).toBe(true);
  });
});

describe("a reply before the mail has left to its last dot", () => {
  const HUGE = Buffer.alloc(16 * 1024 * 1024, "How are you?\r\n");

  test.each([
    ["250 queued\r\n", { kind: "uncertain", response: "250 queued" }],
    ["552 5.3.4 too large\r\n", { kind: "refused", stage: "dot", reply: { code: 552 } }],
  ])("(%j): the dot does not follow", async (words, expected) => {
    const { exchange, peer } = await meet(true);
    const outcome = exchange.transmit(ENVELOPE, HUGE);
    await peer.hears(COMMANDS);
    peer.say("250 ok\r\n250 ok\r\n354 go\r\n");
    // The mail is being written: what is said now is no longer said together with the 354.
    await once(peer.socket, "data");
    peer.socket.pause();
    peer.say(words);
    expect(await outcome).toMatchObject(expected);
    expect(exchange.usable).toBe(false);
    peer.socket.resume();
    expect((await peer.isLeft()).endsWith("\r\n.\r\n")).toBe(false);
  });
});

test("patience is of one mail, not of the connection", async () => {
  const replyTimeoutMs = 400; // longer than a busy machine may pause
  const { exchange, peer } = await meet(true, replyTimeoutMs);
  for (const began = performance.now(); performance.now() - began < replyTimeoutMs * PATIENCE * 1.5; ) {
    const outcome = exchange.transmit(ENVELOPE, MAIL);
    await peer.hears(COMMANDS);
    peer.say("250 ok\r\n250 ok\r\n354 go\r\n");
    await peer.hears(DATA);
    peer.say("250 queued\r\n");
    expect(await outcome).toMatchObject({ kind: "accepted" });
  }
});

test("an address cannot hold a second command", async () => {
  const { exchange, peer } = await meet(true);
  expect(await exchange.transmit({ ...ENVELOPE, to: "lead@bakery.example>\r\nRCPT TO:<all@bakery.example" }, MAIL)).toEqual(LOST);
  void exchange.close();
  await peer.hears("QUIT\r\n");
});
