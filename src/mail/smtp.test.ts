// Every way in which a server can fail us, against raw sockets: what counts is what was on the wire, not what a library calls it.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import tls from "node:tls";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { AgentError } from "../core/errors.ts";
import { passwordHint } from "../core/mailbox-presets.ts";
import { judgeSmtp } from "../core/smtp-verdict.ts";
import { openSmtp, type SmtpAccess, type SmtpSession } from "./smtp.ts";

/** For "localhost", of nobody's trust; its key protects nothing. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgHy/rEHMq2XM5Nh9u
w03QFrI0jDBJ2XUanZKPsPTU3dihRANCAATA/KF/fNtu6xBcDnn5qw8mydbWuPQo
ZPUDcVd0IECDgdZOdOmqjr8Ex6LJjxAsWN8CJpuU0O8N/CKsLVEA7eLS
-----END PRIVATE KEY-----`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBljCCATugAwIBAgIUed8n3iLsmzQbka3052WfwumTT7MwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNTA5MTEzNVoYDzIxMjYxMTAx
MDkxMTM1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATA/KF/fNtu6xBcDnn5qw8mydbWuPQoZPUDcVd0IECDgdZOdOmqjr8E
x6LJjxAsWN8CJpuU0O8N/CKsLVEA7eLSo2kwZzAdBgNVHQ4EFgQUX17yCtCw7fpo
vpZ9iWnYHD0HyqowHwYDVR0jBBgwFoAUX17yCtCw7fpovpZ9iWnYHD0HyqowDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SQAwRgIhAP50GwqVBiAm6UIUQBSs48yEpufLUSi5i4vfGiSkpMUlAiEAqKuBd5El
x/+NsnPG51Kp4UdumdL2XJpXygAnFSjULK0=
-----END CERTIFICATE-----`;

/** What the server does with a command, or with the end of a mail: says this, does something else, or says nothing (null). */
type Answer = string | null | ((peer: Peer) => void);
type Verb = "greeting" | "EHLO" | "STARTTLS" | "AUTH" | "MAIL" | "RCPT" | "DATA" | "RSET" | "QUIT" | "body" | "dot";
/** The answers to the first, second … time; the last one stays. */
type Script = Partial<Record<Verb, Answer | readonly Answer[]>>;

interface Peer {
  socket: Socket;
  /** Every line that arrived, mails included. */
  readonly heard: string[];
  /** Bytes as they are. */
  say(text: string): void;
}

const GOOD: Readonly<Record<Verb, Answer>> = {
  greeting: "220 mail.test ESMTP",
  EHLO: "250-mail.test\r\n250-AUTH PLAIN LOGIN\r\n250 ENHANCEDSTATUSCODES",
  STARTTLS: (peer) => {
    peer.say("220 go ahead\r\n");
    secure(peer);
  },
  AUTH: "235 2.7.0 welcome",
  MAIL: "250 2.1.0 ok",
  RCPT: "250 2.1.5 ok",
  DATA: "354 go",
  RSET: "250 2.0.0 ok",
  QUIT: (peer) => peer.socket.end("221 2.0.0 bye\r\n"),
  body: null,
  dot: "250 2.0.0 queued as Q1",
};
const PIPELINING = "250-mail.test\r\n250-PIPELINING\r\n250 AUTH PLAIN LOGIN";

const drop = (peer: Peer) => peer.socket.destroy();
const reset = (peer: Peer) => peer.socket.resetAndDestroy();
/** The last words have no line end. */
const cutOff = (words: string) => (peer: Peer) => peer.socket.end(words);

let server: Server | null = null;
let peers: Peer[] = [];
let session: SmtpSession | null = null;

beforeAll(() => {
  // This process trusts the test's certificate where it asks for "localhost", and nothing else.
  tls.setDefaultCACertificates([CERTIFICATE]);
});

afterEach(async () => {
  await session?.close();
  session = null;
  for (const { socket } of peers) socket.destroy();
  peers = [];
  if (server) await new Promise((closed) => server?.close(closed));
  server = null;
});

