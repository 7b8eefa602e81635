// A Dovecot of its own for a benchmark, on loopback, with one account whose mails are files that are written straight into its Maildir.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeCertificates } from "../test/system/certificates.ts";
import { dovecotConf, MAIL_OWNER, oauth2Conf } from "../test/system/dovecot-config.ts";
import { freePorts, isListening } from "../test/system/free-ports.ts";

export const ADDRESS = "anna1@team.example";
export const PASSWORD = "correct horse";
const NEEDED = ["/usr/sbin/dovecot", "/usr/lib/dovecot/lmtp", "/usr/lib/dovecot/modules/lib90_sieve_plugin.so"];
const START_MS = 30_000;
/** Counts the commands of its clients, by name. */
const METRIC = `
metric commands {
  filter = event=imap_command_finished
  group_by = cmd_name
}
`;

export interface MailStore {
  readonly port: number;
  /** Which certificate the server shows. */
  readonly authority: string;
  /** Puts mails into INBOX, the last of them as the newest. */
  deliver(mails: Iterable<Buffer>): void;
  /** Commands that clients have sent so far. */
  commands(): number;
  stop(): Promise<void>;
}

/** Needs root, as Dovecot changes users, and Debian's Dovecot. */
export async function openMailStore(): Promise<MailStore> {
  if (process.getuid?.() !== 0 || NEEDED.some((file) => !existsSync(file)))
    throw new Error(
      "This benchmark runs as root, with the mail server of Debian: apt-get install dovecot-imapd dovecot-lmtpd dovecot-sieve openssl",
    );
  const directory = mkdtempSync("/tmp/agent-store-");
  chmodSync(directory, 0o755);
  const ports = await freePorts();
  const certificates = makeCertificates(directory);
  const conf = join(directory, "dovecot.conf");
  writeFileSync(join(directory, "oauth2.conf"), oauth2Conf(ports));
  writeFileSync(conf, dovecotConf(directory, ports, certificates) + METRIC);
  mkdirSync(join(directory, "accounts"));
  writeFileSync(join(directory, "accounts", ADDRESS), `${ADDRESS}:{PLAIN}${PASSWORD}::::::\n`);
  for (const path of [
    "homes",
    `homes/${ADDRESS}`,
    `homes/${ADDRESS}/mail`,
    ...["cur", "new", "tmp"].map((one) => `homes/${ADDRESS}/mail/${one}`),
  ])
    makeForMail(join(directory, path));
  const server = spawn("/usr/sbin/dovecot", ["-F", "-c", conf], { stdio: "ignore" });
  await untilListening(server, ports.imaps);
  const count = { delivered: 0 };
  return {
    port: ports.imaps,
    authority: certificates.authority,
    deliver: (mails) => {
      for (const mail of mails) put(join(directory, `homes/${ADDRESS}/mail`), (count.delivered += 1), mail);
    },
    commands: () => commandsIn(execFileSync("doveadm", ["-c", conf, "stats", "dump"], { encoding: "utf8" })),
    stop: async () => {
      server.kill("SIGTERM");
      if (server.exitCode === null) await once(server, "exit");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function makeForMail(path: string): void {
  mkdirSync(path);
  chownSync(path, MAIL_OWNER.uid, MAIL_OWNER.gid);
}

async function untilListening(server: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (!(await isListening(port))) {
    if (server.exitCode !== null || performance.now() > deadline)
      throw new Error("Dovecot did not start; its log says why: doveadm log errors");
    await sleep(20);
  }
}

/** As Dovecot's own delivery names files: with the size, and with the size that IMAP tells. Written elsewhere first, so that no half one is seen. */
function put(maildir: string, nth: number, mail: Buffer): void {
  const name = `${1_700_000_000 + nth}.M${nth}P1.bench,S=${mail.length},W=${mail.length}`;
  writeFileSync(join(maildir, "tmp", name), mail);
  chownSync(join(maildir, "tmp", name), MAIL_OWNER.uid, MAIL_OWNER.gid);
  renameSync(join(maildir, "tmp", name), join(maildir, "new", name));
}

/** A table with tabs: the metric's name, its field, how often … */
function commandsIn(dump: string): number {
  const [head = "", ...rows] = dump.trim().split("\n");
  const columns = head.split("\t");
  const [name, field, count] = ["metric_name", "field", "count"].map((column) => columns.indexOf(column)) as [number, number, number];
  const row = rows.map((line) => line.split("\t")).find((cells) => cells[name] === "commands" && cells[field] === "duration");
  return Number(row?.[count] ?? 0);
}
