// What does a person see of a mail that they got? Just enough to answer it.
import PostalMime from "postal-mime";

export interface ReceivedMail {
  readonly messageId: string | null;
  readonly references: readonly string[];
  readonly from: { readonly address: string; readonly name: string };
  /** Where an answer goes: Reply-To, else From. */
  readonly answerTo: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly date: Date | null;
  /** RFC 2369: what the mail program's unsubscribe button writes to. */
  readonly unsubscribe: { readonly address: string; readonly subject: string } | null;
  readonly raw: Buffer;
}

export async function readReceivedMail(raw: Buffer): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(raw);
  const from = { address: mail.from?.address ?? "", name: mail.from?.name ?? "" };
  const date = mail.date === undefined ? null : new Date(mail.date);
  return {
    messageId: mail.messageId ?? null,
    references: mail.references?.match(/<[^<>\s]+>/g) ?? [],
    from,
    answerTo: mail.replyTo?.[0]?.address ?? from.address,
    to: mail.to?.[0]?.address ?? "",
    subject: mail.subject ?? "",
    text: mail.text ?? mail.html?.replace(/<[^>]*>/g, "") ?? "",
    date: date && !Number.isNaN(date.getTime()) ? date : null,
    unsubscribe: mailtoIn(mail.headers.find((header) => header.key === "list-unsubscribe")?.value ?? ""),
    raw,
  };
}

function mailtoIn(header: string): ReceivedMail["unsubscribe"] {
  const written = /<(mailto:[^<>]+)>/i.exec(header)?.[1];
  if (written === undefined) return null;
  const url = new URL(written);
  return { address: decodeURIComponent(url.pathname), subject: url.searchParams.get("subject") ?? "unsubscribe" };
}