/** A server that behaves but for what the script says. */
async function serve(script: Script, implicitTls = false): Promise<SmtpAccess> {
  server = createServer((socket) => {
    const peer: Peer = { socket, heard: [], say: (text) => void peer.socket.write(text) };
    peers.push(peer);
    socket.on("error", () => undefined);
    const converse = conversation(peer, script);
    if (implicitTls) secure(peer, converse);
    else converse();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    host: "localhost",
    port,
    security: "none",
    login: null,
    connectTimeoutMs: 400,
    replyTimeoutMs: 400,
    allowPrivateHosts: true,
  };
}

function secure(peer: Peer, then = () => listen(peer)): void {
  const plain = peer.socket;
  plain.removeAllListeners("data");
  peer.socket = new tls.TLSSocket(plain, { isServer: true, key: KEY, cert: CERTIFICATE });
  peer.socket.on("error", () => undefined);
  then();
}

const handlers = new WeakMap<Peer, (chunk: Buffer) => void>();

function listen(peer: Peer): void {
  const handler = handlers.get(peer);
  if (handler) peer.socket.on("data", handler);
}

function conversation(peer: Peer, script: Script): () => void {
  const times = new Map<Verb, number>();
  const answer = (verb: Verb) => {
    const time = times.get(verb) ?? 0;
    times.set(verb, time + 1);
    const scripted = script[verb];
    const given = scripted === undefined ? GOOD[verb] : Array.isArray(scripted) ? scripted[Math.min(time, scripted.length - 1)] : scripted;
    if (typeof given === "function") given(peer);
    else if (typeof given === "string") peer.say(`${given}\r\n`);
    return given;
  };
  let rest = "";
  let inBody = false;
  const hear = (line: string) => {
    peer.heard.push(line);
    if (inBody) {
      inBody = line !== ".";
      if (!inBody) answer("dot");
      return;
    }
    const given = answer((line.split(" ")[0] ?? "").toUpperCase() as Verb);
    inBody = line === "DATA" && typeof given === "string" && /^[23]/.test(given);
  };
  handlers.set(peer, (chunk) => {
    if (inBody && script.body !== undefined) {
      answer("body");
      return;
    }
    rest += chunk.toString("latin1");
    for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      hear(line);
    }
  });
  return () => {
    listen(peer);
    answer("greeting");
  };
}

const MAIL = Buffer.from("Subject: Hello\r\n\r\nHow are you?\r\n.\r\n..two\r\n");
const ENVELOPE = { from: "ann@team.example", to: "lead@bakery.example" };

async function open(script: Script, more: Partial<SmtpAccess> = {}): Promise<SmtpSession> {
  session = await openSmtp({ ...(await serve(script)), ...more });
  return session;
}

async function transmitted(script: Script) {
  return (await open(script)).transmit(ENVELOPE, MAIL);
}

async function failure(opening: Promise<unknown>): Promise<AgentError> {
  return opening.then(
    () => expect.unreachable("it was opened"),
    (error: AgentError) => error,
  );
}

