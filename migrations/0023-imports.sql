-- What is known of an address without having written to it. Null: nothing. It never suppresses: an invalid one is only left out of campaigns.
alter table lead
  add column address_quality text check (address_quality in ('good', 'doubtful', 'invalid')),
  add column address_quality_reason text check (address_quality_reason in ('verification', 'disposable', 'no_reply', 'role', 'no_mail_server', 'syntax')),
  add constraint lead_address_quality_has_reason check ((address_quality is null) = (address_quality_reason is null));

-- What DNS said of domains that leads have addresses at: whether they take mail at all. That nobody answered is not kept.
create table recipient_domain (
  domain text primary key,
  takes_mail boolean not null,
  checked_at timestamptz not null
);

-- The same key for a tenth of the cost to every imported lead: where a column is made of it, PostgreSQL compared the domain with all of the array, one
-- by one; this looks for it in one text. Every row ends with a blank, and no domain holds one.
create or replace function company_key(email_domain text, company text) returns text language sql immutable parallel safe as $$
  select case
    when position(' ' || email_domain || ' ' in
      ' gmail.com googlemail.com outlook.com hotmail.com live.com msn.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it live.co.uk live.fr '
      'yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.es yahoo.it yahoo.co.jp ymail.com rocketmail.com icloud.com me.com mac.com aol.com gmx.de '
      'gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de arcor.de 1und1.de mail.de posteo.de mailbox.org protonmail.com proton.me '
      'pm.me tutanota.com tuta.io fastmail.com zoho.com mail.com mail.ru yandex.ru yandex.com bk.ru list.ru inbox.ru orange.fr wanadoo.fr '
      'free.fr sfr.fr laposte.net bluewin.ch hispeed.ch libero.it virgilio.it tiscali.it alice.it tin.it telefonica.net terra.es uol.com.br '
      'bol.com.br terra.com.br ig.com.br sapo.pt ziggo.nl kpnmail.nl xs4all.nl planet.nl home.nl hetnet.nl telenet.be skynet.be comcast.net '
      'verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net btinternet.com sky.com virginmedia.com ntlworld.com qq.com 163.com '
      '126.com sina.com naver.com hanmail.net daum.net wp.pl onet.pl o2.pl interia.pl seznam.cz centrum.cz '
    ) = 0 then 'domain:' || email_domain
    else 'name:' || nullif(btrim(regexp_replace(
      regexp_replace(lower(normalize(company, NFKC)), '[[:space:][:punct:]]+', ' ', 'g'),
      '( (gmbh|ug|kg|ohg|ag|se|inc|corp|corporation|co|company|llc|ltd|limited|plc|sa|sas|sarl|srl|spa|bv|nv|ab|oy|as|aps))+ ?$', '')), '')
  end
$$;
