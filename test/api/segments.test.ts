// Saved segments: filters of leads under a name, in the words of the list of leads.
import { expect, test } from "vitest";
import { type Answer, type Ask, apiForTests } from "./api-under-test.ts";

const api = await apiForTests();
const ask = await api.key();

const team = async () => (await api.team()).ask;

const found = async (of: Ask, query: string) =>
  (await of("GET", `/leads?sort=email&${query}`)).body.items.map((one: { email: string }) => one.email[0]).join("");

test("a segment finds what its filter finds; a filter given beside it takes the place of its own", async () => {
  const of = await team();
  await of("POST", "/leads", { email: "a@x.example", tags: ["red"] });
  await of("POST", "/leads", { email: "b@x.example", tags: ["blue"] });
  await of("POST", "/leads", { email: "c@y.example", tags: ["red"] });
  const filter = { search: "x.example", tag: "Red", status: ["new", "lost"], removed: false };
  const made = await of("POST", "/segments", { name: "Red at X", filter });
  expect(made).toMatchObject({ status: 201, headers: { etag: '"1"' } });
  expect(made.body.filter).toEqual({ search: "x.example", tag: ["red"], status: ["new", "lost"], removed: false });
  const { id } = made.body;
  expect(await found(of, `segment=${id}`)).toBe("a");
  expect(await found(of, `segment=${id}&tag=blue`)).toBe("b");
  expect(await found(of, `segment=${id}&search=y`)).toBe("c");
  expect((await of("GET", `/leads/count?segment=${id}`)).body).toEqual({ leads: 1 });
  expect((await of("POST", "/leads/change-many", { filter: { segment: id }, addTags: ["chosen"] })).body).toMatchObject({ leads: 1 });
  expect(await found(of, "tag=chosen")).toBe("a");
});

test("a change keeps what is absent, takes the whole filter, and tells the second of two people", async () => {
  const of = await team();
  const { id } = (await of("POST", "/segments", { name: "S", filter: { status: "lost", tag: ["x"] } })).body;
  const { headers } = await of("GET", `/segments/${id}`);
  const ifMatch = { "if-match": String(headers["etag"]) };
  const filter = { reachability: ["bounced"] };
  expect((await of("PATCH", `/segments/${id}`, { filter }, ifMatch)).body).toMatchObject({ name: "S", filter, version: 2 });
  expect(await of("PATCH", `/segments/${id}`, { name: "T" }, ifMatch)).toMatchObject({
    status: 412,
    body: { code: "precondition_failed" },
  });
  expect((await of("PATCH", `/segments/${id}`, { name: "T" })).body).toMatchObject({ name: "T", filter, version: 3 });
});

test("a name is taken once, whatever its case", async () => {
  const of = await team();
  const { id } = (await of("POST", "/segments", { name: "Hot", filter: {} })).body;
  expect(await of("POST", "/segments", { name: "hot", filter: {} })).toMatchObject({ status: 409, body: { facts: { segmentId: id } } });
  const other = (await of("POST", "/segments", { name: "Cold", filter: {} })).body.id;
  expect(await of("PATCH", `/segments/${other}`, { name: "HOT" })).toMatchObject({ status: 409, body: { facts: { segmentId: id } } });
  expect((await of("PATCH", `/segments/${id}`, { name: "HOT" })).body.name).toBe("HOT");
});

test.each([
  ["an unknown filter", { name: "S", filter: { salary: 1 } }],
  ["an unknown status", { name: "S", filter: { status: ["won"] } }],
  ["no status at all", { name: "S", filter: { status: [] } }],
  ["a segment in it", { name: "S", filter: { segment: "01900000-0000-7000-8000-000000000000" } }],
  ["a word for removed", { name: "S", filter: { removed: "maybe" } }],
  ["no filter", { name: "S" }],
  ["no name", { filter: {} }],
  ["NUL in its search", { name: "S", filter: { search: "a\0" } }],
])("a segment with %s is refused", async (_what, body) => {
  expect(await ask("POST", "/segments", body)).toMatchObject({ status: 400, body: { code: "invalid_input" } });
});

test("segments are paged in the order of the alphabet, and deleted", async () => {
  const of = await team();
  for (const name of ["b", "C", "a"]) await of("POST", "/segments", { name, filter: {} });
  const names = (answer: Answer) => answer.body.items.map((one: { name: string }) => one.name);
  const first = await of("GET", "/segments?limit=2");
  const rest = await of("GET", `/segments?limit=2&cursor=${first.body.nextCursor}`);
  expect([...names(first), ...names(rest)]).toEqual(["a", "b", "C"]);
  const { id } = first.body.items[0];
  expect((await of("DELETE", `/segments/${id}`)).status).toBe(204);
  expect(await of("DELETE", `/segments/${id}`)).toMatchObject({ status: 404 });
  expect(await of("GET", `/leads?segment=${id}`)).toMatchObject({ status: 404, body: { code: "not_found" } });
});

test("segments of another workspace are nobody here", async () => {
  const theirs = await team();
  const { id } = (await theirs("POST", "/segments", { name: "Theirs", filter: {} })).body;
  for (const [method, path, body] of [
    ["GET", `/segments/${id}`],
    ["PATCH", `/segments/${id}`, { name: "Mine" }],
    ["DELETE", `/segments/${id}`],
    ["GET", `/leads?segment=${id}`],
    ["GET", `/leads/count?segment=${id}`],
    ["POST", "/leads/change-many", { filter: { segment: id }, addTags: ["x"] }],
  ] as const) {
    expect(await ask(method, path, body), `${method} ${path}`).toMatchObject({ status: 404, body: { code: "not_found" } });
  }
  expect((await theirs("GET", `/segments/${id}`)).body).toMatchObject({ name: "Theirs", version: 1 });
});
