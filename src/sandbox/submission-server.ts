// The SMTP server of the sandbox: whoever logs in as one of its mailboxes may send to anybody.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";

const HOST = "127.0.0.1";

export interface SubmittedMail {
  /** Envelope sender; "" for the null sender. */
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
}

export interface SubmissionOptions {
  readonly knows: (address: string, password: string) => boolean;
  /** What to say to a recipient instead of "250": reply 550 with these words. Null accepts. */
  readonly refusal: (address: string) => string | null;
  /** Takes responsibility for the mail, and names it in the queue. */
  readonly accept: (mail: SubmittedMail) => Promise<string>;
}

export interface SubmissionServer {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Without TLS: nothing leaves this machine, and a certificate for it would have to be trusted first. */
export async function startSubmissionServer({ knows, refusal, accept }: SubmissionOptions): Promise<SubmissionServer> {
  const server = new SMTPServer({
    name: "mail.sandbox.example",
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth: ({ username, password }, _session, reply) =>
      knows(username ?? "", password ?? "")
        ? reply(null, { user: username ?? "" })
        : reply(replyOf(535, "5.7.8 Error: authentication failed: wrong user name or password")),
    onRcptTo: ({ address }, _session, reply) => {
      const words = refusal(address);
      reply(words === null ? null : replyOf(550, words));
    },
    onData: (stream, session, reply) => {
      bytesOf(stream)
        .then((raw) => accept({ ...envelopeOf(session), raw }))
        .then(
          (queueId) => reply(null, `2.0.0 Ok: queued as ${queueId}`),
          (error: Error) => reply(error),
        );
    },
  });
  server.on("error", ignore); // a client that hangs up; what could not listen is thrown below
  const listener = server.listen(0, HOST);
  await once(listener, "listening");
  return {
    host: HOST,
    port: (listener.address() as AddressInfo).port,
    stop: () => new Promise((stopped) => server.close(stopped)),
  };
}

function replyOf(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode });
}

async function bytesOf(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function envelopeOf({ envelope }: SMTPServerSession): Pick<SubmittedMail, "from" | "to"> {
  return { from: envelope.mailFrom ? envelope.mailFrom.address : "", to: envelope.rcptTo.map(({ address }) => address) };
}

function ignore(): void {}
