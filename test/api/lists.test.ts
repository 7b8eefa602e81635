// Lists over the API: made, filled, renamed, and deleted when no campaign uses them.
import { expect, test } from "vitest";
import { only } from "../../src/store/database.ts";
import { type Answer, type Ask, apiForTests } from "./api-under-test.ts";

const NOBODY = "01900000-0000-7000-8000-000000000000";
const api = await apiForTests();
const ask = await api.key();

const addLead = async (of: Ask, email: string) => (await of("POST", "/leads", { email })).body.id as string;
const addList = async (of: Ask, name: string) => (await of("POST", "/lists", { name })).body.id as string;
const names = (answer: Answer) => answer.body.items.map((one: { name: string }) => one.name);

test("a list is made once, whatever the case of its name, and can be renamed", async () => {
  const made = await ask("POST", "/lists", { name: " Bakeries " });
  expect(made).toMatchObject({ status: 201, body: { name: "Bakeries", leads: 0 } });
  const { id } = made.body;
  expect(await ask("POST", "/lists", { name: "BAKERIES" })).toMatchObject({
    status: 409,
    body: { code: "already_exists", facts: { listId: id } },
  });
  const other = await addList(ask, "Cafés");
  expect(await ask("PATCH", `/lists/${other}`, { name: "bakeries" })).toMatchObject({ status: 409, body: { facts: { listId: id } } });
  expect((await ask("PATCH", `/lists/${id}`, { name: "bakeries" })).body).toMatchObject({ id, name: "bakeries" });
  expect((await ask("GET", `/lists/${id}`)).body).toMatchObject({ id, name: "bakeries" });
});

test.each([{}, { name: "" }, { name: " " }, { name: "x".repeat(201) }, { name: 7 }, { name: "a", color: "red" }])(
  "a list cannot be made of %j",
  async (body) => {
    expect(await ask("POST", "/lists", body)).toMatchObject({ status: 400, body: { code: "invalid_input" } });
  },
);

test("leads are put in and taken out; asking again changes nothing, and strangers are left out", async () => {
  const { ask: of } = await api.team();
  const theirs = await addLead(ask, "stranger@x.example");
  const [ann, bob] = [await addLead(of, "ann@x.example"), await addLead(of, "bob@x.example")];
  const list = await addList(of, "L");
  const put = { leadIds: [ann, bob, ann, theirs, NOBODY] };
  expect((await of("POST", `/lists/${list}/leads`, put)).body).toEqual({ added: 2 });
  expect((await of("POST", `/lists/${list}/leads`, put)).body).toEqual({ added: 0 });
  expect((await of("GET", `/lists/${list}`)).body.leads).toBe(2);
  expect((await of("POST", `/lists/${list}/leads/remove`, { leadIds: [bob, NOBODY] })).body).toEqual({ removed: 1 });
  expect((await of("GET", `/leads?list=${list}`)).body.items).toMatchObject([{ id: ann }]);
});

test("a campaign that runs is told of leads that come into a list", async () => {
  const { ask: of, workspaceId } = await api.team();
  const { rows } = await api.agent.db.query<{ id: string }>(
    `insert into campaign (workspace_id, name, time_zone, sending_window, state, activated_at, created_at, updated_at)
     values ($1, 'C', 'UTC', '{}', 'active', $2, $2, $2) returning id`,
    [workspaceId, api.realNow],
  );
  const enqueued: unknown[] = [];
  const { jobs } = api.agent;
  Object.assign(api.agent, {
    jobs: { enqueue: async (_tx: unknown, name: string, payload: object) => void enqueued.push([name, payload]) },
  });
  const ann = await addLead(of, "ann@x.example");
  const list = await addList(of, "L");
  const put = () => of("POST", `/lists/${list}/leads`, { leadIds: [ann] });
  await put();
  await put();
  Object.assign(api.agent, { jobs });
  const job = ["enroll-leads", { workspaceId, campaignId: only(rows).id }];
  expect(enqueued).toEqual([job, job]);
});

test("lists are found by name and paged in the order of the alphabet", async () => {
  const { ask: of } = await api.team();
  for (const name of ["b", "C", "a", "D", "e"]) await addList(of, name);
  const first = await of("GET", "/lists?limit=2");
  const second = await of("GET", `/lists?limit=2&cursor=${first.body.nextCursor}`);
  const third = await of("GET", `/lists?limit=2&cursor=${second.body.nextCursor}`);
  expect([...names(first), ...names(second), ...names(third)]).toEqual(["a", "b", "C", "D", "e"]);
  expect(third.body.nextCursor).toBeNull();
  expect(names(await of("GET", "/lists?search=c"))).toEqual(["C"]);
});

test("a list that a campaign uses stays; any other is deleted, without its leads, and its imports stay", async () => {
  const { ask: of, workspaceId } = await api.team();
  const { body } = await of("POST", "/imports?list=L", Buffer.from("email\nann@x.example\n"), { "content-type": "text/csv" });
  const list = body.listId;
  const { rows } = await api.agent.db.query<{ id: string }>(
    `insert into campaign (workspace_id, name, time_zone, sending_window, list_id, created_at, updated_at)
     values ($1, 'Spring', 'UTC', '{}', $2, $3, $3) returning id`,
    [workspaceId, list, api.realNow],
  );
  const campaignId = only(rows).id;
  expect(await of("DELETE", `/lists/${list}`)).toMatchObject({
    status: 409,
    body: { code: "in_use", facts: { campaigns: [{ id: campaignId, name: "Spring" }] } },
  });
  await api.agent.db.query("delete from campaign where workspace_id = $1", [workspaceId]);
  expect((await of("DELETE", `/lists/${list}`)).status).toBe(204);
  expect(await of("DELETE", `/lists/${list}`)).toMatchObject({ status: 404 });
  expect((await of("GET", "/leads")).body.items).toMatchObject([{ email: "ann@x.example" }]);
  expect((await of("GET", `/imports/${body.id}`)).body).toMatchObject({ listId: null, counts: { created: 1 } });
});

test("lists of another workspace are nobody here", async () => {
  const theirs = await api.team();
  const list = await addList(theirs.ask, "Theirs");
  const ann = await addLead(ask, "ann@mine.example");
  for (const [method, path, body] of [
    ["GET", `/lists/${list}`],
    ["PATCH", `/lists/${list}`, { name: "Mine" }],
    ["DELETE", `/lists/${list}`],
    ["POST", `/lists/${list}/leads`, { leadIds: [ann] }],
    ["POST", `/lists/${list}/leads/remove`, { leadIds: [ann] }],
  ] as const) {
    expect(await ask(method, path, body), `${method} ${path}`).toMatchObject({ status: 404, body: { code: "not_found" } });
  }
  expect((await theirs.ask("GET", `/lists/${list}`)).body).toMatchObject({ name: "Theirs", leads: 0 });
  expect(names(await ask("GET", "/lists?search=theirs"))).toEqual([]);
});
