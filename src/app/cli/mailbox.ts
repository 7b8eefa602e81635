// mailbox add|test|list: the accounts that send and are read.
import { type Command, Option } from "commander";
import { DateTime } from "luxon";
import type { components, paths } from "../../client/api-types.ts";
import { type ApiClient, given, upTo } from "../../client/client.ts";
import { AgentError } from "../../core/errors.ts";
import { MAILBOX_PRESETS } from "../../core/mailbox-presets.ts";
import type { OAuthProvider } from "../../core/oauth-provider.ts";
import { withApi } from "./api.ts";
import { addPauseCommands } from "./mailbox-pause.ts";
import { addReconcileCommand } from "./mailbox-reconcile.ts";
import { mailboxNamed, mailboxOf } from "./named.ts";
import type { GlobalOptions } from "./options.ts";
import { print, table } from "./output.ts";

type Mailbox = components["schemas"]["Mailbox"];
type MailboxTests = components["schemas"]["MailboxTests"];
type MailboxRequest = paths["/api/v1/mailboxes"]["post"]["requestBody"]["content"]["application/json"];

interface AddedMailbox {
  readonly mailboxId: string;
  readonly created: boolean;
  /** Null: not tested. */
  readonly tests: MailboxTests | null;
}

interface AddOptions extends GlobalOptions {
  readonly provider?: "gmail" | "microsoft365" | "hostinger" | "custom";
  readonly fromName?: string;
  readonly smtp?: string;
  readonly imap?: string;
  readonly username?: string;
  readonly passwordEnv?: string;
  readonly cap?: string;
  readonly gap?: string;
  readonly domainCap?: string;
  readonly domainHourlyCap?: string;
  readonly rampUp?: string;
  readonly timeZone?: string;
  readonly replyMailbox?: string;
  readonly folder?: readonly string[];
  readonly sentCopies?: "auto" | "provider" | "agent" | "nobody";
  readonly skipTest?: boolean;
  readonly login?: boolean;
  readonly oauth?: OAuthProvider;
  readonly account?: string;
  readonly web?: boolean;
  readonly callbackPort: string;
}

export function addMailboxCommands(program: Command): void {
  const mailbox = program.command("mailbox").description("accounts that send and are read");
  mailbox
    .command("add <address>")
    .description("tests sending and reading, then stores the mailbox; the same address again changes what is given, and nothing else")
    .addOption(new Option("--provider <name>", "whose servers").choices(["gmail", "microsoft365", "hostinger", "custom"]))
    .option("--from-name <name>", "the name people see")
    .option("--smtp <host:port[:tls|starttls|none]>", "where it sends")
    .option("--imap <host:port[:tls|starttls|none]>", "where it is read; without it, it only sends")
    .option("--username <name>", "if it is not the address")
    .option("--password-env <variable>", "take the password from this environment variable instead of asking")
    .option("--no-login", "the server takes mail without a password")
    .addOption(
      new Option("--oauth <provider>", "no password: its owner signs in at the provider and agrees").choices([
        "google",
        "microsoft",
        "custom",
      ]),
    )
    .option("--account <address>", "as whom the owner signs in there, if it is not the address: a shared mailbox")
    .option("--web", "come back to the server (http.public_url) instead of this machine, and do not wait")
    .option("--callback-port <port>", "where on this machine the browser comes back to; 0 is any", "0")
    .option("--cap <mails>", "mails a day")
    .option("--gap <seconds>", "least time between two mails")
    .option("--domain-cap <mails>", "mails a day to one mail domain; 0: no limit")
    .option("--domain-hourly-cap <mails>", "the same by the hour")
    .option("--ramp-up <from:start:step>", "from that day on start mails a day, and step more each day: 2026-03-02:5:2")
    .option("--time-zone <zone>", "whose midnight starts its day")
    .option("--reply-mailbox <address>", "where the answers to a relay arrive")
    .option("--folder <path...>", "also read these folders")
    .addOption(
      new Option("--sent-copies <who>", "who puts copies of sent mails into its Sent folder").choices([
        "auto",
        "provider",
        "agent",
        "nobody",
      ]),
    )
    .option("--skip-test", "store it untested: campaigns wait until `mailbox test` has passed")
    .action(async (address: string, _options, command: Command) => {
      const options = command.optsWithGlobals<AddOptions>();
      if (options.oauth) return addByOAuth(address, options, options.oauth);
      try {
        print(await withApi(options, (api) => add(api, address, options)), options.json, writeAdded(address));
      } catch (error) {
        const provider = providerToAskAgain(error);
        if (!provider) throw error;
        process.stderr.write(`${(error as AgentError).message}\n`);
        await addByOAuth(address, options, provider);
      }
    });
  addPauseCommands(mailbox);
  addReconcileCommand(mailbox);
  mailbox
    .command("test <address>")
    .description("logs in to both servers; a success ends a pause that a failed login caused")
    .action(async (address: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const tests = await withApi(options, async (api) => {
        const params = { path: { mailboxId: (await mailboxNamed(api, address)).id } };
        return given(api.POST("/api/v1/mailboxes/{mailboxId}/test", { params }));
      });
      print(tests, options.json, writeTests);
      if (!tests.smtp.ok || tests.imap?.ok === false) process.exitCode = 4;
    });
  mailbox
    .command("list")
    .description("every mailbox, its limits and its health")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const mailboxes = await withApi(options, async (api) =>
        (await upTo(MOST, (page) => given(api.GET("/api/v1/mailboxes", { params: { query: page } })))).map(listed),
      );
      print(mailboxes, options.json, writeMailboxes);
    });
}

