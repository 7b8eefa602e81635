// Real sockets for scenarios: an SMTP server that counts, and fails when told to; an IMAP server that tells what a client left behind.
import { createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type ImapExtension, type ImapFolder, type StoredMail, startImapServer as startHoodiecrow } from "../../src/sandbox/hoodiecrow.ts";
import { listening } from "./listening.ts";

const HOST = "127.0.0.1";

export interface SmtpReply {
  readonly code: number;
  /** With its enhanced status code, where it has one. */
  readonly text: string;
}

export interface AcceptedMail {
  /** With its brackets; "" when the mail has none. */
  readonly messageId: string;
  /** Envelope addresses. */
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly at: Date;
}

/** What goes wrong. May be changed while the server runs; counts from the next command on. */
export interface SmtpFaults {
  /** 421 instead of the greeting. */
  refuseConnections?: boolean;
  failAuth?: boolean | SmtpReply;
  onMailFrom?: (address: string) => SmtpReply | null;
  onRcpt?: (address: string) => SmtpReply | null;
  /** Asked at the final dot; what it refuses is not accepted. */
  onData?: (mail: AcceptedMail) => SmtpReply | null;
  /** The connection is lost when the client says DATA: for every mail, or for those to a recipient. */
  dropBeforeData?: boolean | ((recipient: string) => boolean);
  /** The mail is accepted, and the connection lost before the client hears of it. */
  dropAfterDot?: boolean | ((mail: AcceptedMail) => boolean);
  /** The mail is lost, and the connection with it: to the client this looks like `dropAfterDot`. */
  loseAfterDot?: boolean | ((mail: AcceptedMail) => boolean);
  /** The mail is accepted, and the client hears nothing at all. */
  silentAfterDot?: boolean | ((mail: AcceptedMail) => boolean);
  /** QUIT is answered by hanging up. */
  failQuit?: boolean;
  /** Before the answer, in ms. */
  delays?: { readonly greeting?: number; readonly rcpt?: number; readonly data?: number; readonly dot?: number };
}

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly accepted: readonly AcceptedMail[];
  /** How many connections there were, and how many commands of each kind. */
  readonly connections: number;
  readonly commands: Readonly<Record<string, number>>;
  readonly faults: SmtpFaults;
  stop(): Promise<void>;
}

export interface SmtpOptions {
  readonly faults?: SmtpFaults;
  /** Without: any user name and password will do. */
  readonly users?: Readonly<Record<string, string>>;
  readonly now?: () => Date;
}

export async function startSmtpServer({ faults = {}, users, now = () => new Date() }: SmtpOptions = {}): Promise<SmtpServer> {
  const state = { accepted: [] as AcceptedMail[], connections: 0, commands: {} as Record<string, number>, faults };
  const server = createServer((socket) => {
    state.connections += 1;
    socket.setNoDelay(true).on("error", hungUp);
    new SmtpConversation(socket, state, users, now).run().catch(hungUp);
  });
  return Object.assign(state, { host: HOST, ...(await listening(server)) });
}

interface SmtpState {
  readonly accepted: AcceptedMail[];
  readonly commands: Record<string, number>;
  readonly faults: SmtpFaults;
}

/** One connection: commands are answered one after the other, also when they come in one packet (RFC 2920). */
class SmtpConversation {
  readonly #socket: Socket;
  readonly #state: SmtpState;
  readonly #users: SmtpOptions["users"];
  readonly #now: () => Date;
  #lines: AsyncGenerator<string, void>;
  #from = "";
  #to: string[] = [];

  constructor(socket: Socket, state: SmtpState, users: SmtpOptions["users"], now: () => Date) {
    this.#socket = socket;
    this.#state = state;
    this.#users = users;
    this.#now = now;
    this.#lines = linesOf(socket);
  }

  async run(): Promise<void> {
    const { faults } = this.#state;
    await sleep(faults.delays?.greeting ?? 0);
    if (faults.refuseConnections) return this.#hangUp({ code: 421, text: "4.3.2 Service not available" });
    this.#say({ code: 220, text: "smtp.test.example ESMTP" });
    for (let line = await this.#next(); line !== null && !this.#socket.destroyed; line = await this.#next()) await this.#obey(line);
  }

  async #next(): Promise<string | null> {
    const { value, done } = await this.#lines.next();
    return done ? null : value;
  }

