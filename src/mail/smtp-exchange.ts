// Sends mails over a connection that is logged in, and says how far each of them came: accepted, refused at which command, surely not accepted, or
// unknown. nodemailer's connection took a third of a sender's processor time for it; nothing here is ever sent twice by itself.
import { once } from "node:events";
import type { Socket } from "node:net";
import type { SmtpOutcome, SmtpStage } from "../core/smtp-verdict.ts";
import { breaksOut, type Extensions, mailCommand, mailData, rcptCommand, type SmtpEnvelope } from "./smtp-commands.ts";
import { type Reply, ReplyReader, readReply } from "./smtp-reply.ts";
import { within } from "./time-limit.ts";

export interface SmtpSession {
  /** Sends one mail; one at a time. Never throws for what a server or a network does. */
  transmit(envelope: SmtpEnvelope, raw: Buffer): Promise<SmtpOutcome>;
  /** Says good-bye. Never throws: a QUIT that fails after an accepted mail changes nothing. */
  close(): Promise<void>;
  /** False once the connection is gone. */
  readonly usable: boolean;
}

/** A server that trickles bytes never trips the timer of silence: a mail ends after this many reply timeouts. */
export const PATIENCE = 5;
const GOODBYE_MS = 3_000;

/** What a reply answers. `no_mail` is the lone dot after which a mail without recipients ends. */
type Asked = "rset" | SmtpStage | "no_mail" | "quit";

interface Command {
  readonly asks: Asked;
  readonly line: string;
}

type Refusal = Extract<SmtpOutcome, { kind: "refused" }>;

/** A mail on its way. */
interface Delivery {
  readonly raw: Buffer;
  /** Commands that were not said yet. */
  readonly unsaid: Command[];
  /** The first no to one of them. */
  refusal: Refusal | null;
  /** The server asked for the mail and its bytes were written: until then it cannot have accepted it, from then on only its reply tells. */
  isData: boolean;
  readonly settle: (outcome: SmtpOutcome) => void;
}

/** Speaks on a socket that nobody else reads from any more. Replies are counted: what answers nothing that was asked ends the connection. */
export class SmtpExchange implements SmtpSession {
  readonly #socket: Socket;
  readonly #extensions: Extensions;
  readonly #patience: NodeJS.Timeout;
  readonly #replies = new ReplyReader();
  /** What was asked and not answered, in order. */
  #asked: Asked[] = [];
  #delivery: Delivery | null = null;
  /** A refused mail leaves the transaction open; the next MAIL FROM would be "nested" (RFC 5321 §4.1.4). */
  #openTransaction = false;
  #lastReply = "";
  #hasEnded = false;

