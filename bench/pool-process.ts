// The reference: nodemailer's own pool, which writes no ledger, with the same messages. Filling in their templates is not counted against it.
import { createPrivateKey } from "node:crypto";
import { createTransport } from "nodemailer";
import { childProcess } from "./child.ts";
import { timed } from "./machine.ts";

/** A mail as nodemailer takes it: what the product says about a lead, decoded. */
export interface PoolMail {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: not signed. The key is a PEM here; nodemailer gets it parsed, which saves it most of the work. */
  readonly dkim?: { readonly domainName: string; readonly keySelector: string; readonly privateKey: string };
}

export interface PoolTask {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly mail: PoolMail;
  readonly mails: number;
}

export interface PoolResult {
  readonly sent: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

await childProcess(async ({ host, port, connections, mail: { dkim, ...mail }, mails }: PoolTask) => {
  const transport = createTransport({
    pool: true,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    host,
    port,
    ignoreTLS: true,
    ...(dkim ? { dkim: { ...dkim, privateKey: createPrivateKey(dkim.privateKey) } } : {}),
  });
  const filledIn = Array.from({ length: mails }, (_, lead) => ({
    ...mail,
    to: `lead${lead}@bakery.example`,
    messageId: mail.messageId.replace("<", `<${lead}.`),
    text: mail.text.replaceAll("Kim1", `Kim${lead}`),
    html: mail.html.replaceAll("Kim1", `Kim${lead}`),
  }));
  return async (): Promise<PoolResult> => {
    const { seconds, cpuSeconds, result } = await timed(() => Promise.all(filledIn.map((one) => transport.sendMail(one))));
    transport.close();
    return { sent: result.length, seconds, cpuSeconds };
  };
});
