// A person with an account in the lab, and the mail program they use: it reads over IMAP, and answers over SMTP with a login, both encrypted.
import { randomBytes } from "node:crypto";
import { chownSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ImapFlow } from "imapflow";
import { createTransport } from "nodemailer";
import { vi } from "vitest";
import type { InboundMail } from "../../src/core/inbound-mail.ts";
import { parseMail } from "../../src/mail/parse.ts";
import { MAIL_OWNER } from "./dovecot-config.ts";
import type { MailLab } from "./mail-lab.ts";

/** How long real servers may take for what they do on their own, milliseconds. */
export const SOON = { timeout: 45_000, interval: 100 };

const SERVER = { host: "127.0.0.1", tls: { servername: "localhost" } };

export interface KeptMail {
  readonly uid: number;
  readonly flags: readonly string[];
  readonly mail: InboundMail;
  readonly text: string;
}

/** An address that no other test has. */
export function newAddress(name: string, domain: string): string {
  return `${name}-${randomBytes(4).toString("hex")}@${domain}`;
}

export class MailAccount {
  readonly address: string;
  readonly password = `pw ${randomBytes(6).toString("hex")}`;
  readonly #lab: MailLab;

  /** The account exists from now on. */
  constructor(lab: MailLab, name: string, domain: string) {
    this.#lab = lab;
    this.address = newAddress(name, domain);
    writeFileSync(join(lab.dovecot, "accounts", this.address), `${this.address}:{PLAIN}${this.password}::::::\n`);
  }

  /** What the server does with incoming mail. */
  filter(sieve: string): void {
    const file = join(this.#lab.dovecot, "sieve", `${this.address}.sieve`);
    writeFileSync(file, sieve);
    chownSync(file, MAIL_OWNER.uid, MAIL_OWNER.gid);
  }

  /** Works on the account as a mail program does. */
  async program<Result>(work: (client: ImapFlow) => Promise<Result>): Promise<Result> {
    const auth = { user: this.address, pass: this.password };
    const client = new ImapFlow({ ...SERVER, port: this.#lab.ports.imaps, secure: true, auth, logger: false });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.logout();
    }
  }

  /** Everything in a folder, marked as it is, without marking it. */
  mails(folder = "INBOX"): Promise<KeptMail[]> {
    return this.program(async (client) => {
      const { exists } = await client.mailboxOpen(folder, { readOnly: true });
      const kept: KeptMail[] = [];
      if (exists === 0) return kept;
      for await (const { uid, flags, source } of client.fetch("1:*", { uid: true, flags: true, source: true })) {
        const raw = source ?? Buffer.alloc(0);
        kept.push({ uid, flags: [...(flags ?? [])], mail: await parseMail(raw), text: raw.toString("latin1") });
      }
      return kept;
    });
  }

  /** Waits until a folder holds `count` mails; gives the last. Fails when it holds more. */
  async receives(count: number, folder = "INBOX"): Promise<KeptMail> {
    return vi.waitFor(async () => {
      const kept = await this.mails(folder);
      if (kept.length !== count) throw new Error(`${folder} of ${this.address} holds ${kept.length} mails instead of ${count}.`);
      return kept[count - 1] as KeptMail;
    }, SOON);
  }

  /** Answers through the server, as mail programs do; gives the bytes that went out. */
  async reply(to: InboundMail, text: string): Promise<Buffer> {
    const messageId = to.messageId ?? "";
    const wanted = to.replyTo[0]?.address ?? to.from?.address ?? "";
    return this.send({ to: wanted, subject: `Re: ${to.subject}`, text, inReplyTo: messageId, references: [...to.references, messageId] });
  }

  async send(mail: { to: string; subject: string; text: string; inReplyTo?: string; references?: string[] }): Promise<Buffer> {
    const auth = { user: this.address, pass: this.password };
    const composer = createTransport({ streamTransport: true, buffer: true, newline: "windows" });
    const raw = (await composer.sendMail({ from: this.address, ...mail })).message as Buffer;
    const program = createTransport({ ...SERVER, port: this.#lab.ports.submission, requireTLS: true, auth });
    await program.sendMail({ envelope: { from: this.address, to: mail.to }, raw });
    program.close();
    return raw;
  }
}
