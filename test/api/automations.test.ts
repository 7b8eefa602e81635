// The engine over the API: what runs when, how it went, who may change that; and the workspaces and settings around it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { runJob } from "../../src/automations/run-job.ts";
import { ensureSchedule } from "../../src/automations/tick.ts";
import { MINUTE } from "../../src/core/instant.ts";
import { PERMISSIONS } from "../../src/core/permissions.ts";
import { finishRun, startRun } from "../../src/store/automation-run.ts";
import { insertMember } from "../../src/store/member.ts";
import { ApiUnderTest, type Ask } from "./api-under-test.ts";

let api: ApiUnderTest;
let key: Ask;
beforeAll(async () => {
  api = await ApiUnderTest.begin();
  await ensureSchedule(api.agent);
  key = await api.key();
});
afterAll(() => api.end());

test("where there is one workspace, its people and keys change the schedule, each from what they have read", async () => {
  const { body: before } = await key("GET", "/automations/send-due-steps");
  expect(before).toMatchObject({ everySeconds: 60, dailyAt: null, paused: false, lastRun: null });
  const read = { "if-match": `"${before.version}"` };
  const changed = await key("PATCH", "/automations/send-due-steps", { everySeconds: 30, paused: true }, read);
  const inHalfAMinute = new Date(api.agent.clock.now().getTime() + MINUTE / 2).toISOString();
  expect(changed).toMatchObject({ status: 200, body: { everySeconds: 30, paused: true, nextRunAt: inHalfAMinute } });
  expect(changed.headers["etag"]).toBe(`"${before.version + 1}"`);
  expect(await key("PATCH", "/automations/send-due-steps", { paused: false }, read)).toMatchObject({ status: 412 });
  const daily = await key("PATCH", "/automations/send-due-steps", { daily: { at: "10:30", timeZone: "Europe/Berlin" } });
  expect(daily.body).toMatchObject({
    everySeconds: null,
    dailyAt: "10:30",
    timeZone: "Europe/Berlin",
    nextRunAt: "2026-03-04T09:30:00.000Z",
  });
  expect(await key("PATCH", "/automations/send-due-steps", { everySeconds: 60, daily: { at: "10:30", timeZone: "UTC" } })).toMatchObject({
    status: 400,
  });
  expect(await key("PATCH", "/automations/none", { paused: true })).toMatchObject({ status: 404 });
  await key("PATCH", "/automations/send-due-steps", { everySeconds: 60, paused: false });
});

test("a run that is asked for is told apart from one of the schedule", async () => {
  expect(await key("POST", "/automations/keep-house/run", {})).toMatchObject({ status: 202, body: { queued: true } });
  expect(await key("POST", "/automations/send-batch/run", {})).toMatchObject({ status: 404 });
  await runJob(api.agent, "recover-interrupted-sends", { askedBy: "person" });
  await runJob(api.agent, "recover-interrupted-sends", {});
  const { body } = await key("GET", "/automation-runs?automation=recover-interrupted-sends");
  expect(body.items.map((run: { trigger: string }) => run.trigger).sort()).toEqual(["person", "schedule"]);
  expect((await key("GET", "/automations/recover-interrupted-sends")).body.lastRun).toMatchObject({ outcome: "ok" });
});

test("runs page from the newest to the oldest, and tell nothing of other workspaces", async () => {
  const { db } = api.agent;
  const others = await api.otherWorkspace();
  const add = async (minute: number, workspaceId: typeof others | null, message: string) => {
    const startedAt = new Date(Date.UTC(2026, 2, 5, 8, minute));
    const id = await startRun(db, { automation: "sync-inbox", workspaceId, trigger: "event", startedAt });
    await finishRun(db, id, { outcome: "failed", code: "internal", message, endedAt: startedAt, durationMs: 1 });
  };
  await add(1, api.workspaceId, "ours");
  await add(2, others, "theirs");
  await add(3, null, "of all");
  const first = await key("GET", "/automation-runs?limit=1&outcome=failed");
  const second = await key("GET", `/automation-runs?limit=1&outcome=failed&cursor=${first.body.nextCursor}`);
  expect(first.body.items).toMatchObject([{ scope: "installation", errorCode: "internal", errorMessage: null, counts: {} }]);
  expect(second.body).toMatchObject({ items: [{ scope: "workspace", errorMessage: "ours" }], nextCursor: null });
});