describe("a mail that is accepted", () => {
  test("went out with its bytes as they were, dots doubled, and brings the reply back", async () => {
    expect(await transmitted({})).toEqual({
      kind: "accepted",
      reply: { code: 250, enhanced: "2.0.0", response: "250 2.0.0 queued as Q1" },
    });
    const { heard } = peers[0] as Peer;
    expect(heard.slice(heard.indexOf("DATA") + 1)).toEqual(["Subject: Hello", "", "How are you?", "..", "...two", "."]);
    expect(heard.slice(1, 3)).toEqual(["MAIL FROM:<ann@team.example>", "RCPT TO:<lead@bakery.example>"]);
  });

  test("may be followed by another on the same connection", async () => {
    const smtp = await open({});
    for (let mail = 1; mail <= 3; mail += 1) expect((await smtp.transmit(ENVELOPE, MAIL)).kind).toBe("accepted");
    expect(peers).toHaveLength(1);
  });

  test("stays accepted when QUIT fails", async () => {
    const smtp = await open({ QUIT: drop });
    expect((await smtp.transmit(ENVELOPE, MAIL)).kind).toBe("accepted");
    await expect(smtp.close()).resolves.toBeUndefined();
    expect(smtp.usable).toBe(false);
  });

  test("stays accepted when the server hangs up right after it, and when it says more than it should", async () => {
    const smtp = await open({ dot: (peer) => peer.socket.end("250 2.0.0 queued\r\n421 4.4.2 idle\r\n") });
    expect((await smtp.transmit(ENVELOPE, MAIL)).kind).toBe("accepted");
    await sleep(50);
    expect(smtp.usable).toBe(false);
    expect(await smtp.transmit(ENVELOPE, MAIL)).toEqual({ kind: "lost", stage: "before_data" });
  });

  test("reaches an international domain under its ASCII name", async () => {
    const smtp = await open({});
    await smtp.transmit({ from: "ann@bäckerei.example", to: "lead@müller.example" }, MAIL);
    expect(peers[0]?.heard.slice(1, 3)).toEqual(["MAIL FROM:<ann@xn--bckerei-5wa.example>", "RCPT TO:<lead@xn--mller-kva.example>"]);
  });
});

describe("a mail that the server refused", () => {
  test.each([
    ["mail", { MAIL: "550 5.7.1 not you" }, 550, "5.7.1"],
    ["mail", { MAIL: "451 4.3.0 later" }, 451, "4.3.0"],
    ["rcpt", { RCPT: "451 4.7.1 greylisted" }, 451, "4.7.1"],
    ["rcpt", { RCPT: "550 5.1.1 unknown" }, 550, "5.1.1"],
    ["rcpt", { RCPT: "550-5.1.1 several\r\n550 5.1.1 lines" }, 550, "5.1.1"],
    ["rcpt", { RCPT: "550 no such user" }, 550, null],
    ["rcpt", { RCPT: "550 sorry, no mailbox here by that name (#5.1.1)" }, 550, "5.1.1"],
    ["rcpt", { RCPT: "421 4.7.0 closing" }, 421, "4.7.0"],
    ["data", { DATA: "451 4.3.0 queue full" }, 451, "4.3.0"],
    ["data", { DATA: "554 5.5.1 no" }, 554, "5.5.1"],
    ["dot", { dot: "451 4.6.0 later" }, 451, "4.6.0"],
    ["dot", { dot: "554 5.7.1 spam" }, 554, "5.7.1"],
    ["dot", { dot: "421 4.7.28 slow down" }, 421, "4.7.28"],
  ] as const)("at %s: %j", async (stage, script, code, enhanced) => {
    expect(await transmitted(script)).toMatchObject({ kind: "refused", stage, reply: { code, enhanced } });
    expect(await transmitted({ EHLO: PIPELINING, ...script })).toMatchObject({ kind: "refused", reply: { code, enhanced } });
  });

  test.each<[string, Script]>([
    ["mail", { MAIL: "550 5.7.1 not you", RCPT: "503 5.5.1 no", DATA: "503 5.5.1 no" }],
    ["rcpt", { RCPT: "550 5.1.1 unknown", DATA: "554 5.5.1 no valid recipients" }],
    ["rcpt", { RCPT: "550 5.1.1 unknown", DATA: drop }],
    ["rcpt", { RCPT: "550 5.1.1 unknown", DATA: "354 go on, then" }],
    ["mail", { MAIL: "550 5.7.1 not you", RCPT: drop }],
  ])("at %s by a server that pipelines: %j", async (stage, script) => {
    expect(await transmitted({ EHLO: PIPELINING, ...script })).toMatchObject({ kind: "refused", stage });
  });

  test.each<Verb>(["MAIL", "RCPT", "DATA", "dot"])("at %s leaves the connection good for the next", async (verb) => {
    const smtp = await open({ [verb]: ["550 5.0.0 no", GOOD[verb]] });
    expect((await smtp.transmit(ENVELOPE, MAIL)).kind).toBe("refused");
    expect((await smtp.transmit(ENVELOPE, MAIL)).kind).toBe("accepted");
    expect(peers[0]?.heard.filter((line) => line === "RSET")).toHaveLength(1);
  });

  test("and whose connection then breaks at RSET, costs the next one nothing but time", async () => {
    const smtp = await open({ RCPT: "550 5.1.1 no", RSET: drop });
    await smtp.transmit(ENVELOPE, MAIL);
    expect(await smtp.transmit(ENVELOPE, MAIL)).toEqual({ kind: "lost", stage: "before_data" });
    expect(smtp.usable).toBe(false);
  });

  test("by words without a line end, was refused all the same", async () => {
    expect(await transmitted({ dot: cutOff("554 5.7.1 spam") })).toMatchObject({ kind: "refused", stage: "dot", reply: { code: 554 } });
  });

  test("for its size before it left, is the message's trouble", async () => {
    const outcome = await transmitted({ EHLO: "250-mail.test\r\n250 SIZE 10" });
    expect(outcome).toMatchObject({ kind: "refused", stage: "mail", reply: { enhanced: "5.3.4" } });
    expect(judgeSmtp(outcome)).toEqual({ kind: "failed", reason: "message", suppress: false });
    expect(peers[0]?.heard).toHaveLength(1);
  });

  test("brings the server's words in a form that a database can hold", async () => {
    const outcome = await transmitted({ RCPT: `550 5.1.1 a\0b\u001b[31m ${"x".repeat(5_000)}` });
    const words = outcome.kind === "refused" ? outcome.reply.response : "";
    expect(words.startsWith("550 5.1.1 ab[31m x")).toBe(true);
    expect(words.length).toBeLessThanOrEqual(1_000);
  });
});