  constructor(socket: Socket, extensions: Extensions, replyTimeoutMs: number) {
    this.#socket = socket;
    this.#extensions = extensions;
    const end = () => this.#end();
    // One timer for all mails: to arm it again costs next to nothing.
    this.#patience = setTimeout(() => this.#delivery && end(), replyTimeoutMs * PATIENCE);
    socket.setTimeout(replyTimeoutMs, end);
    for (const event of ["end", "close", "error"]) socket.on(event, end);
    socket.on("data", (chunk: Buffer) => this.#hear(chunk));
  }

  get usable(): boolean {
    return !this.#hasEnded && this.#socket.writable;
  }

  transmit(envelope: SmtpEnvelope, raw: Buffer): Promise<SmtpOutcome> {
    if (!this.usable || breaksOut(envelope)) return Promise.resolve(LOST);
    if (this.#extensions.size && raw.length > this.#extensions.size) return Promise.resolve(TOO_LARGE);
    const { promise, resolve: settle } = Promise.withResolvers<SmtpOutcome>();
    const unsaid: Command[] = [
      ...(this.#openTransaction ? [RSET] : []),
      { asks: "mail", line: mailCommand(envelope, raw, this.#extensions) },
      { asks: "rcpt", line: rcptCommand(envelope) },
      DATA,
    ];
    this.#delivery = { raw, unsaid, refusal: null, isData: false, settle };
    this.#patience.refresh();
    this.#goOn(this.#delivery);
    return promise;
  }

  async close(): Promise<void> {
    if (this.usable && this.#delivery === null) {
      const closed = once(this.#socket, "close");
      this.#say(QUIT);
      await within(GOODBYE_MS, closed).catch(() => undefined);
    }
    this.#end();
  }

  #say(...commands: readonly Command[]): void {
    this.#asked.push(...commands.map(({ asks }) => asks));
    this.#socket.write(commands.map(({ line }) => line).join(""));
  }

  #hear(chunk: Buffer): void {
    this.#replies.add(chunk);
    while (!this.#hasEnded) {
      const reply = this.#replies.next();
      if (reply === null) break;
      this.#hearReply(reply);
    }
    if (this.#asked.length === 0 && this.#replies.hasMore) this.#end();
  }

  #hearReply(reply: Reply): void {
    const asked = this.#asked.shift();
    this.#lastReply = reply.text;
    if (asked === "quit") this.#socket.destroySoon();
    else if (asked === undefined || this.#delivery === null || !this.#follow(this.#delivery, asked, reply)) this.#end();
    // Whatever it answers, it says that the server closes the connection (RFC 5321 §3.8).
    else if (reply.code === 421) this.#end();
  }

  /** False: the connection cannot be used any more. */
  #follow(delivery: Delivery, asked: Exclude<Asked, "quit">, reply: Reply): boolean {
    const answer = answerOf(reply);
    switch (asked) {
      case "rset":
        return answer === "yes" && this.#goOn(delivery);
      case "mail":
      case "rcpt":
        if (answer === "no") delivery.refusal ??= refused(asked, reply);
        return (answer === "yes" || answer === "no") && this.#goOn(delivery);
      case "data":
        return delivery.refusal ? this.#dataInVain(delivery.refusal, answer) : this.#data(delivery, answer, reply);
      case "no_mail":
        return delivery.refusal !== null && this.#settle(delivery.refusal);
      case "dot":
        return this.#dot(answer, reply);
      default:
        return asked satisfies never;
    }
  }

  /** Says the next commands: all at once where the server pipelines. Before that, all that was said must be answered (RFC 2920 §3.1). */
  #goOn(delivery: Delivery): boolean {
    if (this.#asked.length > 0) return true;
    if (delivery.refusal) return this.#settle(delivery.refusal);
    this.#say(...delivery.unsaid.splice(0, this.#extensions.pipelining ? delivery.unsaid.length : 1));
    return true;
  }

  /**
   * The mail is written when the server has asked for it, and has said nothing beyond that: such words would be taken for its answer to the mail.
   * Some servers ask by a 2xx; among pipelined replies it is more likely one too many, and the 354 still to come.
   */
  #data(delivery: Delivery, answer: Answer, reply: Reply): boolean {
    if (answer === "no") return this.#settle(refused("data", reply));
    const isAsked = answer === "go_on" || (answer === "yes" && !this.#extensions.pipelining);
    if (!isAsked || this.#replies.hasMore || !this.#socket.writable) return false;
    delivery.isData = true;
    this.#asked.push("dot");
    this.#socket.write(mailData(delivery.raw));
    return true;
  }

  /** A server that asks for the mail of which it refused the recipient gets an empty one (RFC 2920 §3.1). Without a sender there is nothing to end. */
  #dataInVain(refusal: Refusal, answer: Answer): boolean {
    if (answer === "no") return this.#settle(refusal);
    if (answer !== "go_on" || refusal.stage !== "rcpt" || this.#replies.hasMore) return false;
    this.#say(NO_MAIL);
    return true;
  }

  /** A reply that came before the last dot left cannot accept the mail, and the dot must not follow a refusal. */
  #dot(answer: Answer, reply: Reply): boolean {
    const dotHasLeft = this.#socket.writableLength === 0;
    if (answer === "no") this.#settle(refused("dot", reply));
    else if (answer === "yes" && dotHasLeft) this.#settle({ kind: "accepted", reply: readReply(reply.text) });
    else return false;
    return dotHasLeft;
  }

  #settle(outcome: SmtpOutcome): true {
    this.#delivery?.settle(outcome);
    this.#delivery = null;
    this.#openTransaction = outcome.kind === "refused";
    return true;
  }

  /** The connection broke, or is given up. Nothing that was not written yet is written after this. */
  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#patience);
    this.#socket.destroy();
    if (this.#delivery) this.#settle(this.#outcomeOfEnd(this.#delivery));
  }

  #outcomeOfEnd({ refusal, isData }: Delivery): SmtpOutcome {
    if (refusal) return refusal;
    const { unfinished } = this.#replies;
    const reply = readReply(unfinished);
    // Words without a line end: a server that hangs up after its no has refused all the same; a yes may have been another one.
    if (/^[45]\d\d[ -]/.test(unfinished) && (isData || reply.code === 421))
      return { kind: "refused", stage: isData ? "dot" : "mail", reply };
    if (!isData) return LOST;
    return { kind: "uncertain", response: readReply(unfinished || this.#lastReply).response || null };
  }
}

const RSET: Command = { asks: "rset", line: "RSET\r\n" };
const DATA: Command = { asks: "data", line: "DATA\r\n" };
const NO_MAIL: Command = { asks: "no_mail", line: ".\r\n" };
const QUIT: Command = { asks: "quit", line: "QUIT\r\n" };

const LOST: SmtpOutcome = { kind: "lost", stage: "before_data" };

/** Not even tried: larger than the SIZE of the server's EHLO (RFC 1870 §5). */
const TOO_LARGE: SmtpOutcome = {
  kind: "refused",
  stage: "mail",
  reply: { code: 552, enhanced: "5.3.4", response: "The mail is larger than the server announced that it takes." },
};

function refused(stage: SmtpStage, { text }: Reply): Refusal {
  return { kind: "refused", stage, reply: readReply(text) };
}

type Answer = "yes" | "go_on" | "no" | "nonsense";

function answerOf({ code }: Reply): Answer {
  return ANSWERS[Math.trunc(code / 100)] ?? "nonsense";
}

/** By the first digit (RFC 5321 §4.2.1). */
const ANSWERS: Readonly<Record<number, Answer>> = { 2: "yes", 3: "go_on", 4: "no", 5: "no" };
