import { expect, test } from "vitest";
import { settingsSchema } from "./settings.ts";
import { shownSettings } from "./shown-settings.ts";

const shown = shownSettings(settingsSchema.parse({ database_url: "postgres://secret@db", mailboxes: { daily_cap: 25 } }));
const setting = (path: string) => shown.find((one) => one.path === path);

test("a setting shows what it is, what it would be, and what it means; a switch, too", () => {
  expect(setting("mailboxes.daily_cap")).toMatchObject({ value: 25, default: 40, means: expect.stringContaining("Mails a day") });
  expect(setting("mailboxes.allow_private_hosts")).toMatchObject({ value: true, default: true });
  expect(setting("sending.reply_plus_address")).toMatchObject({ value: false, default: false });
});

test("what is secret, or says where things lie, is not shown", () => {
  const paths = shown.map(({ path }) => path);
  expect(paths.filter((path) => /secret|database_url|data_dir/.test(path))).toEqual([]);
  expect(JSON.stringify(shown)).not.toContain("postgres://");
});