describe("a connection lost before the server asked for the mail", () => {
  test.each<[string, Script]>([
    ["at MAIL", { MAIL: drop }],
    ["at RCPT", { RCPT: drop }],
    ["at RCPT by a reset", { RCPT: reset }],
    ["at DATA", { DATA: drop }],
    ["in silence after MAIL", { MAIL: null }],
    ["in silence after RCPT", { RCPT: null }],
    ["in silence after DATA", { DATA: null }],
    ["within the reply to RCPT", { RCPT: cutOff("25") }],
  ])("%s: the mail was surely not accepted", async (_when, script) => {
    expect(await transmitted(script)).toEqual({ kind: "lost", stage: "before_data" });
    expect(session?.usable).toBe(false);
  });

  test("by a server that pipelines", async () => {
    expect(await transmitted({ EHLO: PIPELINING, RCPT: drop })).toEqual({ kind: "lost", stage: "before_data" });
  });

  test("by a server that trickles bytes for ever", async () => {
    const trickle = (peer: Peer) => {
      const timer = setInterval(() => peer.say("250-and\r\n"), 100);
      peer.socket.on("close", () => clearInterval(timer));
    };
    expect(await transmitted({ RCPT: trickle })).toEqual({ kind: "lost", stage: "before_data" });
  });
});

describe("a connection lost after the server asked for the mail", () => {
  test.each<[string, Script]>([
    ["within the mail", { body: drop }],
    ["within the mail by a reset", { body: reset }],
    ["after the dot", { dot: drop }],
    ["after the dot by a reset", { dot: reset }],
    ["in silence after the dot", { dot: null }],
    ["within a reply of several lines", { dot: cutOff("250-queued\r\n250 as") }],
    ["within a reply that accepts", { dot: cutOff("250 2.0.0 queued") }],
    ["within the code of the reply", { dot: cutOff("2") }],
    ["after a reply that makes no sense", { dot: "354 go" }],
    ["after a mail that was asked for by 250", { DATA: "250 go", dot: drop }],
  ])("%s: nobody knows", async (_when, script) => {
    expect((await transmitted(script)).kind).toBe("uncertain");
    expect(session?.usable).toBe(false);
  });

  test.each<Verb>(["body", "dot"])("at %s by a server that pipelines: nobody knows", async (verb) => {
    expect((await transmitted({ EHLO: PIPELINING, [verb]: drop })).kind).toBe("uncertain");
  });

  test("is never sent again by itself", async () => {
    await transmitted({ dot: drop });
    await sleep(100);
    expect(peers).toHaveLength(1);
  });
});

