// The reference: imapflow alone. The first reading fetches every mail of INBOX, whole, with the server's date, and drops it; a later one asks the three
// folders for their ends, and fetches what is new in INBOX.
import { ImapFlow } from "imapflow";
import { childProcess } from "./child.ts";
import { measuredReading } from "./measured-reading.ts";
import type { ReadResult } from "./sync-process.ts";

export interface FetchTask {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

const FOLDERS = ["Sent", "INBOX", "Junk"];

await childProcess(async ({ port, user, password }: FetchTask) => {
  const client = new ImapFlow({
    host: "localhost",
    port,
    secure: true,
    auth: { user, pass: password },
    logger: false,
    disableAutoIdle: true,
    disableCompression: true,
  });
  await client.connect();
  let uidNext = 1;
  const fetchNew = async () => {
    const found = { mails: 0, bytes: 0 };
    await client.mailboxOpen("INBOX", { readOnly: true });
    for await (const { uid, source } of client.fetch(`${uidNext}:*`, { uid: true, internalDate: true, source: true }, { uid: true })) {
      found.mails += 1;
      found.bytes += source?.length ?? 0;
      uidNext = Math.max(uidNext, uid + 1);
    }
    return found;
  };
  const look = async () => {
    await client.noop(); // Dovecot tells of the open folder what it knew before, unless it has looked since
    let isNews = false;
    for (const folder of FOLDERS) {
      const status = await client.status(folder, { uidNext: true, uidValidity: true });
      isNews ||= folder === "INBOX" && status !== false && (status.uidNext ?? 0) > uidNext;
    }
    return isNews ? fetchNew() : { mails: 0, bytes: 0 };
  };
  return (): Promise<ReadResult> => measuredReading(look);
});
