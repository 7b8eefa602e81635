// Two teams with something of everything. Each text of a team bears its word, so that one that shows up with the other is noticed.
import { newToken } from "../../../src/access/token.ts";
import { secretBinding } from "../../../src/automations/mailbox-access.ts";
import { sealSecret } from "../../../src/core/encrypted-secret.ts";
import type { MailboxId } from "../../../src/core/ids.ts";
import { type Database, only } from "../../../src/store/database.ts";

const AT = "2026-03-02T08:00:00Z";
const WINDOW = JSON.stringify({ monday: [["09:00", "17:00"]], wednesday: [["00:00", "24:00"]] });

export interface Ports {
  readonly smtp: number;
  readonly imap: number;
}

/** Kind (the name of its table) → ids. */
export type Ids = Readonly<Record<string, readonly string[]>>;

type Row = Readonly<Record<string, unknown>>;

/** One team's worth of rows. `word` in lower case: some keys are. */
export async function fillWorkspace(
  db: Database,
  workspace: string,
  { word, ports, key }: { word: string; ports: Ports; key: Uint8Array },
): Promise<Ids> {
  const ids: Record<string, string[]> = {};
  const of = { workspace_id: workspace };
  const times = { created_at: AT, updated_at: AT };
  const add = async (table: string, row: Row): Promise<string> => {
    const columns = Object.keys(row);
    const sql = `insert into ${table} as made (${columns.join(", ")}) values (${columns.map((_, index) => `$${index + 1}`).join(", ")})
      returning coalesce(to_jsonb(made) ->> 'id', '') as id`;
    const { id } = only((await db.query<{ id: string }>(sql, Object.values(row))).rows);
    if (id !== "") ids[table] = [...(ids[table] ?? []), id];
    return id;
  };

  const user = await add("user_account", {
    email: `${word}@team.example`,
    identity_key: `${word}@team.example`,
    name: `Person ${word}`,
    password_hash: "$argon2id$none",
    ...times,
  });
  await add("member", { ...of, user_id: user, role: "owner", created_at: AT });
  const token = () => newToken("mai_").hash;
  for (const name of ["one", "two"]) {
    const address = `${name}.${word}@guest.example`;
    await add("invitation", {
      ...of,
      email: address,
      identity_key: address,
      role: "member",
      token_hash: token(),
      invited_by: user,
      created_at: AT,
      expires_at: "2026-04-01T00:00:00Z",
    });
    await add("api_key", {
      ...of,
      name: `key ${name} ${word}`,
      prefix: `mak_${word}`,
      token_hash: token(),
      scopes: ["leads:read"],
      created_at: AT,
    });
    await add("audit_entry", {
      ...of,
      at: AT,
      actor: "user",
      actor_id: user,
      actor_name: `Person ${word}`,
      action: "leads.create",
      target: {},
      detail: { name: word },
    });
  }

  const list = await add("lead_list", { ...of, name: `List ${word}`, created_at: AT });
  await add("lead_list", { ...of, name: `Another list ${word}`, created_at: AT });
  const leads: string[] = [];
  for (let one = 1; one <= 5; one += 1) {
    const email = `lead${one}@${word}.example`;
    const lead = {
      ...of,
      email,
      identity_key: email,
      first_name: `Lea ${word}`,
      company: `Bakery ${word}`,
      custom: { note: word },
      ...times,
    };
    leads.push(await add("lead", lead));
    await add("lead_list_member", { ...of, list_id: list, lead_id: leads.at(-1), added_at: AT });
    await add("lead_tag", { ...of, lead_id: leads.at(-1), tag: `tag ${word}` });
  }
  await add("segment", { ...of, name: `Segment ${word}`, filter: {}, ...times });
  const imported = {
    ...of,
    file_name: `${word}.csv`,
    list_id: list,
    on_duplicate: "skip",
    state: "completed",
    started_at: AT,
    ended_at: AT,
  };
  const leadImport = await add("lead_import", imported);
  await add("lead_import_rejection", {
    ...of,
    import_id: leadImport,
    row_number: 2,
    code: "no_address",
    reason: `no address ${word}`,
    cells: [word],
  });

  const mailboxes: string[] = [];
  for (const name of ["anna", "ben"]) {
    const email = `${name}.${word}@team.example`;
    const mailbox = await add("mailbox", {
      ...of,
      email,
      identity_key: email,
      from_name: `${name} ${word}`,
      provider: "custom",
      smtp_host: "127.0.0.1",
      smtp_port: ports.smtp,
      smtp_security: "none",
      smtp_username: email,
      imap_host: "127.0.0.1",
      imap_port: ports.imap,
      imap_security: "none",
      imap_username: email,
      daily_cap: 40,
      min_gap_seconds: 90,
      smtp_tested_at: AT,
      imap_tested_at: AT,
      extra_folders: [`Folder ${word}`],
      ...times,
    });
    const sealed = (column: "smtp_secret" | "imap_secret") =>
      sealSecret(key, `password of ${word}`, secretBinding(mailbox as MailboxId, column));
    await db.query("update mailbox set smtp_secret = $2, imap_secret = $3 where id = $1", [
      mailbox,
      sealed("smtp_secret"),
      sealed("imap_secret"),
    ]);
    await add("send_budget", { ...of, mailbox_id: mailbox, day: "2026-03-04", cap: 40, used: 3 });
    mailboxes.push(mailbox);
    await add("grant_request", {
      ...of,
      state_hash: Buffer.from(`state ${email}`),
      begun_by_hash: Buffer.from(`begun by ${email}`),
      provider: "custom",
      redirect_uri: "https://outreach.team.example/oauth/callback",
      secret: Buffer.from(`secret ${word}`),
      mailbox: { email },
      actor: { kind: "command_line", id: null, name: word },
      expires_at: "2026-03-04T10:00:00Z",
      ...(name === "anna" ? { taken_at: AT, ended_at: AT, error_code: "oauth_failed", error_message: `${word} did not agree` } : {}),
    });
  }
  const [mailbox] = mailboxes;

  const campaigns: string[] = [];
  for (const state of ["active", "draft", "paused"]) {
    const campaign = await add("campaign", {
      ...of,
      name: `${state} ${word}`,
      goal: `Goal ${word}`,
      state,
      time_zone: "Europe/Berlin",
      sending_window: WINDOW,
      list_id: list,
      merge_defaults: { first_name: word },
      postal_address: `Street ${word}`,
      ...(state === "draft" ? {} : { activated_at: AT }),
      ...(state === "paused" ? { paused_at: AT } : {}),
      ...times,
    });
    campaigns.push(campaign);
    for (const one of mailboxes) await add("campaign_mailbox", { ...of, campaign_id: campaign, mailbox_id: one });
    await add("campaign_event", {
      ...of,
      campaign_id: campaign,
      at: AT,
      reason: "started",
      from_state: "draft",
      to_state: "active",
      detail: { by: word },
    });
    const main = await add("sequence", { ...of, campaign_id: campaign, kind: "main", name: `Main ${word}` });
    const sub = await add("sequence", {
      ...of,
      campaign_id: campaign,
      kind: "sub",
      name: `Sub ${word}`,
      parent_id: main,
      trigger: "positive",
    });
    for (const sequence of [main, sub]) await add("sequence_version", { ...of, sequence_id: sequence, number: 1, created_at: AT });
    const steps: string[] = [];
    for (const [position, sequence] of [
      [1, main],
      [2, main],
      [1, sub],
    ] as const) {
      const step = await add("step", {
        ...of,
        sequence_id: sequence,
        lineage: `step ${position} ${word}`,
        position,
        delay_days: position - 1,
      });
      const subject = position === 1 ? `Subject ${word}` : null;
      await add("variant", { ...of, step_id: step, subject, body_text: `Dear {{ first_name }}, ${word}` });
      steps.push(step);
    }
    await fillEnrollments({ campaign, main, step: steps[0] ?? "" });
  }

  async function fillEnrollments({ campaign, main, step }: { campaign: string; main: string; step: string }): Promise<void> {
    for (const [index, lead] of leads.slice(0, 3).entries()) {
      const enrollment = await add("enrollment", {
        ...of,
        campaign_id: campaign,
        lead_id: lead,
        mailbox_id: mailbox,
        state: index === 0 ? "replied" : "active",
        reason: index === 0 ? "replied" : "enrolled",
        sequence_id: main,
        next_step_id: step,
        anchor_at: AT,
        next_at: AT,
        pause_epoch: 0,
        ...times,
      });
      await add("enrollment_event", {
        ...of,
        enrollment_id: enrollment,
        at: AT,
        reason: "enrolled",
        to_state: "active",
        detail: { note: word },
      });
      if (index === 2) continue;
      const message = await add("message", {
        ...of,
        kind: "step",
        campaign_id: campaign,
        enrollment_id: enrollment,
        visit: 1,
        step_lineage: `step 1 ${word}`,
        step_id: step,
        lead_id: lead,
        mailbox_id: mailbox,
        message_id: `<${enrollment}@${word}.example>`,
        recipient: `lead${index + 1}@${word}.example`,
        recipient_key: `lead${index + 1}@${word}.example`,
        subject: `Subject ${word}`,
        state: index === 0 ? "sent" : "uncertain",
        slot_at: AT,
        ...(index === 0 ? { sent_at: AT } : { reason: "connection_lost" }),
        smtp_response: `250 ${word}`,
        budget_day: "2026-03-02",
        fence: 1,
        ...times,
      });
      const raw = Buffer.from(
        `From: anna.${word}@team.example\r\nSubject: Subject ${word}\r\nMessage-ID: <${enrollment}@${word}.example>\r\n\r\nDear ${word}\r\n`,
      );
      await add("message_body", { ...of, message_id: message, created_at: AT, raw });
      await add("engagement_event", {
        ...of,
        at: AT,
        kind: "reply",
        message_id: message,
        campaign_id: campaign,
        enrollment_id: enrollment,
        lead_id: lead,
        mailbox_id: mailbox,
        evidence: { text: word },
      });
      const uid = (ids["inbound_message"]?.length ?? 0) + 1;
      for (const [part, matched] of [
        [0, true],
        [1, false],
      ] as const) {
        const inbound = await add("inbound_message", {
          ...of,
          mailbox_id: mailbox,
          folder: `INBOX`,
          uid_validity: 1,
          uid: uid + part,
          fingerprint: Buffer.from(`${word} ${uid + part}`),
          received_at: AT,
          message_id: `<reply${uid + part}@${word}.example>`,
          from_address: `lead${index + 1}@${word}.example`,
          from_name: `Lea ${word}`,
          subject: `Re: Subject ${word}`,
          verdict: "reply",
          disposition: matched ? "matched" : "unmatched",
          disposition_reason: matched ? "answer" : "unknown_sender",
          interest_level: "needs_review",
          visible_text: `Yes, ${word}`,
          ...(matched
            ? { match_method: "in_reply_to", answered_message_id: message, enrollment_id: enrollment, campaign_id: campaign, lead_id: lead }
            : { suggested_lead_id: lead }),
        });
        await add("inbound_body", { ...of, inbound_message_id: inbound, received_at: AT, raw });
        await add("reply_analysis", {
          ...of,
          inbound_message_id: inbound,
          at: AT,
          analyst: "rules",
          analyst_version: "1",
          interest_level: "needs_review",
          confidence: 0.5,
          evidence: word,
        });
      }
    }
  }

  await add("suppression", {
    ...of,
    kind: "domain",
    key: `${word}.no.example`,
    reason: "person",
    evidence: { note: word },
    created_at: AT,
  });
  await add("suppression", {
    ...of,
    kind: "address",
    key: `stop@${word}.example`,
    reason: "unsubscribe",
    evidence: { words: word },
    created_at: AT,
  });
  for (const outcome of ["ok", "failed"]) {
    await add("automation_run", {
      ...of,
      automation: "send-batch",
      trigger: "event",
      started_at: AT,
      ended_at: AT,
      duration_ms: 5,
      outcome,
      counts: { sent: 1 },
      ...(outcome === "failed" ? { error_code: "internal", error_message: `It failed for ${word}` } : {}),
    });
  }
  const everybodys = { automation: "send-due-steps", trigger: "schedule", started_at: AT, ended_at: AT, outcome: "failed" };
  await add("automation_run", { ...everybodys, error_code: "internal", error_message: `A sweep failed at ${word}` });
  return ids;
}

/** Table → fingerprint of the workspace's rows. */
export async function fingerprints(db: Database, workspace: string): Promise<Readonly<Record<string, string>>> {
  const { rows: tables } = await db.query<{ name: string }>(
    `select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.column_name = 'workspace_id' and c.table_schema = 'public' and t.table_type = 'BASE TABLE' order by 1`,
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await db.query<{ print: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(one::text, E'\\n' order by one::text)), '') as print from ${name} one where workspace_id = $1`,
      [workspace],
    );
    found[name] = only(rows).print;
  }
  return found;
}
