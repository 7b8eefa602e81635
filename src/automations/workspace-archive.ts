// What the export of a workspace says about itself, and how the passwords in it are kept: only under a passphrase.
import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import { type ArchiveEntry, jsonOf } from "../archive/archive-file.ts";
import { AgentError } from "../core/errors.ts";

const KIND = "marketing-agent-workspace";
export const ABOUT = "workspace.json";
export const SECRETS = "secrets.bin";

const aboutSchema = z.strictObject({
  kind: z.literal(KIND),
  format: z.literal(1),
  /** Of the product. */
  version: z.string(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  workspace: z.strictObject({ id: z.uuid(), name: z.string().min(1) }),
  migrations: z.array(z.strictObject({ name: z.string(), sha256: z.hex() })).min(1),
  /** Of the passphrase; null: there are no passwords in it. */
  salt: z.hex().length(32).nullable(),
});

export type WorkspaceAbout = z.output<typeof aboutSchema>;

export function writeAbout(about: Omit<WorkspaceAbout, "kind" | "format">): Buffer {
  return Buffer.from(JSON.stringify({ kind: KIND, format: 1, ...about }, null, 2));
}

/** @throws AgentError archive_damaged */
export async function readAbout(entry: ArchiveEntry): Promise<WorkspaceAbout> {
  const parsed = aboutSchema.safeParse(entry.name === ABOUT ? jsonOf(await entry.document()) : undefined);
  if (parsed.success) return parsed.data;
  throw new AgentError("archive_damaged", "The file is no export of a workspace that this version can read.", { cause: parsed.error });
}

export const secretsSchema = z.array(z.strictObject({ mailboxId: z.uuid(), smtp: z.string().nullable(), imap: z.string().nullable() }));
export type MailboxSecrets = z.output<typeof secretsSchema>;

export function newSalt(): string {
  return randomBytes(16).toString("hex");
}

/** 32 bytes from a passphrase. 128 MB and some tenths of a second each, so that guessing is dear (OWASP: N = 2^17, r = 8, p = 1). */
export async function passphraseKey(passphrase: string, salt: string): Promise<Uint8Array> {
  const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);
  return derive(passphrase.normalize("NFKC"), Buffer.from(salt, "hex"), 32, { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 });
}
