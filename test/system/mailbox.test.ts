// A mailbox of a real provider is added: encrypted both ways, with the right password, from a server that shows a certificate we trust.
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { testMailbox } from "../../src/automations/test-mailbox.ts";
import type { AgentError } from "../../src/core/errors.ts";
import { mailboxByAddress } from "../../src/store/mailbox.ts";
import { databaseForTests } from "../support/database.ts";
import { STRANGER_HOST } from "./dovecot-config.ts";
import { Team } from "./team.ts";

const lab = inject("mailLab");
const { ports } = lab;
const WORKS = { smtp: { ok: true }, imap: { ok: true } };
const imap = { host: "localhost", port: ports.imap, security: "starttls" } as const;

const database = await databaseForTests();
let team: Team;

beforeEach(async () => {
  team = await Team.begin(lab, database);
});
afterEach(() => team.close());

const stored = () => mailboxByAddress(database.db, team.workspaceId, team.anna.address);

async function refusal(adding: Promise<unknown>): Promise<AgentError> {
  const error = await adding.then(
    () => expect.unreachable("it was added"),
    (thrown: AgentError) => thrown,
  );
  expect(await stored()).toBeNull();
  return error;
}

describe("a mailbox logs in", () => {
  test.each([
    ["by STARTTLS", ports.submission, ports.imap, "starttls"],
    ["by TLS from the first byte", ports.submissions, ports.imaps, "tls"],
  ] as const)("%s", async (_how, smtpPort, imapPort, security) => {
    const server = (port: number) => ({ host: "localhost", port, security });
    const { tests } = await team.addMailbox({ smtp: server(smtpPort), imap: server(imapPort) });
    expect(tests).toEqual(WORKS);
    const mailbox = await stored();
    expect(mailbox && (await testMailbox(team.agent, mailbox))).toEqual(WORKS);
  });
});

describe("a mailbox is refused", () => {
  test("for a wrong password, in the words of both servers", async () => {
    const error = await refusal(team.addMailbox({ password: "wrong guess" }));
    expect(error.code).toBe("smtp_auth");
    const { address } = team.anna;
    expect(error.message).toContain(`The SMTP server localhost:${ports.submission} refused the user name or password of ${address}`);
    expect(error.message).toContain("535 5.7.8 Error: authentication failed");
    expect(error.message).toContain(`The IMAP server localhost:${ports.imap} refused the user name or password of ${address}`);
    expect(error.message).not.toContain("wrong guess");
  });

  test("for a certificate that nobody we trust has signed", async () => {
    const smtp = { host: "localhost", port: ports.strangerSubmissions, security: "tls" } as const;
    const error = await refusal(team.addMailbox({ smtp, imap: { ...imap, host: STRANGER_HOST } }));
    expect(error.code).toBe("smtp_tls");
    expect(error.message).toContain(`The certificate of the SMTP server localhost:${ports.strangerSubmissions} is refused (self-signed`);
    expect(error.message).toContain(`The certificate of the IMAP server ${STRANGER_HOST}:${ports.imap} is refused (self-signed`);
  });

  test("for a certificate of another name", async () => {
    const smtp = { host: "127.0.0.1", port: ports.submission, security: "starttls" } as const;
    const error = await refusal(team.addMailbox({ smtp, imap: { ...imap, host: "127.0.0.1" } }));
    expect(error.code).toBe("smtp_tls");
    expect(error.message).toContain(`The certificate of the SMTP server 127.0.0.1:${ports.submission} is refused`);
    expect(error.message).toContain(`The certificate of the IMAP server 127.0.0.1:${ports.imap} is refused`);
  });

  test("where the servers take passwords only encrypted, and it would send them in the clear", async () => {
    const smtp = { host: "localhost", port: ports.submission, security: "none" } as const;
    // Dovecot takes a connection from an address to itself for a safe one; this one comes from 127.0.0.1.
    const error = await refusal(team.addMailbox({ smtp, imap: { ...imap, host: STRANGER_HOST, security: "none" } }));
    expect(error.message).toContain("takes no user name and password here; choose security starttls or tls");
    expect(error.message).toContain("takes no password on an unencrypted connection; choose security tls or starttls");
  });

  test("where the security does not fit the port", async () => {
    const smtp = { host: "localhost", port: ports.submission, security: "tls" } as const;
    const error = await refusal(team.addMailbox({ smtp, imap: { ...imap, security: "tls" } }));
    expect(error.message).toContain(`The SMTP server localhost:${ports.submission} does not speak TLS on this port`);
    expect(error.message).toContain(`The IMAP server localhost:${ports.imap} does not speak TLS on this port`);
  });
});