test("where there are several workspaces, only who owns them all changes the schedule", async () => {
  const others = await api.otherWorkspace();
  const owner = await api.person("owner");
  const change = { everySeconds: 90 };
  const refused = { status: 403, body: { code: "installation_wide" } };
  expect(await owner.ask("PATCH", "/automations/sync-inboxes", change)).toMatchObject(refused);
  expect(await key("PATCH", "/automations/sync-inboxes", change)).toMatchObject(refused);
  await insertMember(api.agent.db, others, owner.userId as never, "admin", api.realNow);
  expect(await owner.ask("PATCH", "/automations/sync-inboxes", change)).toMatchObject(refused);
  await api.agent.db.query("update member set role = 'owner' where user_id = $1", [owner.userId]);
  expect(await owner.ask("PATCH", "/automations/sync-inboxes", change)).toMatchObject({ status: 200, body: { everySeconds: 90 } });
  const admin = await api.person("admin");
  await insertMember(api.agent.db, others, admin.userId as never, "owner", api.realNow);
  expect(await admin.ask("PATCH", "/automations/sync-inboxes", change)).toMatchObject(refused);
});

test("an owner makes a workspace and works in it; nobody else makes one", async () => {
  const owner = await api.person("owner");
  const made = await owner.ask("POST", "/workspaces", { name: "Second team" });
  expect(made).toMatchObject({ status: 201, body: { name: "Second team", postalAddress: null, version: 1 } });
  const there = await owner.ask("PATCH", "/workspace", { postalAddress: "Rome" }, { "workspace-id": made.body.id, "if-match": '"1"' });
  expect(there).toMatchObject({ status: 200, body: { name: "Second team", postalAddress: "Rome", version: 2 } });
  const late = await owner.ask("PATCH", "/workspace", { postalAddress: "Oslo" }, { "workspace-id": made.body.id, "if-match": '"1"' });
  expect(late).toMatchObject({ status: 412 });
  const { body } = await owner.ask("GET", "/workspaces");
  expect(body.items).toMatchObject([
    { name: "Team", role: "owner" },
    { name: "Second team", role: "owner" },
  ]);
  expect(await owner.ask("POST", "/workspaces", { name: "second TEAM" })).toMatchObject({ status: 409 });
  const admin = await api.person("admin");
  expect(await admin.ask("POST", "/workspaces", { name: "Mine" })).toMatchObject({ status: 403 });
  expect(await key("POST", "/workspaces", { name: "Mine" })).toMatchObject({ status: 403 });
  expect((await key("GET", "/workspaces")).body.items).toEqual([{ id: api.workspaceId, name: "Team", role: null }]);
});

test("the settings tell no secret and nothing about the machine", async () => {
  const { body } = await key("GET", "/settings");
  const paths = body.items.map((setting: { path: string }) => setting.path);
  expect(paths).toContain("sending.interval_seconds");
  for (const hidden of ["database_url", "secret_key", "data_dir"]) expect(paths).not.toContain(hidden);
});

test("the status holds what the key may read, and nothing else", async () => {
  const little = await api.key(["workspace:read", "campaigns:read"]);
  const { body } = await little("GET", "/status");
  expect(body).toMatchObject({ campaigns: [], mailboxes: null, messages: null, inbound: null, schedule: null });
  const all = await (await api.key(PERMISSIONS))("GET", "/status");
  expect(all.body).toMatchObject({ mailboxes: [], messages: [], inbound: [] });
});
