// The plain pages: a person sets the product up, signs in and out, and joins, with a browser that runs no scripts.
import { expect, test } from "vitest";
import { newSetupToken } from "../../src/access/set-up.ts";
import { apiForTests } from "./api-under-test.ts";

const PASSWORD = "a horse on a battery";
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const api = await apiForTests();

const get = (url: string, cookie = "") => api.app.inject({ method: "GET", url, headers: { cookie }, remoteAddress: api.clientIp() });
const post = (url: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  api.app.inject({
    method: "POST",
    url,
    headers: { ...FORM, ...headers },
    payload: new URLSearchParams(form).toString(),
    remoteAddress: api.clientIp(),
  });
const cookieOf = (answer: Awaited<ReturnType<typeof post>>) => String(answer.headers["set-cookie"]).split(";")[0] ?? "";

test("the set-up link shows a form, which makes the owner and signs in; then the link is used up", async () => {
  const token = await newSetupToken(api.agent.db, api.realNow);
  expect((await get(`/setup/${token}`)).body).toContain("Make the first account");
  const weak = await post(`/setup/${token}`, { name: "Anna", email: "anna@team.example", password: "short" });
  expect([weak.statusCode, weak.body]).toEqual([422, expect.stringContaining("at least 12 characters")]);
  const made = await post(`/setup/${token}`, { name: "Anna", email: "anna@team.example", password: PASSWORD });
  expect([made.statusCode, made.headers.location]).toEqual([303, "/"]);
  expect((await get("/api/v1/account", cookieOf(made))).json()).toMatchObject({ email: "anna@team.example" });
  expect((await get(`/setup/${token}`)).statusCode).toBe(410);
});

test("signing in from our page works, from a page of another site it does not; signing out ends the session", async () => {
  const form = { email: "anna@team.example", password: PASSWORD };
  expect((await post("/sign-in", form, { "sec-fetch-site": "cross-site" })).statusCode).toBe(403);
  const signedIn = await post("/sign-in", form, { "sec-fetch-site": "same-origin" });
  const cookie = cookieOf(signedIn);
  expect((await get("/api/v1/account", cookie)).statusCode).toBe(200);
  await post("/sign-out", {}, { cookie });
  expect((await get("/api/v1/account", cookie)).statusCode).toBe(401);
});

test("an invitation page says which team it is for, and hostile names stay text", async () => {
  const owner = await api.person("owner");
  await owner.ask("PATCH", "/workspace", { name: "<b>Team</b>" });
  const { body } = await owner.ask("POST", "/invitations", { email: "ben@team.example", role: "viewer" });
  expect((await get(`/invitation/${body.token}`)).body).toContain("Join &lt;b&gt;Team&lt;/b&gt;");
  const joined = await post(`/invitation/${body.token}`, { name: "Ben", password: PASSWORD });
  expect((await get("/api/v1/account", cookieOf(joined))).json().workspaces).toMatchObject([{ role: "viewer" }]);
});

test("once there are accounts, the live page and its stream are for people of the team", async () => {
  const owner = await api.person("owner");
  const stranger = await api.person("owner", await api.otherWorkspace());
  expect((await get("/", owner.cookie)).statusCode).toBe(200);
  for (const cookie of ["", "session=mas_0123456789abcdefghijklmnopqrstuv", stranger.cookie]) {
    expect((await get("/", cookie)).headers.location).toBe("/sign-in");
    expect((await get("/events", cookie)).statusCode).toBe(401);
  }
});