/** More than a team can have. */
const MOST = 10_000;

function listed(mailbox: Mailbox) {
  const { email, provider, smtp, dailyCap, minGapSeconds, imap, state, pause, smtpTestedAt, imapTestedAt, sentCopies, domainWarnings } =
    mailbox;
  const [pauseReason, pauseDetail] = [pause?.reason ?? null, pause?.detail ?? null];
  return {
    email,
    provider,
    login: smtp.login,
    dailyCap,
    minGapSeconds,
    reads: imap !== null,
    state,
    pauseReason,
    pauseDetail,
    smtpTestedAt,
    imapTestedAt,
    sentCopies,
    domainWarnings,
  };
}

function writeMailboxes(all: readonly ReturnType<typeof listed>[]): string {
  if (all.length === 0) return "No mailbox yet: `mailbox add ADDRESS` adds one.";
  const written = table(
    ["Mailbox", "Provider", "Login", "A day", "Gap", "Reads", "State", "Why"],
    all.map((one) => [
      one.email,
      one.provider,
      one.login,
      one.dailyCap,
      `${one.minGapSeconds} s`,
      one.reads ? "yes" : "no",
      one.state,
      one.pauseDetail,
    ]),
  );
  return [written, ...new Set(all.flatMap(({ domainWarnings }) => domainWarnings))].join("\n");
}

/** The same address again changes what is given, and nothing else. */
async function add(api: ApiClient, address: string, options: AddOptions): Promise<AddedMailbox> {
  const known = await mailboxOf(api, address);
  if (known && isToBeRenewed(known, options)) throw consentWithdrawn(known);
  const keepsLogin = known?.smtp.login === "oauth" && !options.passwordEnv;
  const password = options.login === false ? null : keepsLogin ? undefined : await passwordFor(address, options, known !== null);
  const replyMailboxId = options.replyMailbox === undefined ? undefined : (await mailboxNamed(api, options.replyMailbox)).id;
  const changes = {
    ...requestOf(options),
    ...(password === undefined ? {} : { password }),
    ...(replyMailboxId === undefined ? {} : { replyMailboxId }),
  };
  const saved = known
    ? await given(api.PATCH("/api/v1/mailboxes/{mailboxId}", { params: { path: { mailboxId: known.id } }, body: changes }))
    : await given(api.POST("/api/v1/mailboxes", { body: { email: address, ...changes } }));
  return { mailboxId: saved.mailbox.id, created: known === null, tests: saved.tests };
}

/** Nothing else is wanted of a mailbox that has stopped because its owner's consent was withdrawn. */
function isToBeRenewed({ smtp, pause }: Mailbox, options: AddOptions): boolean {
  const isChanged = Object.keys(requestOf(options)).length > 0 || options.passwordEnv !== undefined || options.login === false;
  return smtp.oauth !== null && pause?.reason === "grant_revoked" && !isChanged && options.replyMailbox === undefined;
}

function consentWithdrawn({ email, smtp: { oauth: provider } }: Mailbox): AgentError {
  return new AgentError("oauth_revoked", `What the owner of ${email} had granted was taken back, or has run out.`, {
    detail: { provider },
  });
}

/** With the link of `--web` there is nothing to wait for here. */
async function addByOAuth(address: string, options: AddOptions, provider: OAuthProvider): Promise<void> {
  const { replyMailbox, account } = options;
  const wanted = { ...requestOf(options), ...(replyMailbox ? { replyMailbox } : {}), ...(account ? { account } : {}) };
  const callbackPort = wholeNumber("--callback-port", options.callbackPort);
  const { connect, linkOf } = await import("./mailbox-oauth.ts");
  if (!options.web) return print(await connect({ ...options, callbackPort }, address, provider, wanted), options.json, writeAdded(address));
  print(
    await linkOf(options, address, provider, wanted),
    options.json,
    ({ link }) => `Open this link within minutes, sign in as ${account ?? address}, and agree:\n\n${link}\n`,
  );
}

