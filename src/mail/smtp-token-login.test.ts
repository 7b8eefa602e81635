// What goes over the wire when a mailbox shows an access token.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test } from "vitest";
import type { AgentError } from "../core/errors.ts";
import { openSmtp } from "./smtp.ts";
import { tokenMechanism, tokenResponse } from "./smtp-token-login.ts";

const ANN = "ann@team.example";
const LONG_TOKEN = "x".repeat(2_000);
const REASON = Buffer.from('{"status":"400","schemes":"Bearer"}').toString("base64");

let server: Server;
afterEach(() => void server?.close());

/** Answers EHLO with these mechanisms, and AUTH and what follows with these replies, in turn. */
async function converse(
  mechanisms: string,
  replies: readonly string[],
  accessToken = "token1",
): Promise<{ heard: string[]; opening: Promise<unknown> }> {
  const heard: string[] = [];
  const left = [...replies];
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.write("220 mail.test\r\n");
    createInterface(socket).on("line", (line) => {
      heard.push(line);
      const reply = line.startsWith("EHLO")
        ? `250-mail.test\r\n250-AUTH ${mechanisms}\r\n250 SIZE 1000`
        : (left.shift() ?? "221 2.0.0 Bye");
      socket.write(`${reply}\r\n`);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const opening = openSmtp({
    host: "127.0.0.1",
    port,
    security: "none",
    login: { kind: "oauth", username: ANN, accessToken },
    connectTimeoutMs: 2_000,
    replyTimeoutMs: 2_000,
    allowPrivateHosts: true,
  }).then((session) => session.close());
  opening.catch(() => undefined);
  return { heard, opening };
}

const decoded = (base64 = "") => Buffer.from(base64, "base64").toString();

describe("an access token", () => {
  test("is shown by XOAUTH2, in one line", async () => {
    const { heard, opening } = await converse("PLAIN XOAUTH2 OAUTHBEARER", ["235 2.7.0 Accepted"]);
    await opening;
    const [, mechanism, response] = heard[1]?.split(" ") ?? [];
    expect([mechanism, decoded(response)]).toEqual(["XOAUTH2", `user=${ANN}\x01auth=Bearer token1\x01\x01`]);
  });

  test("is shown by OAUTHBEARER where the server knows nothing else", async () => {
    const { heard, opening } = await converse("PLAIN OAUTHBEARER", ["235 2.7.0 Accepted"]);
    await opening;
    const [, mechanism, response] = heard[1]?.split(" ") ?? [];
    const { port } = server.address() as AddressInfo;
    expect([mechanism, decoded(response)]).toEqual([
      "OAUTHBEARER",
      `n,a=${ANN},\x01host=127.0.0.1\x01port=${port}\x01auth=Bearer token1\x01\x01`,
    ]);
  });

  test("that is too long for a command line is sent when it is asked for", async () => {
    const { heard, opening } = await converse("XOAUTH2", ["334 ", "235 2.7.0 Accepted"], LONG_TOKEN);
    await opening;
    expect(heard[1]).toBe("AUTH XOAUTH2");
    expect(decoded(heard[2])).toContain(`Bearer ${LONG_TOKEN}`);
  });

  test("is not sent to a server that takes none, and neither as a password", async () => {
    const { heard, opening } = await converse("PLAIN LOGIN", []);
    await expect(opening).rejects.toMatchObject({ code: "smtp_auth", message: expect.stringContaining("takes no login by OAuth") });
    expect(heard.filter((line) => line.startsWith("AUTH"))).toEqual([]);
  });
});

describe("a token that is refused", () => {
  test.each([
    ["with a reason, which is answered with an empty line", "XOAUTH2", [`334 ${REASON}`, "535 5.7.8 Not accepted"], ""],
    ["with a reason, which OAUTHBEARER answers with 0x01", "OAUTHBEARER", [`334 ${REASON}`, "535 5.7.8 Not accepted"], "AQ=="],
  ] as const)("%s", async (_how, mechanism, replies, answer) => {
    const { heard, opening } = await converse(mechanism, replies);
    await expect(opening).rejects.toMatchObject({ code: "smtp_auth", retryable: false, detail: { code: 535, enhanced: "5.7.8" } });
    expect(heard[2]).toBe(answer);
  });

  test("at once, as Exchange does", async () => {
    const { opening } = await converse("XOAUTH2", ["535 5.7.139 SmtpClientAuthentication is disabled for the Tenant"]);
    await expect(opening).rejects.toMatchObject({ code: "smtp_auth", message: expect.stringContaining("is disabled for the Tenant") });
  });

  test("for a while only", async () => {
    const { opening } = await converse("XOAUTH2", ["454 4.7.0 Try again later"]);
    await expect(opening).rejects.toMatchObject({ code: "smtp_auth", retryable: true });
  });

  test("is not repeated in the error, though the server repeats it", async () => {
    const response = tokenResponse("XOAUTH2", { kind: "oauth", username: ANN, accessToken: "token1" }, { host: "h", port: 1 });
    const { opening } = await converse("XOAUTH2", [`500 5.5.1 what is AUTH XOAUTH2 ${response} or token1`]);
    const error = (await opening.catch((thrown: unknown) => thrown)) as AgentError;
    expect(error.message).toContain("what is AUTH XOAUTH2 ***");
    expect(JSON.stringify([error.message, error.detail])).not.toMatch(new RegExp(`token1|${response}`));
  });
});

test("only whole names of mechanisms count", () => {
  expect(tokenMechanism("250-mail.test\r\n250-AUTH PLAIN XOAUTH2X\r\n250 SIZE")).toBeNull();
  expect(tokenMechanism("250-mail.test\r\n250 AUTH=PLAIN xoauth2")).toBe("XOAUTH2");
});

test("nobody slips fields into what is shown", () => {
  const login = { kind: "oauth", username: "ann=x,y\x01auth=Bearer stolen", accessToken: "token1\x01more" } as const;
  expect(decoded(tokenResponse("OAUTHBEARER", login, { host: "h", port: 1 }))).toBe(
    "n,a=ann=3Dx=2Cyauth=3DBearer stolen,\x01host=h\x01port=1\x01auth=Bearer token1more\x01\x01",
  );
});
