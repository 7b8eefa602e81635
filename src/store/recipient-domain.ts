// Which domains take mail? What DNS said of them, for the whole installation.
import type { Instant } from "../core/instant.ts";
import type { Queryable } from "./database.ts";

/** Of these domains those that DNS was asked about since `since`, and whether they take mail. */
export async function recipientDomains(q: Queryable, domains: readonly string[], since: Instant): Promise<Map<string, boolean>> {
  const { rows } = await q.query<{ domain: string; takesMail: boolean }>(
    `select known.domain, known.takes_mail as "takesMail" from unnest($1::text[]) as asked (domain)
     join recipient_domain known on known.domain = asked.domain and known.checked_at >= $2`,
    [domains, since],
  );
  return new Map(rows.map((row) => [row.domain, row.takesMail]));
}

export async function storeRecipientDomains(q: Queryable, answers: ReadonlyMap<string, boolean>, at: Instant): Promise<void> {
  await q.query(
    `insert into recipient_domain (domain, takes_mail, checked_at)
     select domain, takes_mail, $3 from unnest($1::text[], $2::boolean[]) as answer (domain, takes_mail) order by domain
     on conflict (domain) do update set takes_mail = excluded.takes_mail, checked_at = excluded.checked_at`,
    [[...answers.keys()], [...answers.values()], at],
  );
}

/** What was said before `moment`, and would be asked again anyway. */
export async function forgetRecipientDomains(q: Queryable, moment: Instant): Promise<number> {
  const { rowCount } = await q.query("delete from recipient_domain where checked_at < $1", [moment]);
  return rowCount ?? 0;
}