describe("a server that does not let us in", () => {
  const login = { login: { kind: "password", username: "ann", password: "s3cret pass" } } as const;

  test.each<[string, Script, string, boolean]>([
    ["421 instead of a greeting", { greeting: "421 4.3.2 too busy" }, "smtp_rejected", true],
    ["554 instead of a greeting", { greeting: "554 5.7.1 go away" }, "smtp_rejected", false],
    ["silence instead of a greeting", { greeting: null }, "smtp_unreachable", true],
    ["a hang-up instead of a greeting", { greeting: drop }, "smtp_unreachable", true],
    ["a hang-up at EHLO", { EHLO: drop }, "smtp_unreachable", true],
    ["silence at EHLO", { EHLO: null }, "smtp_unreachable", true],
    ["a wrong password", { AUTH: "535 5.7.8 bad credentials" }, "smtp_auth", false],
    ["an application password that is asked for", { AUTH: "534 5.7.9 application-specific password required" }, "smtp_auth", false],
    ["passwords that cannot be checked now", { AUTH: "454 4.7.0 temporary failure" }, "smtp_auth", true],
    ["a hang-up at the login", { AUTH: drop }, "smtp_unreachable", true],
    ["silence at the login", { AUTH: null }, "smtp_unreachable", true],
    ["no login offered", { EHLO: "250 mail.test" }, "smtp_auth", false],
  ])("%s", async (_what, script, code, retryable) => {
    const error = await failure(open(script, login));
    expect({ code: error.code, retryable: error.retryable }).toEqual({ code, retryable });
  });

  test("because nothing listens", async () => {
    const access = await serve({});
    await new Promise((closed) => server?.close(closed));
    const error = await failure(openSmtp(access));
    expect(error).toMatchObject({ code: "smtp_unreachable", retryable: true });
    expect(error.message).toContain(`Nothing answers at localhost:${access.port}`);
  });

  test("because its name is unknown", async () => {
    const error = await failure(openSmtp({ ...(await serve({})), host: "no-such-host.invalid" }));
    expect(error).toMatchObject({ code: "smtp_unreachable", retryable: true });
  });

  test("because it stands in a private network", async () => {
    const error = await failure(openSmtp({ ...(await serve({})), host: "2130706433", allowPrivateHosts: false }));
    expect(error).toMatchObject({ code: "smtp_unreachable", retryable: false });
    expect(peers).toHaveLength(0);
  });

  test("says why in its own words, and we what to do", async () => {
    const error = await failure(open({ AUTH: "535 5.7.8 bad credentials" }, login));
    expect(error.message).toContain("refused the user name or password of ann (it said: 535 5.7.8 bad credentials).");
    expect(error.message.endsWith(passwordHint("localhost"))).toBe(true);
    expect(error.detail).toMatchObject({ code: 535, enhanced: "5.7.8", response: "535 5.7.8 bad credentials" });
  });

  test("and repeats the command, does not make the password known", async () => {
    const error = await failure(open({ AUTH: (peer) => peer.say(`500 5.5.1 unknown: ${peer.heard.at(-1)}\r\n`) }, login));
    const shown = JSON.stringify([error.message, error.detail, String(error.cause)]);
    expect(shown).toContain("***");
    expect(shown).not.toContain(Buffer.from("\0ann\0s3cret pass").toString("base64"));
  });

  test("is sent no password that it did not ask for", async () => {
    await failure(open({ EHLO: "250 mail.test" }, login));
    expect(peers[0]?.heard).toHaveLength(1);
  });
});

