// Who may do what: roles of people, scopes of keys, and the permission that each operation of the API asks for.

export const ROLES = ["owner", "admin", "member", "viewer"] as const;
export type Role = (typeof ROLES)[number];

/** `read` looks, `write` changes. A scope of an API key is one of these, too. */
export const PERMISSIONS = [
  "leads:read",
  "leads:write",
  "campaigns:read",
  "campaigns:write",
  "messages:read",
  "messages:write",
  "mailboxes:read",
  "mailboxes:write",
  "automations:read",
  "automations:write",
  "workspace:read",
  "workspace:write",
  "members:read",
  "members:write",
  "api_keys:read",
  "api_keys:write",
  "audit:read",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const VIEWER: readonly Permission[] = [
  "leads:read",
  "campaigns:read",
  "messages:read",
  "mailboxes:read",
  "automations:read",
  "workspace:read",
  "members:read",
];
const MEMBER: readonly Permission[] = [...VIEWER, "leads:write", "campaigns:write", "messages:write"];

const OF_ROLE: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  owner: new Set(PERMISSIONS),
  // what an admin may not do is told by `mayGiveRole`, not by a permission
  admin: new Set(PERMISSIONS),
  member: new Set(MEMBER),
  viewer: new Set(VIEWER),
};

export function roleMay(role: Role, permission: Permission): boolean {
  return OF_ROLE[role].has(permission);
}

export function permissionsOf(role: Role): Permission[] {
  return PERMISSIONS.filter((permission) => roleMay(role, permission));
}

/** Whether `by` may make somebody of role `from` (null: nobody yet) one of role `to` (null: nobody any more). Only owners make and unmake owners. */
export function mayGiveRole(by: Role, from: Role | null, to: Role | null): boolean {
  return by === "owner" || (by === "admin" && from !== "owner" && to !== "owner");
}
