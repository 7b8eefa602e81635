// Where a command's data comes from: a server elsewhere, by its API; or this machine, by the same operations without a socket. What a command asks
// and prints is the same.
import { readFileSync } from "node:fs";
import { type ApiClient, remoteApi } from "../../client/client.ts";
import { AgentError } from "../../core/errors.ts";
import { type GlobalOptions, serverOf } from "./options.ts";

/** Everything of this machine is loaded only where it is needed: it takes most of a second. */
export async function withApi<Result>(options: GlobalOptions, work: (api: ApiClient) => Promise<Result>): Promise<Result> {
  const server = serverOf(options);
  if (server !== null) return work(remoteApi({ server: addressOf(server), key: keyOf(options) }));
  const [{ withSession }, { localApi }] = await Promise.all([import("./session.ts"), import("./local-api.ts")]);
  return withSession(options, (session) => work(localApi(session)));
}

/** What only needs to know whether the work is done elsewhere. */
export function isRemote(options: GlobalOptions): boolean {
  return serverOf(options) !== null;
}

function addressOf(server: string): string {
  if (URL.canParse(server) && /^https?:$/.test(new URL(server).protocol)) return server;
  throw new AgentError("invalid_input", `--server ${server} must be an address such as https://agent.team.example.`);
}

function keyOf({ key, workspace }: GlobalOptions): string {
  if (workspace !== undefined) throw new AgentError("invalid_input", "A key works in its own workspace; leave --workspace out.");
  const found = key ?? process.env["MARKETING_AGENT_KEY"] ?? fromFile(process.env["MARKETING_AGENT_KEY_FILE"]);
  if (found && /^[\x21-\x7e]+$/.test(found)) return found;
  throw new AgentError(
    "invalid_input",
    "A server wants a key: --key mak_…, MARKETING_AGENT_KEY, or a file named by MARKETING_AGENT_KEY_FILE.",
  );
}

function fromFile(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new AgentError("invalid_input", `MARKETING_AGENT_KEY_FILE names ${file}, which cannot be read.`, { cause });
  }
}
