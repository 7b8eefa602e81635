// Mail that does not arrive: refused at once, refused after it was accepted, and merely late. The reports are Postfix's own (RFC 3464).
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { DAY, HOUR } from "../../src/core/instant.ts";
import { suppressionFor } from "../../src/store/suppression.ts";
import { databaseForTests } from "../support/database.ts";
import { newAddress } from "./mail-account.ts";
import { PEOPLE_DOMAIN, SILENT_DOMAIN, UNLISTED } from "./postfix-config.ts";
import { Team } from "./team.ts";

const lab = inject("mailLab");

const database = await databaseForTests();
let team: Team;

beforeEach(async () => {
  team = await Team.begin(lab, database);
  await team.addMailbox();
});
afterEach(() => team.close());

const suppression = (address: string) => suppressionFor(database.db, team.workspaceId, address, null);

test("an address that the server does not know is refused at once, and never written to again", async () => {
  const unknown = newAddress(UNLISTED, PEOPLE_DOMAIN);
  await team.writeTo(unknown);
  expect(await team.messages()).toMatchObject([{ state: "failed", smtpResponse: expect.stringMatching(/^550 5\.1\.1 .*User unknown/) }]);
  expect(await team.standing(unknown)).toMatchObject({ state: "bounced", reachability: "bounced" });
  expect(await suppression(unknown)).toMatchObject({ kind: "address", reason: "bounce" });
  await team.pass(5 * DAY);
  expect(await team.states()).toEqual(["a failed"]);
});

test("an address that fails after the mail was accepted ends with the server's report", async () => {
  const ghost = newAddress("ghost", PEOPLE_DOMAIN);
  await team.writeTo(ghost);
  expect(await team.states()).toEqual(["a sent"]);
  expect(await team.receives("bounce")).toMatchObject({ disposition: "matched", matchMethod: "quoted_original" });
  const [report] = await team.anna.mails();
  expect(report?.mail.headers.get("content-type")?.[0]).toContain("multipart/report");
  expect(report?.text).toMatch(/^Action: failed\r?\nStatus: 5\.1\.1/m);
  expect(await team.standing(ghost)).toMatchObject({ state: "bounced", reachability: "bounced" });
  expect(await suppression(ghost)).toMatchObject({ kind: "address", reason: "bounce", evidence: { status: "5.1.1" } });
  await team.pass(5 * DAY);
  expect(await team.states()).toEqual(["a sent"]);
});

test("a report that a mail is late stops nobody", async () => {
  const waiting = newAddress("kim", SILENT_DOMAIN);
  await team.writeTo(waiting);
  expect(await team.receives("auto_reply")).toMatchObject({ disposition: "matched" });
  const [report] = await team.anna.mails();
  expect(report?.text).toMatch(/^Action: delayed\r?\nStatus: 4\.4\.1/m);
  expect(await team.standing(waiting)).toMatchObject({ state: "active", reachability: "ok" });
  expect(await suppression(waiting)).toBeNull();
  await team.pass(2 * DAY + HOUR);
  expect(await team.states()).toEqual(["a sent", "b sent"]);
});
