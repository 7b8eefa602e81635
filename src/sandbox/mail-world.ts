// The mail world of the sandbox: an SMTP server, an IMAP server for each mailbox, and people who answer what they get.
// The product sees ordinary mail servers; nothing leaves this machine.
import { createHash } from "node:crypto";
import type { Clock, Instant } from "../core/instant.ts";
import { type WrittenMail, writeAbsenceNotice, writeAnswer } from "./answer-mail.ts";
import { USER_UNKNOWN, userUnknown, writeDeliveryReport } from "./delivery-report.ts";
import { type ImapServer, startImapServer } from "./hoodiecrow.ts";
import { type Acquaintance, type Person, personAt, type Reaction, reactionTo, refusesMail, type Topic } from "./people.ts";
import { type ReceivedMail, readReceivedMail } from "./received-mail.ts";
import { type SubmissionServer, type SubmittedMail, startSubmissionServer } from "./submission-server.ts";

const FOLDERS = [
  { path: "Sent", specialUse: "\\Sent" },
  { path: "Junk", specialUse: "\\Junk" },
] as const;

export interface MailWorldOptions {
  readonly seed: number;
  readonly clock: Clock;
  /** Sleeps `ms` of domain time; rejects when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly mailboxes: readonly { readonly address: string; readonly password: string; readonly name?: string }[];
  /** By address, in lower case: what is not drawn. */
  readonly people?: Readonly<Record<string, Partial<Person>>>;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** One mail to one recipient, as the SMTP server took it. */
export interface AcceptedMail {
  readonly from: string;
  readonly to: string;
  readonly messageId: string | null;
  readonly subject: string;
  readonly at: Instant;
}

export interface MailWorld {
  readonly smtp: Endpoint;
  /** Of one of the mailboxes; throws for another address. */
  imap(address: string): Endpoint;
  /** How many mails were accepted. */
  readonly received: number;
  /** Mails that were accepted for somebody whose opt-out lay in the mailbox already. They get no answer. */
  readonly embarrassments: number;
  /** All accepted mails, oldest first. */
  messages(): readonly AcceptedMail[];
  /** Who lives at an address. */
  personAt(address: string): Person;
  stop(): Promise<void>;
}

/** Starts all servers on free ports of 127.0.0.1. Two worlds with the same seed are inhabited by the same people. */
export async function startMailWorld(options: MailWorldOptions): Promise<MailWorld> {
  const mailboxes = new Map<string, ImapServer>();
  for (const { address, password } of options.mailboxes)
    mailboxes.set(plain(address), await startImapServer({ address, password, folders: FOLDERS, clock: options.clock }));
  const world = new RunningWorld(options, mailboxes);
  await world.open();
  return world;
}

interface Resident extends Acquaintance {
  readonly person: Person;
  mails: number;
  answers: number;
  answering: boolean;
  optedOut: boolean;
}

/** On its way to one person. */
interface HandedMail extends Omit<SubmittedMail, "to"> {
  readonly to: string;
  readonly read: ReceivedMail;
  readonly queueId: string;
  readonly at: Instant;
}

const NONE = { kind: "none" } as const;

class RunningWorld implements MailWorld {
  received = 0;
  embarrassments = 0;
  readonly #options: MailWorldOptions;
  readonly #mailboxes: ReadonlyMap<string, ImapServer>;
  readonly #residents = new Map<string, Resident>();
  readonly #accepted: AcceptedMail[] = [];
  readonly #stopping = new AbortController();
  /** What people are about to do. */
  readonly #errands = new Set<Promise<void>>();
  readonly #failures: unknown[] = [];
  #submission: SubmissionServer | undefined;

  constructor(options: MailWorldOptions, mailboxes: ReadonlyMap<string, ImapServer>) {
    this.#options = options;
    this.#mailboxes = mailboxes;
  }

  async open(): Promise<void> {
    const passwords = new Map(this.#options.mailboxes.map(({ address, password }) => [address.toLowerCase(), password]));
    this.#submission = await startSubmissionServer({
      knows: (address, password) => passwords.get(address.toLowerCase()) === password,
      refusal: (address) => (!this.#mailboxes.has(plain(address)) && refusesMail(this.personAt(address)) ? userUnknown(address) : null),
      accept: (mail) => this.#accept(mail),
    });
  }

