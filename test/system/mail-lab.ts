// Postfix and Dovecot on loopback for one test run: private configuration, free ports, a temporary directory. Needs root, as both change users.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestProject } from "vitest/node";
import { type Certificates, makeCertificates } from "./certificates.ts";
import { dovecotConf, MAIL_OWNER, oauth2Conf } from "./dovecot-config.ts";
import { freePorts, isListening, type MailPorts, PORTS } from "./free-ports.ts";
import { LISTED, mainCf, masterCf } from "./postfix-config.ts";

declare module "vitest" {
  interface ProvidedContext {
    mailLab: MailLab;
  }
}

const LISTENING = PORTS.filter((name) => !["policy", "openid", "closed"].includes(name));

export interface MailLab {
  readonly ports: MailPorts;
  /** Of Dovecot: accounts and Sieve scripts are files in it. */
  readonly dovecot: string;
  /** Of Postfix, for its commands. */
  readonly postfixConfig: string;
}

const NEEDED = ["/usr/sbin/postfix", "/usr/sbin/dovecot", "/usr/lib/dovecot/lmtp", "/usr/lib/dovecot/modules/lib90_sieve_plugin.so"];
const INSTALL = "apt-get install postfix dovecot-imapd dovecot-lmtpd dovecot-sieve openssl";

/** Stops the servers and removes their directory when its standard input ends, so that even a killed test run leaves nothing behind. */
const GUARD = `PATH=/usr/sbin:/usr/bin:/sbin:/bin
dir=$1
dovecot -c "$dir/dovecot/dovecot.conf" && postfix -c "$dir/postfix/etc" start || exit 1
read _
postfix -c "$dir/postfix/etc" stop
doveadm -c "$dir/dovecot/dovecot.conf" stop
rm -rf "$dir"`;

let guard: ChildProcess | undefined;

export async function setup(project: TestProject): Promise<void> {
  if (process.getuid?.() !== 0 || NEEDED.some((file) => !existsSync(file)))
    throw new Error(`The system tests run as root, with the mail servers of Debian: ${INSTALL}`);
  // Not os.tmpdir(): a socket's path is limited to 107 bytes, and the servers' users must reach it.
  const directory = mkdtempSync("/tmp/agent-mail-");
  chmodSync(directory, 0o755);
  const ports = await freePorts();
  const certificates = makeCertificates(directory);
  const lab: MailLab = { ports, dovecot: join(directory, "dovecot"), postfixConfig: join(directory, "postfix/etc") };
  configureDovecot(lab, certificates);
  configurePostfix(join(directory, "postfix"), lab, certificates);
  // Node reads it when a process starts: the processes of the tests, and what they start, trust the servers as an operator makes them.
  process.env["NODE_EXTRA_CA_CERTS"] = certificates.authority;
  await start(directory, ports);
  project.provide("mailLab", lab);
}

export async function teardown(): Promise<void> {
  guard?.stdin?.end();
  if (guard && guard.exitCode === null) await once(guard, "exit");
}

function configureDovecot({ dovecot, ports }: MailLab, certificates: Certificates): void {
  for (const name of ["", "accounts"]) mkdirSync(join(dovecot, name));
  for (const name of ["homes", "sieve"]) {
    mkdirSync(join(dovecot, name));
    chownSync(join(dovecot, name), MAIL_OWNER.uid, MAIL_OWNER.gid);
  }
  writeFileSync(join(dovecot, "oauth2.conf"), oauth2Conf(ports));
  writeFileSync(join(dovecot, "dovecot.conf"), dovecotConf(dovecot, ports, certificates));
}

function configurePostfix(directory: string, { postfixConfig, ports }: MailLab, certificates: Certificates): void {
  for (const path of [directory, postfixConfig, join(directory, "spool"), join(directory, "data")]) mkdirSync(path);
  const { uid, gid } = accountOf("postfix");
  chownSync(join(directory, "data"), uid, gid);
  writeFileSync(join(directory, "listed"), LISTED);
  writeFileSync(join(postfixConfig, "main.cf"), mainCf(directory, ports, certificates));
  writeFileSync(join(postfixConfig, "master.cf"), masterCf(ports, certificates));
}

function accountOf(name: string): { uid: number; gid: number } {
  const fields = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .find((one) => one[0] === name);
  if (!fields) throw new Error(`There is no user ${name} on this machine: ${INSTALL}`);
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

async function start(directory: string, ports: MailPorts): Promise<void> {
  const log = join(directory, "log");
  const output = openSync(log, "a");
  const child = spawn("/bin/sh", ["-c", GUARD, "sh", directory], { cwd: "/", detached: true, stdio: ["pipe", output, output] });
  guard = child;
  const deadline = performance.now() + 30_000;
  for (const name of LISTENING) {
    while (!(await isListening(ports[name]))) {
      if (child.exitCode !== null || performance.now() > deadline)
        throw new Error(`The mail servers did not start (${name}):\n${readFileSync(log, "utf8")}`);
      await sleep(20);
    }
  }
}