describe("a login", () => {
  test("brings us in", async () => {
    const smtp = await open({}, { login: { kind: "password", username: "ann", password: "s3cret pass" } });
    expect(peers[0]?.heard[1]).toBe(`AUTH PLAIN ${Buffer.from("\0ann\0s3cret pass").toString("base64")}`);
    expect(smtp.usable).toBe(true);
  });

  test("is left out where there is no user name", async () => {
    await open({});
    expect(peers[0]?.heard).toHaveLength(1);
  });
});

describe("encryption", () => {
  const STARTTLS = { EHLO: "250-mail.test\r\n250-STARTTLS\r\n250 AUTH PLAIN" };

  const goOnInPlainText = (peer: Peer) => {
    peer.say("220 go\r\n");
    setTimeout(() => peer.say("250 mail.test\r\n"), 50);
  };

  test("from the first byte", async () => {
    session = await openSmtp({ ...(await serve({}, true)), security: "tls", login: { kind: "password", username: "ann", password: "x" } });
    expect((await session.transmit(ENVELOPE, MAIL)).kind).toBe("accepted");
  });

  test("by STARTTLS, and the login only after it", async () => {
    const smtp = await open(STARTTLS, { security: "starttls", login: { kind: "password", username: "ann", password: "x" } });
    expect((await smtp.transmit(ENVELOPE, MAIL)).kind).toBe("accepted");
    const verbs = peers[0]?.heard.map((line) => line.split(" ")[0]) ?? [];
    expect(verbs.slice(0, 4)).toEqual(["EHLO", "STARTTLS", "EHLO", "AUTH"]);
  });

  test.each<[string, Script, string, boolean]>([
    ["that somebody took out of the greeting", { STARTTLS: "502 5.5.1 what?" }, "smtp_tls", false],
    ["that is refused", { ...STARTTLS, STARTTLS: "554 5.7.3 no" }, "smtp_tls", false],
    ["that does not work just now", { ...STARTTLS, STARTTLS: "454 4.7.0 TLS not available" }, "smtp_tls", true],
    ["that breaks off", { ...STARTTLS, STARTTLS: (peer) => peer.socket.end("220 go\r\n") }, "smtp_unreachable", true],
    ["that is answered in plain text", { ...STARTTLS, STARTTLS: goOnInPlainText }, "smtp_tls", true],
    ["with words slipped in before it", { ...STARTTLS, STARTTLS: "220 go\r\n250 AUTH PLAIN" }, "smtp_unreachable", true],
  ])("by STARTTLS %s is an error, never plain text instead", async (_what, script, code, retryable) => {
    const error = await failure(open(script, { security: "starttls", login: { kind: "password", username: "ann", password: "x" } }));
    expect({ code: error.code, retryable: error.retryable }).toEqual({ code, retryable });
    expect(peers[0]?.heard.join()).not.toContain("AUTH");
  });

  test.each(["tls", "starttls"] as const)("with a certificate for another name is refused (%s)", async (security) => {
    const access = { ...(await serve(STARTTLS, security === "tls")), security, host: "127.0.0.1" };
    const error = await failure(openSmtp({ ...access, login: { kind: "password", username: "ann", password: "x" } }));
    expect({ code: error.code, retryable: error.retryable }).toEqual({ code: "smtp_tls", retryable: false });
    expect(error.message).toContain("certificate");
    expect(peers[0]?.heard.join()).not.toContain("AUTH");
  });

  test("with a certificate of nobody's trust is refused", async () => {
    tls.setDefaultCACertificates([]);
    try {
      const error = await failure(openSmtp({ ...(await serve({}, true)), security: "tls" }));
      expect({ code: error.code, retryable: error.retryable }).toEqual({ code: "smtp_tls", retryable: false });
    } finally {
      tls.setDefaultCACertificates([CERTIFICATE]);
    }
  });

  test("asked of a port that speaks plain text", async () => {
    const error = await failure(open({}, { security: "tls" }));
    expect(error.code).toBe("smtp_tls");
    expect(error.message).toContain("starttls");
  });
});