/** Where a mailbox is to be used whose owner's consent was withdrawn: at whom they can agree again. */
function providerToAskAgain(error: unknown): OAuthProvider | null {
  if (!(error instanceof AgentError) || error.code !== "oauth_revoked") return null;
  const { provider } = error.detail as { provider?: OAuthProvider };
  return provider ?? null;
}

/** Undefined: the one that is stored stays. */
async function passwordFor(address: string, options: AddOptions, isKnown: boolean): Promise<string | undefined> {
  if (options.passwordEnv) {
    const value = process.env[options.passwordEnv];
    if (!value) throw new AgentError("invalid_input", `The environment variable ${options.passwordEnv} is not set.`);
    return value;
  }
  if (!process.stdin.isTTY) {
    if (isKnown) return undefined;
    throw new AgentError("invalid_input", "Nobody can be asked for the password here; use --password-env VARIABLE.");
  }
  if (options.provider && options.provider !== "custom") process.stderr.write(`${MAILBOX_PRESETS[options.provider].hint}\n`);
  const { password: askPassword, isCancel } = await import("@clack/prompts");
  const typed = await askPassword({ message: `Password of ${address}${isKnown ? " (empty: as before)" : ""}` });
  if (isKnown && !typed) return undefined;
  if (isCancel(typed) || !typed) throw new AgentError("invalid_input", "No password was given.");
  return typed;
}

function requestOf(options: AddOptions): Omit<MailboxRequest, "email" | "password" | "imapPassword" | "replyMailboxId"> {
  const rampUp = options.rampUp === undefined ? null : rampUpOf(options.rampUp);
  return {
    ...(options.provider ? { provider: options.provider } : {}),
    ...(options.fromName ? { fromName: options.fromName } : {}),
    ...(options.smtp ? { smtp: serverOf(options.smtp) } : {}),
    ...(options.imap ? { imap: serverOf(options.imap) } : {}),
    ...(options.username ? { username: options.username } : {}),
    ...(options.cap === undefined ? {} : { dailyCap: wholeNumber("--cap", options.cap) }),
    ...(options.gap === undefined ? {} : { minGapSeconds: wholeNumber("--gap", options.gap) }),
    ...(options.domainCap === undefined ? {} : { domainDailyCap: wholeNumber("--domain-cap", options.domainCap) }),
    ...(options.domainHourlyCap === undefined ? {} : { domainHourlyCap: wholeNumber("--domain-hourly-cap", options.domainHourlyCap) }),
    ...(options.timeZone ? { timeZone: options.timeZone } : {}),
    ...(options.folder ? { extraFolders: [...options.folder] } : {}),
    ...(options.sentCopies ? { sentCopies: options.sentCopies } : {}),
    ...(options.skipTest ? { skipTest: true } : {}),
    ...(rampUp ? { rampUp } : {}),
  };
}

function wholeNumber(option: string, written: string): number {
  if (/^\d{1,6}$/.test(written)) return Number(written);
  throw new AgentError("invalid_input", `${option} must be a whole number, 0 or more.`);
}

function rampUpOf(written: string): { from: string; start: number; step: number } {
  const [, from, start, step] = /^(\d{4}-\d{2}-\d{2}):([1-9]\d{0,4}):([1-9]\d{0,4})$/.exec(written) ?? [];
  if (from && start && step && DateTime.fromISO(from).isValid) return { from, start: Number(start), step: Number(step) };
  throw new AgentError("invalid_input", `--ramp-up ${written} must be written DAY:START:STEP, such as 2026-03-02:5:2.`);
}

function serverOf(written: string): NonNullable<MailboxRequest["smtp"]> {
  const [, host, port, security] = /^(\[[^\]]+\]|[^:]+):(\d+)(?::(tls|starttls|none))?$/.exec(written) ?? [];
  if (!host || !port || Number(port) < 1 || Number(port) > 65_535)
    throw new AgentError("invalid_input", `${written} must be written HOST:PORT, or HOST:PORT:SECURITY with tls, starttls or none.`);
  return {
    host: host.replace(/^\[|\]$/g, ""),
    port: Number(port),
    ...(security ? { security: security as "tls" | "starttls" | "none" } : {}),
  };
}

function writeAdded(address: string): (added: AddedMailbox) => string {
  return ({ created, tests }) => `${address} ${created ? "added" : "changed"}.\n${tests ? writeTests(tests) : "Not tested."}`;
}

function writeTests({ smtp, imap }: MailboxTests): string {
  const line = (name: string, test: MailboxTests["imap"]) =>
    test === null ? `${name}: not read, it only sends` : `${name}: ${test.ok ? "works" : test.message}`;
  return [line("Sending", smtp), line("Reading", imap)].join("\n");
}
