// A mail server that takes everything and writes down what it took: the other half of the truth that the ledger is compared with.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer, type SMTPServerDataStream } from "smtp-server";

export interface AcceptedMail {
  readonly messageId: string;
  readonly recipient: string;
  /** From the words of the mail itself: "Text of a." */
  readonly step: string;
  /** `performance.now()` */
  readonly at: number;
}

export interface AcceptingServer {
  readonly port: number;
  /** In order. A mail stands here from the moment the server has its last dot, whether or not the client hears the answer. */
  readonly accepted: readonly AcceptedMail[];
  stop(): Promise<void>;
}

/** Puts a copy into the sender's Sent folder, as the servers of many providers do. */
export type FileCopy = (sender: string, raw: Buffer) => void;

/** Answers each mail `delayMs` after its last dot, so that a random moment is likely to lie between the two. */
export async function startAcceptingServer(delayMs: number, fileCopy: FileCopy = () => undefined): Promise<AcceptingServer> {
  const accepted: AcceptedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData: (stream, { envelope }, reply) => {
      bytesOf(stream)
        .then((raw) => {
          const text = raw.toString("latin1");
          const messageId = /^message-id:\s*(<[^>]+>)/im.exec(text)?.[1] ?? "";
          const step = /^Text of (\w+)\./m.exec(text)?.[1] ?? "";
          accepted.push(...envelope.rcptTo.map(({ address }) => ({ messageId, recipient: address, step, at: performance.now() })));
          if (envelope.mailFrom) fileCopy(envelope.mailFrom.address, raw);
          return sleep(delayMs);
        })
        .then(() => reply(null), reply);
    },
  });
  server.on("error", () => undefined); // clients that were killed
  const listener = server.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    accepted,
    stop: () => new Promise((stopped) => server.close(stopped)),
  };
}

/** Never ends when the connection breaks before the last dot: such a mail was not accepted. */
async function bytesOf(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
