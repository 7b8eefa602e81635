// Domains where strangers share a mail server: two people there are not colleagues.

/** The database has the same list, in company_key (migrations): a domain that joins it needs a migration. */
export const PUBLIC_MAIL_DOMAINS: ReadonlySet<string> = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com live.com msn.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it live.co.uk live.fr
   yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.es yahoo.it yahoo.co.jp ymail.com rocketmail.com icloud.com me.com mac.com aol.com
   gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de arcor.de 1und1.de mail.de posteo.de mailbox.org protonmail.com
   proton.me pm.me tutanota.com tuta.io fastmail.com zoho.com mail.com mail.ru yandex.ru yandex.com bk.ru list.ru inbox.ru orange.fr
   wanadoo.fr free.fr sfr.fr laposte.net bluewin.ch hispeed.ch libero.it virgilio.it tiscali.it alice.it tin.it telefonica.net terra.es
   uol.com.br bol.com.br terra.com.br ig.com.br sapo.pt ziggo.nl kpnmail.nl xs4all.nl planet.nl home.nl hetnet.nl telenet.be skynet.be
   comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net btinternet.com sky.com virginmedia.com ntlworld.com
   qq.com 163.com 126.com sina.com naver.com hanmail.net daum.net wp.pl onet.pl o2.pl interia.pl seznam.cz centrum.cz`.split(/\s+/),
);

/** True for the big providers of mail to private people. Domain as A-label, lower case. */
export function isPublicMailDomain(domain: string): boolean {
  return PUBLIC_MAIL_DOMAINS.has(domain);
}
