// The API of this machine for whoever may type commands on it: as its owner, without a server, and written into the audit log.
import { userInfo } from "node:os";
import { type ApiClient, apiOn } from "../../client/client.ts";
import { PERMISSIONS } from "../../core/permissions.ts";
import { answerInProcess } from "../../http/api/in-process.ts";
import type { Actor } from "../../store/audit.ts";
import type { Session } from "./session.ts";

export function localApi({ agent, workspaceId }: Pick<Session, "agent" | "workspaceId">): ApiClient {
  const caller = {
    actor: operator(),
    workspaceId,
    permissions: new Set(PERMISSIONS),
    role: "owner",
    email: null,
    ip: null,
    session: null,
  } as const;
  return apiOn({
    onRequest: ({ request, schemaPath, params }) => answerInProcess({ agent, caller, request, schemaPath, path: params.path ?? {} }),
  });
}

/** Whoever types commands on this machine. Not every user has a name (containers). */
export function operator(): Actor {
  const named = (name: string) => ({ kind: "command_line", id: null, name }) as const;
  try {
    return named(userInfo().username);
  } catch {
    return named("operator");
  }
}
