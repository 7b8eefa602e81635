// The product as processes on a PostgreSQL server (DATABASE_URL): set up by its command line, started, healthy, at work with real mail, and stopped.
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { MailAccount } from "./mail-account.ts";
import { PEOPLE_DOMAIN, TEAM_DOMAIN } from "./postfix-config.ts";
import { Installation, type RunningProduct } from "./product-process.ts";

const lab = inject("mailLab");

let database: TestDatabase;
let installation: Installation;
let anna: MailAccount;
let kim: MailAccount;
let running: RunningProduct[];

beforeEach(async () => {
  database = await createTestDatabase({ migrated: false });
  installation = new Installation(database.connectionString);
  anna = new MailAccount(lab, "anna", TEAM_DOMAIN);
  kim = new MailAccount(lab, "kim", PEOPLE_DOMAIN);
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((product) => product.stop("SIGKILL")));
  await database.drop();
  installation.remove();
});

function start(role: "all" | "web" | "worker"): RunningProduct {
  const product = installation.start(role);
  running.push(product);
  return product;
}

function addMailbox(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const servers = ["--smtp", `localhost:${lab.ports.submission}:starttls`, "--imap", `localhost:${lab.ports.imap}:starttls`];
  const args = ["mailbox", "add", anna.address, ...servers, "--gap", "0", "--password-env", "PASSWORD"];
  return installation.run(args, { PASSWORD: anna.password, ...more });
}

const answerOf = async (url: string, path: string) => (await fetch(new URL(path, url))).json();

test("one process is healthy, and ends in good order when it is told to", async () => {
  const product = start("all");
  const url = await product.url();
  expect(await answerOf(url, "/healthz")).toEqual({ status: "ok" });
  expect(await answerOf(url, "/readyz")).toEqual({ status: "ok" });
  expect(await product.stop()).toBe(0);
  expect(product.log).not.toMatch(/"level":"(?:error|fatal)"/);
  await expect(fetch(url)).rejects.toThrow("fetch failed");
});

test("a web and a worker process do the main job together: a mail, its answer, the sub-sequence", async () => {
  expect(await addMailbox()).toContain(anna.address);
  installation.write("leads.csv", `email,first name,company\n${kim.address},Kim,Bakery\n`);
  const campaign = installation.write(
    "campaign.yaml",
    `name: Repair log
time_zone: UTC
window: { monday-sunday: 00:00-24:00 }
opt_out: reply
postal_address: Team GmbH, Berlin
mailboxes: [${anna.address}]
leads: { file: leads.csv }
sequence:
  - { id: a, subject: "Repairs at {{ company }}", body: "Hi {{ first_name }}, who looks after repairs?" }
sub_sequences:
  - { name: Interested, on: positive, steps: [{ id: call, body: "Shall we talk?" }] }`,
  );
  await installation.run(["campaign", "apply", campaign]);
  const [web, worker] = [start("web"), start("worker")];
  expect(await answerOf(await web.url(), "/readyz")).toEqual({ status: "ok" });
  await installation.run(["campaign", "start", "Repair log"]);

  const { mail } = await kim.receives(1);
  expect(mail.subject).toBe("Repairs at Bakery");
  // As an operator who does not want to wait for a minute; now() has microseconds, which must not keep the row from running.
  await database.db.query("update schedule set every_seconds = 1, next_run_at = now() where automation = 'advance-enrollments'");
  await kim.reply(mail, "Yes, that sounds good. Let's talk.");
  const call = await kim.receives(2);
  expect(call.mail.text).toContain("Shall we talk?");
  expect(call.mail.references[0]).toBe(mail.messageId);

  expect(await Promise.all([web.stop(), worker.stop()])).toEqual([0, 0]);
  expect(web.log + worker.log).not.toMatch(/"level":"(?:error|fatal)"/);
  const { rows } = await database.db.query("select step_lineage as step, state from message order by id");
  expect(rows).toEqual([
    { step: "a", state: "sent" },
    { step: "call", state: "sent" },
  ]);
});

test("servers with a private certificate are refused until the operator names their authority", async () => {
  const refused = await addMailbox({ NODE_EXTRA_CA_CERTS: "" }).catch((error: { stderr: string }) => error.stderr);
  expect(refused).toContain(`The certificate of the SMTP server localhost:${lab.ports.submission} is refused`);
  expect(refused).toContain(`The certificate of the IMAP server localhost:${lab.ports.imap} is refused`);
  expect(await addMailbox()).toContain(anna.address);
});
