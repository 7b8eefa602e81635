// Files that were named on the command line: can this one be read, can that one be written?
import { accessSync, closeSync, constants, openSync, statSync } from "node:fs";
import { AgentError } from "../../core/errors.ts";

/** In bytes; 0 for what has none, such as a pipe. @throws AgentError invalid_input when there is nothing to read */
export function readableSize(file: string): number {
  try {
    const found = statSync(file);
    if (found.isDirectory()) throw new AgentError("invalid_input", `${file} is a directory; name a file.`);
    accessSync(file, constants.R_OK);
    return found.size;
  } catch (cause) {
    if (cause instanceof AgentError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new AgentError("invalid_input", missing ? `There is no file ${file}.` : `The file ${file} cannot be read.`, { cause });
  }
}

/** Asked before the work whose result goes there. Makes it, empty, when there is none. @throws AgentError invalid_input */
export function mustBeWritable(file: string): void {
  try {
    closeSync(openSync(file, "a"));
  } catch (cause) {
    throw new AgentError("invalid_input", `The file ${file} cannot be written; name another.`, { cause });
  }
}
