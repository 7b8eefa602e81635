// A file that is the body of a request. It flows through piece by piece: of hundreds of megabytes only one is in memory at a time.
import { Readable } from "node:stream";
import { z } from "zod";
import { AgentError } from "../../core/errors.ts";
import { SECOND } from "../../core/instant.ts";
import { within } from "../../mail/time-limit.ts";

/** What is still on its way when a file is refused is read and thrown away for this long, so that the sender comes to read the refusal. */
const LINGER = 10 * SECOND;

interface UploadLimits {
  readonly bytes: number;
  /** As the sender says; null when it does not. */
  readonly declaredBytes: number | null;
  /** Milliseconds. */
  readonly silence: number;
}

/** A file on its way in. Reading it throws AgentError file_too_large or upload_broken. */
export class UploadedFile implements AsyncIterable<Uint8Array> {
  readonly #content: Readable;
  readonly #limits: UploadLimits;

  constructor(content: Readable, limits: UploadLimits) {
    this.#content = content;
    this.#limits = limits;
  }

  /** What the audit log, and the check of an Idempotency-Key, know of it: the content would have to be read twice. */
  toJSON(): object {
    return { bytes: this.#limits.declaredBytes };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    let isRead = false;
    // Not by `for await`: left early, it destroys the request, which takes its connection along, and with it the answer.
    const pieces: AsyncIterator<unknown> = this.#content[Symbol.asyncIterator]();
    try {
      for (;;) {
        const piece = await this.#next(pieces);
        if (piece === null) break;
        bytes += piece.length;
        if (bytes > this.#limits.bytes) throw tooLarge(this.#limits.bytes);
        yield piece;
      }
      isRead = true;
    } finally {
      if (!isRead) this.#throwRestAway();
    }
  }

  async #next(pieces: AsyncIterator<unknown>): Promise<Uint8Array | null> {
    try {
      const { done, value } = await within(this.#limits.silence, pieces.next());
      return done === true ? null : (value as Uint8Array);
    } catch (cause) {
      throw new AgentError("upload_broken", "The upload broke off before its end.", { cause, retryable: true });
    }
  }

  #throwRestAway(): void {
    const timer = setTimeout(() => this.#content.destroy(), LINGER);
    this.#content.once("close", () => clearTimeout(timer));
    this.#content.on("error", () => undefined).resume();
  }
}

/** @param limit bytes */
export function tooLarge(limit: number): AgentError {
  return new AgentError("file_too_large", `The file is larger than ${Math.floor(limit / 1e6)} MB.`);
}

/** The body of an operation that takes a file. */
export const uploadedFile = z.instanceof(UploadedFile).meta({ type: "string", format: "binary" });
/** The answer of one that gives a file. */
export const csvFile = z.instanceof(Readable).meta({ type: "string", format: "binary" });
