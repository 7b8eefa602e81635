// key create|list|revoke: keys for programs, and for this command line on other machines.
import { type Command, Option } from "commander";
import type { components } from "../../client/api-types.ts";
import { type ApiClient, given } from "../../client/client.ts";
import { AgentError } from "../../core/errors.ts";
import { after, DAY } from "../../core/instant.ts";
import { PERMISSIONS, type Permission, permissionsOf, ROLES, type Role } from "../../core/permissions.ts";
import { withApi } from "./api.ts";
import type { GlobalOptions } from "./options.ts";
import { print, table } from "./output.ts";

type ApiKey = components["schemas"]["ApiKey"];

interface CreateOptions extends GlobalOptions {
  readonly role?: Role;
  readonly scope?: readonly Permission[];
  readonly days?: string;
}

export function addKeyCommands(program: Command): void {
  const key = program.command("key").description("keys for programs, and for this command line elsewhere (--server)");
  key
    .command("create <name>")
    .description("makes a key, which is shown once")
    .addOption(new Option("--role <role>", "may do what such a member may").choices(ROLES))
    .addOption(new Option("--scope <scope...>", "may do this").choices(PERMISSIONS))
    .option("--days <n>", "expires after so many days")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CreateOptions>();
      const body = { name, scopes: scopesOf(options), expiresAt: expiryOf(options) };
      const made = await withApi(options, (api) => given(api.POST("/api/v1/api-keys", { body })));
      print(made, options.json, (one) => `${one.key}\nIt is shown only now. ${name} may: ${body.scopes.join(", ")}.`);
    });
  key
    .command("list")
    .description("every key with what it may do")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { items } = await withApi(options, (api) => given(api.GET("/api/v1/api-keys")));
      print(items, options.json, writeKeys);
    });
  key
    .command("revoke <key>")
    .description("revokes a key at once; named by its first characters, its name or its id")
    .action(async (named: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const revoked = await withApi(options, async (api) => {
        const found = await keyNamed(api, named);
        await given(api.DELETE("/api/v1/api-keys/{apiKeyId}", { params: { path: { apiKeyId: found.id } } }));
        return found;
      });
      print(revoked, options.json, (one) => `${one.name} (${one.prefix}…) opens nothing any more.`);
    });
}

function scopesOf({ role, scope = [] }: CreateOptions): Permission[] {
  const scopes = [...new Set([...(role ? permissionsOf(role) : []), ...scope])];
  if (scopes.length === 0)
    throw new AgentError("invalid_input", "Say what the key may do: --role viewer, or --scope leads:read leads:write …");
  return scopes;
}

function expiryOf({ days }: CreateOptions): string | null {
  if (days === undefined) return null;
  if (/^[1-9]\d{0,3}$/.test(days)) return after(new Date(), Number(days) * DAY).toISOString();
  throw new AgentError("invalid_input", "--days must be a whole number from 1 to 9999.");
}

async function keyNamed(api: ApiClient, named: string): Promise<ApiKey> {
  const { items } = await given(api.GET("/api/v1/api-keys"));
  const found = items.filter(
    ({ id, name, prefix }) => id === named || name === named || (named.startsWith("mak_") && named.startsWith(prefix)),
  );
  if (found.length > 1) throw new AgentError("invalid_input", `Several keys are called ${named}; name one by its id.`);
  const [key] = found;
  if (!key) throw new AgentError("not_found", `There is no key ${named.slice(0, 10)}; \`key list\` shows them.`);
  return key;
}

function writeKeys(keys: readonly ApiKey[]): string {
  if (keys.length === 0) return "There is no key.";
  const day = (at: string | null, never: string) => at?.slice(0, 10) ?? never;
  return table(
    ["Name", "Key", "Expires", "Last used", "May"],
    keys.map((one) => [one.name, `${one.prefix}…`, day(one.expiresAt, "never"), day(one.lastUsedAt, "never"), one.scopes.join(" ")]),
  );
}
