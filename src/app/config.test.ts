import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadSettings } from "./config.ts";

const dir = mkdtempSync(join(tmpdir(), "config-"));
afterAll(() => rmSync(dir, { recursive: true }));

function settings(yaml: string, env: Readonly<Record<string, string>> = {}) {
  const file = join(dir, "settings.yaml");
  writeFileSync(file, yaml);
  return loadSettings({ file, env, overrides: {}, cwd: dir });
}

test("the environment goes before the file, and the file before the defaults", () => {
  const yaml = "mailboxes: { daily_cap: 25, min_gap_seconds: 30 }";
  expect(settings(yaml, { MARKETING_AGENT_MAILBOXES_DAILY_CAP: "12" })).toMatchObject({
    mailboxes: { daily_cap: 12, min_gap_seconds: 30 },
    http: { port: 7300 },
  });
});

test("a key or a variable without a value is not set: it is never read as 0", () => {
  const { mailboxes, http, engine } = settings("mailboxes:\n  daily_cap:\nengine:\n", { MARKETING_AGENT_HTTP_PORT: "" });
  expect([mailboxes.daily_cap, http.port, engine.parallel_mailboxes]).toEqual([40, 7300, 8]);
});

test("every value that is not allowed is named at once", () => {
  expect(() => settings("mailboxes: { daily_cap: -1 }\nhttp: { prt: 80 }")).toThrow(
    expect.objectContaining({ code: "config_invalid", message: expect.stringMatching(/prt.*daily_cap/s) }),
  );
});
