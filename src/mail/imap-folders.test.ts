import { describe, expect, test } from "vitest";
import { foldersOf, foldersWithCopiesOf } from "./imap-folders.ts";

interface Folder {
  readonly path: string;
  readonly flags?: readonly string[];
  readonly specialUse?: string;
}

/** As a server lists them, with a delimiter. */
function listed(folders: readonly (string | Folder)[], delimiter = "/") {
  return folders.map((one) => {
    const { path, flags = [], specialUse = "" } = typeof one === "string" ? { path: one } : one;
    const parent = path.split(delimiter);
    const name = parent.pop() ?? "";
    return { path, name, parent, flags: new Set(flags), specialUse };
  });
}

/** Role → paths, of folders listed with a delimiter. */
function rolesOf(folders: readonly (string | Folder)[], delimiter = "/"): Record<string, string[]> {
  const roles: Record<string, string[]> = {};
  for (const { path, role } of foldersOf(listed(folders, delimiter))) roles[role] = [...(roles[role] ?? []), path];
  return roles;
}

describe("the folders that may hold answers", () => {
  test("are the flagged ones, all of them, whatever their names", () => {
    const sent = [
      { path: "Ausgang", flags: ["\\Sent"] },
      { path: "Sent Messages", flags: ["\\SENT"] },
    ];
    expect(rolesOf(["INBOX", ...sent, { path: "Müll", flags: ["\\Junk"] }, "Spam"])).toEqual({
      inbox: ["INBOX"],
      sent: ["Ausgang", "Sent Messages"],
      junk: ["Müll"],
      other: ["Spam"],
    });
  });

  test.each([
    ["Spam", "junk"],
    ["Junk", "junk"],
    ["Junk E-mail", "junk"],
    ["Bulk Mail", "junk"],
    ["Courrier indésirable", "junk"],
    ["Correo no deseado", "junk"],
    ["Sent Items", "sent"],
    ["Sent", "sent"],
    ["Gesendete Elemente", "sent"],
    ["Gesendet", "sent"],
    ["Envoyés", "sent"],
    ["Enviados", "sent"],
    ["送信済みアイテム", "sent"],
    ["Sent to clients", "other"],
    ["Projects", "other"],
  ])("without flags, by name: %s is %s", (path, role) => {
    expect(rolesOf(["INBOX", path])[role]).toEqual([path]);
  });

  test("may stand below INBOX, and two may be Junk", () => {
    expect(rolesOf(["INBOX", "INBOX.Sent", "INBOX.spam", "INBOX.Junk", "INBOX.Archive.Sent"], ".")).toEqual({
      inbox: ["INBOX"],
      sent: ["INBOX.Sent"],
      junk: ["INBOX.spam", "INBOX.Junk"],
      other: ["INBOX.Archive.Sent"],
    });
  });

  test("are at Gmail never All Mail, and no folder that cannot be opened", () => {
    const gmail = [
      { path: "[Gmail]", flags: ["\\Noselect"] },
      { path: "[Gmail]/All Mail", flags: ["\\All"], specialUse: "\\All" },
      { path: "[Gmail]/Sent Mail", flags: ["\\Sent"] },
      { path: "[Gmail]/Spam", flags: ["\\Junk"] },
      { path: "Gone", flags: ["\\NonExistent"] },
      "Customers",
    ];
    expect(rolesOf(["INBOX", ...gmail])).toEqual({
      inbox: ["INBOX"],
      sent: ["[Gmail]/Sent Mail"],
      junk: ["[Gmail]/Spam"],
      other: ["Customers"],
    });
  });

  test("hold INBOX once, listed twice or not at all", () => {
    expect(rolesOf(["INBOX", "Sent", "INBOX"])).toEqual({ inbox: ["INBOX"], sent: ["Sent"] });
    expect(rolesOf(["Sent"])["inbox"]).toEqual(["INBOX"]);
  });
});

test("copies of what was sent stand in Sent, and at Gmail in All Mail, too", () => {
  const gmail = [
    { path: "[Gmail]", flags: ["\\Noselect"] },
    { path: "[Gmail]/All Mail", specialUse: "\\All", flags: ["\\All"] },
    { path: "[Gmail]/Sent Mail", flags: ["\\Sent"] },
  ];
  expect(foldersWithCopiesOf(listed(["INBOX", ...gmail]))).toEqual(["[Gmail]/Sent Mail", "[Gmail]/All Mail"]);
  expect(foldersWithCopiesOf(listed(["INBOX", "Sent", "Archive"]))).toEqual(["Sent"]);
});