  get smtp(): Endpoint {
    if (!this.#submission) throw new Error("The mail world is not open.");
    return { host: this.#submission.host, port: this.#submission.port };
  }

  imap(address: string): Endpoint {
    const mailbox = this.#mailboxes.get(plain(address));
    if (!mailbox) throw new Error(`Nobody has the mailbox ${address}.`);
    return { host: mailbox.host, port: mailbox.port };
  }

  messages(): readonly AcceptedMail[] {
    return [...this.#accepted];
  }

  personAt(address: string): Person {
    return this.#residentAt(address).person;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#submission?.stop();
    await Promise.all(this.#errands);
    await Promise.all([...this.#mailboxes.values()].map((mailbox) => mailbox.stop()));
    if (this.#failures.length > 0) throw new AggregateError(this.#failures, "People of the sandbox could not do what they meant to.");
  }

  /** What is counted is complete when the sender hears "250"; people come afterwards. */
  async #accept(mail: SubmittedMail): Promise<string> {
    const read = await readReceivedMail(mail.raw);
    const at = this.#options.clock.now();
    const queueId = createHash("sha256")
      .update(`${this.#options.seed} ${++this.received}`)
      .digest("hex")
      .slice(0, 10)
      .toUpperCase();
    for (const to of mail.to) {
      this.#accepted.push({ from: mail.from, to, messageId: read.messageId, subject: read.subject, at });
      if (this.#mailboxes.has(plain(to))) this.#deliver({ from: mail.from, to, raw: mail.raw });
      else this.#handOver({ ...mail, to, read, queueId, at });
    }
    return queueId;
  }

  #handOver(mail: HandedMail): void {
    const resident = this.#residentAt(mail.to);
    resident.mails += 1;
    if (resident.optedOut) this.embarrassments += 1;
    const reaction = resident.optedOut ? NONE : reactionTo(resident.person, resident);
    if (reaction.kind === "answer") resident.answering = true;
    if (reaction.kind !== "none") this.#run(() => this.#react(resident, reaction, mail));
  }

  async #react(resident: Resident, reaction: Exclude<Reaction, typeof NONE>, mail: HandedMail): Promise<void> {
    const { clock, wait } = this.#options;
    await wait(reaction.afterMs, this.#stopping.signal);
    switch (reaction.kind) {
      case "answer":
        return this.#answer(resident, reaction.topic, mail.read);
      case "absence_notice": {
        const notice = await writeAbsenceNotice(resident.person, reaction.days, mail.read, clock.now());
        return void this.#deliver({ ...notice, from: "" });
      }
      case "delivery_report":
        return this.#report(mail);
      default:
        return reaction satisfies never;
    }
  }

  async #answer(resident: Resident, topic: Topic, read: ReceivedMail): Promise<void> {
    const answer = await writeAnswer(resident.person, topic, read, this.#options.clock.now());
    resident.answering = false;
    if (!this.#deliver(answer)) return;
    resident.answers += 1;
    resident.optedOut ||= topic === "opts_out";
  }

  /** RFC 5321 §6.1: nobody is told about the failure of a mail with a null sender. */
  #report({ from: sender, to: recipient, raw, queueId, at }: HandedMail): void {
    if (sender === "") return;
    const remote = `mx1.${recipient.slice(recipient.lastIndexOf("@") + 1)}[192.0.2.25]`;
    const said = { remote, diagnostic: `550 ${userUnknown(recipient)}`, status: USER_UNKNOWN };
    const failed = { sender, recipient, raw, queueId, acceptedAt: at, reportedAt: this.#options.clock.now(), ...said };
    this.#deliver({ from: "", to: sender, raw: writeDeliveryReport(failed) });
  }

  /** Into INBOX, below the lines of the server that delivers. False when there is no such mailbox: nobody reads it. */
  #deliver({ from, to, raw }: WrittenMail): boolean {
    const mailbox = this.#mailboxes.get(plain(to));
    const at = this.#options.clock.now();
    const date = at.toUTCString().replace("GMT", "+0000");
    const trace = `Return-Path: <${from}>\r\nDelivered-To: ${to}\r\nReceived: by mail.sandbox.example (Sandbox) with ESMTP; ${date}\r\n`;
    mailbox?.append(Buffer.concat([Buffer.from(trace), raw]), at);
    return mailbox !== undefined;
  }

  #residentAt(address: string): Resident {
    const key = address.toLowerCase();
    const known = this.#residents.get(key);
    if (known) return known;
    const person = personAt(this.#options.seed, address, this.#options.people?.[key]);
    const resident = { person, mails: 0, answers: 0, answering: false, optedOut: false };
    this.#residents.set(key, resident);
    return resident;
  }

  #run(errand: () => Promise<void>): void {
    const running = errand()
      .catch((error: unknown) => {
        if (!this.#stopping.signal.aborted) this.#failures.push(error);
      })
      .finally(() => this.#errands.delete(running));
    this.#errands.add(running);
  }
}

/** The mailbox of an address: `Anna+token@` is read by whoever reads `anna@`. */
function plain(address: string): string {
  return address.toLowerCase().replace(/\+[^@]*@/, "@");
}
