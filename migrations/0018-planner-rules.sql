-- Working days, public holidays, first mails a day, mails to one mail domain, people of one company,
-- mail that is spread over the day.

alter table step
  -- after the days: days on which the window of the campaign opens for the lead
  add column delay_working_days integer not null default 0 check (delay_working_days between 0 and 3650);

alter table campaign
  -- public holidays of the countries that the file names: [{"region": "DE", "zones": […], "days": {"2026-12-25": "Christmas Day"}, "until": 2032}]
  add column holiday_calendars jsonb not null default '[]' check (jsonb_typeof(holiday_calendars) = 'array'),
  -- first mails on one of the campaign's days, from all its mailboxes; null: no limit
  add column new_leads_per_day integer check (new_leads_per_day between 1 and 100000);

alter table mailbox
  -- mails to one mail domain, by day and by hour; null: as the settings say, 0: no limit
  add column domain_daily_cap integer check (domain_daily_cap between 0 and 100000),
  add column domain_hourly_cap integer check (domain_hourly_cap between 0 and 100000);

-- What a mailbox has used of a quota in a period (core/quota.ts names both). Guarded by the lock of the day's row in send_budget; its CHECK is the limit.
create table send_quota (
  workspace_id uuid not null,
  mailbox_id uuid not null,
  period text not null,
  most integer not null check (most >= 0),
  used integer not null check (used >= 0 and used <= most),
  ends_at timestamptz not null,
  primary key (workspace_id, mailbox_id, period),
  foreign key (workspace_id, mailbox_id) references mailbox (workspace_id, id) on delete cascade
);
-- serves: what was used of the periods that are not over, and the removal of those that are
create index send_quota_ends on send_quota (workspace_id, ends_at);

alter table message
  -- the periods whose quotas it debited, or would debit again after a refund
  add column quota_periods text[] not null default '{}';

alter table enrollment
  -- why next_at is no earlier, while it is this moment: a quota was full, or somebody else of the company is being written to
  add column postponed_because text check (
    postponed_because in ('new_leads', 'domain_day', 'domain_hour', 'company_full', 'company_cooling_off', 'company_refused')),
  add column postponed_until timestamptz;

-- The company of a lead: its mail domain, but for providers where strangers share one (the list of core/public-mail-domains.ts; a test compares both),
-- else its name without case, punctuation and legal form. Null: nobody knows.
create function company_key(email_domain text, company text) returns text language sql immutable parallel safe as $$
  select case
    when email_domain <> all (string_to_array(
      regexp_replace('gmail.com googlemail.com outlook.com hotmail.com live.com msn.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it live.co.uk live.fr
      yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.es yahoo.it yahoo.co.jp ymail.com rocketmail.com icloud.com me.com mac.com aol.com
      gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de arcor.de 1und1.de mail.de posteo.de mailbox.org protonmail.com
      proton.me pm.me tutanota.com tuta.io fastmail.com zoho.com mail.com mail.ru yandex.ru yandex.com bk.ru list.ru inbox.ru orange.fr
      wanadoo.fr free.fr sfr.fr laposte.net bluewin.ch hispeed.ch libero.it virgilio.it tiscali.it alice.it tin.it telefonica.net terra.es
      uol.com.br bol.com.br terra.com.br ig.com.br sapo.pt ziggo.nl kpnmail.nl xs4all.nl planet.nl home.nl hetnet.nl telenet.be skynet.be
      comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net btinternet.com sky.com virginmedia.com ntlworld.com
      qq.com 163.com 126.com sina.com naver.com hanmail.net daum.net wp.pl onet.pl o2.pl interia.pl seznam.cz centrum.cz', '\s+', ' ', 'g'), ' ')) then 'domain:' || email_domain
    else 'name:' || nullif(btrim(regexp_replace(
      regexp_replace(lower(normalize(company, NFKC)), '[[:space:][:punct:]]+', ' ', 'g'),
      '( (gmbh|ug|kg|ohg|ag|se|inc|corp|corporation|co|company|llc|ltd|limited|plc|sa|sas|sarl|srl|spa|bv|nv|ab|oy|as|aps))+ ?$', '')), '')
  end
$$;
alter table lead add column company_key text generated always as (company_key(split_part(identity_key, '@', 2), company)) stored;
-- serves: what the workspace has to do with a company
create index lead_company on lead (workspace_id, company_key) where company_key is not null;

-- A row is the lock of a company: whoever writes to somebody new there holds it.
create table company_lock (
  workspace_id uuid not null references workspace,
  company_key text not null,
  primary key (workspace_id, company_key)
);

alter table campaign
  -- people of one company; null: as the settings say
  add column company_at_most integer check (company_at_most between 1 and 100000),
  add column company_cool_off_days integer check (company_cool_off_days between 0 and 3650),
  add column company_away_after_refusal boolean;

alter table campaign
  -- even: its mails are spread over the window of the day
  add column spread text not null default 'none' check (spread in ('none', 'even'));

alter table send_budget
  -- no mail before this moment: what was sent last belongs to a campaign that spreads its mail
  add column free_at timestamptz;
