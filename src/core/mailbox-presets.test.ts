import { expect, test } from "vitest";
import { MAILBOX_PRESETS, passwordHint, usualSecurity } from "./mailbox-presets.ts";

test.each([
  [465, "tls"],
  [993, "tls"],
  [587, "starttls"],
  [25, "starttls"],
  [143, "starttls"],
  [2525, "starttls"],
])("port %i is spoken to with %s", (port, security) => {
  expect(usualSecurity(port)).toBe(security);
});

test("the presets speak to their ports the way those are meant", () => {
  const servers = Object.values(MAILBOX_PRESETS).flatMap(({ smtp, imap }) => [smtp, imap]);
  expect(servers).toHaveLength(6);
  expect(servers.map(({ security }) => security)).toEqual(servers.map(({ port }) => usualSecurity(port)));
});

test("the advice about a refused password is that of the provider whose server refused it", () => {
  expect(passwordHint("SMTP.Gmail.com")).toBe(MAILBOX_PRESETS.gmail.hint);
  expect(passwordHint("outlook.office365.com")).toBe(MAILBOX_PRESETS.microsoft365.hint);
  expect(passwordHint("imap.mail.yahoo.com")).toContain("app password, made in the security settings");
  expect(passwordHint("notgmail.com")).not.toBe(MAILBOX_PRESETS.gmail.hint);
  expect(passwordHint("mail.team.example")).toContain("app password");
});
