// One file that holds many: a gzipped tar, so that anybody can look into it with `tar tzf`, whose last entry proves that nothing is missing or changed.
// Written and read as a stream, whatever its size. It comes into being under another name: a file of this name is whole.
import { createHash, createHmac, type Hash, randomBytes, timingSafeEqual } from "node:crypto";
import { createWriteStream } from "node:fs";
import { link, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { createTarDecoder, createTarPacker, type ParsedTarEntry } from "modern-tar";
import { z } from "zod";
import { AgentError } from "../core/errors.ts";

const SEAL = "seal.json";
/** Of what is read into memory at once: manifests, not rows. */
const DOCUMENT_BYTES = 16 * 1024 * 1024;

const sealSchema = z.strictObject({ entries: z.number(), sha256: z.hex(), mac: z.hex().nullable(), summary: z.unknown() });

export interface ArchiveWriter {
  add(name: string, content: Uint8Array): Promise<void>;
}

/**
 * Makes a file that only its owner may read (0600), which appears under its name once it is whole and on the disk.
 *
 * @param key seals it: without the same key nobody can change it unseen. Null: only damage is seen
 * @param work adds the entries in order; what it returns stands in the seal
 * @throws AgentError already_exists, invalid_input where nothing can be written
 */
export async function writeArchive<Summary>(
  path: string,
  key: Uint8Array | null,
  work: (archive: ArchiveWriter) => Promise<Summary>,
): Promise<Summary> {
  const draft = `${path}.${randomBytes(4).toString("hex")}.partial`;
  try {
    const summary = await writeDraft(draft, key, work);
    // link, not rename: that would replace a file that somebody made meanwhile
    await link(draft, path);
    await sync(dirname(path));
    return summary;
  } catch (cause) {
    throw unwritable(path, cause);
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDraft<Summary>(
  draft: string,
  key: Uint8Array | null,
  work: (archive: ArchiveWriter) => Promise<Summary>,
): Promise<Summary> {
  const { readable, controller } = createTarPacker();
  const file = createWriteStream(draft, { flags: "wx", mode: 0o600, flush: true });
  const written = pipeline(Readable.fromWeb(readable as never), createGzip(), file);
  // heard below, also when `work` fails first
  written.catch(() => undefined);
  const put = async (name: string, content: Uint8Array) => {
    const entry = controller.add({ name, size: content.length, mode: 0o600, mtime: new Date(0) }).getWriter();
    await entry.write(content);
    await entry.close();
  };
  try {
    const digest = entryDigest();
    const summary = await work({
      add: async (name, content) => {
        digest.add(name, content.length).update(content);
        await put(name, content);
      },
    });
    const sha256 = digest.end();
    const seal = { entries: digest.count(), sha256, mac: key && macOf(key, sha256, summary), summary };
    await put(SEAL, Buffer.from(JSON.stringify(seal)));
    controller.finalize();
    await written;
    return summary;
  } catch (error) {
    controller.error(error);
    await written.catch(() => undefined);
    throw error;
  }
}

/** An entry as it is read: its content is gone when the next one is asked for. */
export interface ArchiveEntry {
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
  /** The whole content, for what is small. */
  document(): Promise<Buffer>;
}

/**
 * Every entry, in order; at the end the summary of the seal. Only who has come to that end knows that all was there, unchanged: what was done before
 * must be taken back when this throws.
 *
 * @param key the one it was sealed with; null where it was sealed without, or where that key is not at hand yet
 * @throws AgentError archive_damaged, invalid_input where there is no such file
 */
export async function* readArchive(path: string, key: Uint8Array | null): AsyncGenerator<ArchiveEntry, unknown, void> {
  const file = await openForReading(path);
  const gunzip = createGunzip();
  const unpacked = pipeline(file.createReadStream(), gunzip);
  unpacked.catch(() => undefined);
  try {
    const entries = Readable.toWeb(gunzip).pipeThrough(createTarDecoder({ strict: true }) as never);
    return yield* readEntries(path, entries as unknown as AsyncIterable<ParsedTarEntry>, key);
  } finally {
    gunzip.destroy();
    await unpacked.catch(() => undefined);
    await file.close();
  }
}

async function* readEntries(
  path: string,
  entries: AsyncIterable<ParsedTarEntry>,
  key: Uint8Array | null,
): AsyncGenerator<ArchiveEntry, unknown, void> {
  const digest = entryDigest();
  let seal: z.output<typeof sealSchema> | null = null;
  for await (const { header, body } of bytesOf(path, entries)) {
    if (seal) throw damaged(path, "something stands behind its end");
    const { name, size } = header;
    if (name === SEAL) {
      seal = readSeal(path, await whole(path, size, bytesOf(path, body)));
      continue;
    }
    const content = hashed(path, body, digest.add(name, size));
    yield { name, content, document: () => whole(path, size, content) };
    // what nobody wanted is counted, too
    for await (const _ of content);
  }
  if (!seal) throw damaged(path, "its end is missing");
  if (seal.sha256 !== digest.end() || seal.entries !== digest.count()) throw damaged(path, "its checksum differs");
  if (key && !sameMac(seal.mac, macOf(key, seal.sha256, seal.summary))) throw damaged(path, "its seal was made with another key");
  return seal.summary;
}

async function* hashed(path: string, body: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of bytesOf(path, body)) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Whatever gunzip and the tar decoder throw is about the file's bytes. */
async function* bytesOf<Item>(path: string, source: AsyncIterable<Item>): AsyncGenerator<Item, void, void> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await iterator.next().catch((cause: unknown) => {
        throw damaged(path, "its bytes cannot be read", cause);
      });
      if (done) return;
      yield value;
    }
  } finally {
    // a stream that has failed says so once more
    await iterator.return?.().catch(() => undefined);
  }
}

