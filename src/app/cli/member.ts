// member list|invite|role|remove: who is in the team.
import { Argument, type Command, Option } from "commander";
import type { components } from "../../client/api-types.ts";
import { type ApiClient, given } from "../../client/client.ts";
import { parseEmailAddress } from "../../core/email-address.ts";
import { AgentError } from "../../core/errors.ts";
import { ROLES, type Role } from "../../core/permissions.ts";
import { withApi } from "./api.ts";
import type { GlobalOptions } from "./options.ts";
import { print, table } from "./output.ts";
import { webAddress } from "./web-address.ts";

type Member = components["schemas"]["Member"];
type Invitation = components["schemas"]["Invitation"];

interface Team {
  readonly members: readonly Member[];
  readonly invitations: readonly Invitation[];
}

export function addMemberCommands(program: Command): void {
  const member = program.command("member").description("who is in the team");
  member
    .command("list")
    .description("the members, and who is invited")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      print(await withApi(options, team), options.json, writeTeam);
    });
  member
    .command("invite <address>")
    .description("prints a link that makes the person a member; it works for seven days")
    .addOption(new Option("--role <role>", "what the person may do").choices(ROLES).default("member"))
    .action(async (email: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { role: Role }>();
      const { token, expiresAt } = await withApi(options, (api) =>
        given(api.POST("/api/v1/invitations", { body: { email, role: options.role } })),
      );
      const link = `${await webAddress(options)}/invitation/${token}`;
      print(
        { email, role: options.role, link, expiresAt },
        options.json,
        () => `${link}\nFor ${email}, as ${options.role}, until ${expiresAt.slice(0, 10)}.`,
      );
    });
  member
    .command("role <address>")
    .description("gives a member another role")
    .addArgument(new Argument("<role>").choices(ROLES))
    .action(async (address: string, role: Role, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await withApi(options, async (api) => {
        const params = { path: { userId: (await memberNamed(api, address)).userId } };
        await given(api.PATCH("/api/v1/members/{userId}", { params, body: { role } }));
      });
      print({ email: address, role }, options.json, () => `${address} is ${role} now.`);
    });
  member
    .command("remove <address>")
    .description("takes a person out of the team, or an invitation back; what they made stays, except that their API keys end")
    .action(async (address: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await withApi(options, (api) => remove(api, address));
      print({ email: address, removed: true }, options.json, () => `${address} is out of the team.`);
    });
}

async function team(api: ApiClient): Promise<Team> {
  const { items: members } = await given(api.GET("/api/v1/members"));
  const { items: invitations } = await given(api.GET("/api/v1/invitations"));
  return { members, invitations };
}

async function memberNamed(api: ApiClient, address: string): Promise<Member> {
  const found = (await team(api)).members.find(({ email }) => isSame(email, address));
  if (!found) throw new AgentError("not_found", `There is no member ${address}; \`member list\` shows them.`);
  return found;
}

async function remove(api: ApiClient, address: string): Promise<void> {
  const invitation = (await team(api)).invitations.find(({ email }) => isSame(email, address));
  if (invitation) return given(api.DELETE("/api/v1/invitations/{invitationId}", { params: { path: { invitationId: invitation.id } } }));
  const { userId } = await memberNamed(api, address);
  return given(api.DELETE("/api/v1/members/{userId}", { params: { path: { userId } } }));
}

function isSame(one: string, other: string): boolean {
  return parseEmailAddress(one)?.identityKey === parseEmailAddress(other)?.identityKey;
}

function writeTeam({ members, invitations }: Team): string {
  const rows = [
    ...members.map((one) => [one.email, one.name, one.role, one.hasSecondFactor ? "yes" : "no"]),
    ...invitations.map((one) => [one.email, "(invited)", one.role, ""]),
  ];
  return rows.length === 0
    ? "Nobody has an account yet: `set-up-link` prints the link that makes the first."
    : table(["Address", "Name", "Role", "Second factor"], rows);
}