  async #obey(line: string): Promise<void> {
    const { faults, commands } = this.#state;
    const verb = line.split(" ", 1)[0]?.toUpperCase() ?? "";
    commands[verb] = (commands[verb] ?? 0) + 1;
    switch (verb) {
      case "EHLO":
        return void this.#socket.write(
          "250-smtp.test.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-AUTH PLAIN LOGIN\r\n250 ENHANCEDSTATUSCODES\r\n",
        );
      case "AUTH":
        return this.#authenticate(line);
      case "MAIL":
        this.#from = addressIn(line);
        this.#to = [];
        return this.#say(faults.onMailFrom?.(this.#from) ?? { code: 250, text: "2.1.0 Ok" });
      case "RCPT":
        return this.#recipient(addressIn(line));
      case "DATA":
        return this.#data();
      case "QUIT":
        return this.#hangUp(faults.failQuit ? null : { code: 221, text: "2.0.0 Bye" });
      default:
        return this.#say({ code: 250, text: "2.0.0 Ok" });
    }
  }

  async #authenticate(line: string): Promise<void> {
    const [, method = "", initial] = line.split(" ");
    const [user, password] = method.toUpperCase() === "PLAIN" ? await this.#plain(initial) : await this.#login(initial);
    const { failAuth } = this.#state.faults;
    const known = this.#users === undefined || (user !== undefined && this.#users[user] === password);
    if (!failAuth && known) return this.#say({ code: 235, text: "2.7.0 Authentication successful" });
    this.#say(typeof failAuth === "object" ? failAuth : { code: 535, text: "5.7.8 Authentication failed" });
  }

  async #plain(initial: string | undefined): Promise<(string | undefined)[]> {
    return decoded(initial ?? (await this.#ask("")))
      .split("\0")
      .slice(1);
  }

  async #login(initial: string | undefined): Promise<(string | undefined)[]> {
    const user = initial ?? (await this.#ask("VXNlcm5hbWU6"));
    return [decoded(user), decoded(await this.#ask("UGFzc3dvcmQ6"))];
  }

  async #ask(text: string): Promise<string> {
    this.#say({ code: 334, text });
    return (await this.#next()) ?? "";
  }

  async #recipient(address: string): Promise<void> {
    const { faults } = this.#state;
    await sleep(faults.delays?.rcpt ?? 0);
    const refusal = faults.onRcpt?.(address) ?? null;
    if (refusal === null) this.#to.push(address);
    this.#say(refusal ?? { code: 250, text: "2.1.5 Ok" });
  }

  async #data(): Promise<void> {
    const { faults } = this.#state;
    await sleep(faults.delays?.data ?? 0);
    if (applies(faults.dropBeforeData, this.#to[0] ?? "")) return this.#hangUp(null);
    if (this.#to.length === 0) return this.#say({ code: 554, text: "5.5.1 No valid recipients" });
    this.#say({ code: 354, text: "End data with <CR><LF>.<CR><LF>" });
    const raw = await this.#untilDot();
    if (raw !== null) await this.#atDot(this.#mailOf(raw));
  }

  async #atDot(mail: AcceptedMail): Promise<void> {
    const { faults, accepted } = this.#state;
    await sleep(faults.delays?.dot ?? 0);
    const refusal = faults.onData?.(mail);
    if (refusal) return this.#say(refusal);
    if (applies(faults.loseAfterDot, mail)) return this.#hangUp(null);
    accepted.push(mail);
    if (applies(faults.dropAfterDot, mail)) return this.#hangUp(null);
    if (!applies(faults.silentAfterDot, mail)) this.#say({ code: 250, text: `2.0.0 Ok: queued as T${accepted.length}` });
  }

  #mailOf(raw: string): AcceptedMail {
    const messageId = /^message-id:\s*(<[^>]*>)/im.exec(raw)?.[1] ?? "";
    return { messageId, from: this.#from, to: this.#to, raw, at: this.#now() };
  }

  /** Without the doubled dots (RFC 5321 §4.5.2); null when the connection ended before. */
  async #untilDot(): Promise<string | null> {
    const lines: string[] = [];
    for (let line = await this.#next(); line !== null; line = await this.#next()) {
      if (line === ".") return `${lines.join("\r\n")}\r\n`;
      lines.push(line.replace(/^\./, ""));
    }
    return null;
  }

  #say({ code, text }: SmtpReply): void {
    this.#socket.write(`${code} ${text}\r\n`);
  }

  #hangUp(last: SmtpReply | null): void {
    if (last === null) this.#socket.destroy();
    else this.#socket.end(`${last.code} ${last.text}\r\n`);
  }
}

function applies<Of>(fault: boolean | ((of: Of) => boolean) | undefined, of: Of): boolean {
  return typeof fault === "function" ? fault(of) : (fault ?? false);
}

function addressIn(command: string): string {
  return /<([^>]*)>/.exec(command)?.[1] ?? "";
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

async function* linesOf(socket: Socket): AsyncGenerator<string, void> {
  let rest = "";
  for await (const chunk of socket.setEncoding("utf8")) {
    const lines = (rest + String(chunk)).split("\r\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

function hungUp(): void {}

export interface ImapOptions {
  readonly address: string;
  readonly password: string;
  /** What a login by XOAUTH2 must show now; without it, there is no such login. */
  readonly accessToken?: () => string | null;
  /** Beside INBOX. Sent and Junk by default; nested ones with slashes. */
  readonly folders?: readonly ImapFolder[];
  /** What the server cannot do, such as IDLE or CONDSTORE. */
  readonly without?: readonly ImapExtension[];
  /** Give every folder this UIDVALIDITY, as some servers do: a UID alone then names several mails. */
  readonly uidValidity?: number;
}

export interface ImapServer {
  readonly host: string;
  readonly port: number;
  /** A mail arrives, and clients in IDLE hear of it. Returns its UID. */
  deliver(raw: string, folder?: string, at?: Date): number;
  /** With their flags: `\Seen` would mean that somebody's unread mail was marked as read. */
  messages(folder?: string): readonly StoredMail[];
  setPassword(password: string): void;
  /** The server lost its UIDs: clients must forget what they know about the folder. */
  setUidValidity(folder: string, value: number): void;
  dropConnections(): void;
  stop(): Promise<void>;
}

const USUAL_FOLDERS: readonly ImapFolder[] = [
  { path: "Sent", specialUse: "\\Sent" },
  { path: "Junk", specialUse: "\\Junk" },
];

export async function startImapServer({ folders = USUAL_FOLDERS, uidValidity, ...options }: ImapOptions): Promise<ImapServer> {
  const same = uidValidity === undefined ? {} : { uidValidity };
  const server = await startHoodiecrow({
    ...options,
    folders: folders.map((folder) => ({ ...same, ...folder })),
    clock: { now: () => new Date() },
    ...(uidValidity === undefined ? {} : { inboxUidValidity: uidValidity }),
  });
  return { ...server, deliver: (raw, folder, at = new Date()) => server.append(Buffer.from(raw), at, folder) };
}