async function whole(path: string, size: number, content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  if (size > DOCUMENT_BYTES) throw damaged(path, "an entry is larger than any of ours");
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function readSeal(path: string, bytes: Buffer): z.output<typeof sealSchema> {
  const parsed = sealSchema.safeParse(jsonOf(bytes));
  if (parsed.success) return parsed.data;
  throw damaged(path, "its seal cannot be read");
}

/** What a document of an archive says; undefined when it is no JSON. */
export function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** One digest over all entries: names and sizes are part of it, so that nothing can be moved from one to another. */
function entryDigest(): { add(name: string, size: number): Hash; end(): string; count(): number } {
  const hash = createHash("sha256");
  let count = 0;
  return {
    add: (name, size) => {
      count += 1;
      return hash.update(`${JSON.stringify([name, size])}\n`);
    },
    end: () => hash.digest("hex"),
    count: () => count,
  };
}

function macOf(key: Uint8Array, sha256: string, summary: unknown): string {
  return createHmac("sha256", key)
    .update(JSON.stringify([sha256, summary]))
    .digest("hex");
}

function sameMac(given: string | null, expected: string): boolean {
  return given?.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

function damaged(path: string, why: string, cause?: unknown): AgentError {
  return new AgentError(
    "archive_damaged",
    `${path} is torn, was changed, or is no file of this product: ${why}. Nothing was taken from it.`,
    {
      cause,
    },
  );
}

async function openForReading(path: string) {
  try {
    const file = await open(path, "r");
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new AgentError("invalid_input", `${path} is no file.`);
  } catch (cause) {
    if (cause instanceof AgentError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new AgentError("invalid_input", missing ? `There is no file ${path}.` : `The file ${path} cannot be read.`, { cause });
  }
}

function unwritable(path: string, cause: unknown): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "EEXIST") return new AgentError("already_exists", `${path} exists already; name another file.`, { cause });
  if (!["ENOENT", "ENOTDIR", "EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "EIO"].includes(code ?? "")) return cause;
  return new AgentError("invalid_input", `${path} cannot be written (${code}); look at its directory, its rights and the space left.`, {
    cause,
  });
}

/** A new name survives a power cut only when its directory was synced. */
async function sync(directory: string): Promise<void> {
  const opened = await open(directory, "r");
  await opened.sync();
  await opened.close();
}
