// What Postfix is told. It accepts everybody of its domains except `nobody…@`; whom Dovecot does not know fails after Postfix said yes.
import type { Certificates } from "./certificates.ts";
import type { MailPorts } from "./free-ports.ts";

/** Mail that is delivered here: the senders' domain, and the recipients'. */
export const TEAM_DOMAIN = "team.test";
export const PEOPLE_DOMAIN = "bakery.test";
/** Its server never answers: mail for it waits in the queue. */
export const SILENT_DOMAIN = "silent.test";

const HOST = "127.0.0.1";

/** No address of the recipients begins with it: 550 5.1.1 at RCPT. */
export const UNLISTED = "nobody";

/** For `virtual_mailbox_maps`: what matches exists. */
export const LISTED = `!/^${UNLISTED}[^@]*@/ exists\n`;

export function mainCf(directory: string, ports: MailPorts, { server }: Certificates): string {
  return settings({
    compatibility_level: "3.7",
    queue_directory: `${directory}/spool`,
    data_directory: `${directory}/data`,
    command_directory: "/usr/sbin",
    daemon_directory: "/usr/lib/postfix/sbin",
    mail_owner: "postfix",
    setgid_group: "postdrop",
    maillog_file: `${directory}/maillog`,
    maillog_file_prefixes: directory,

    myhostname: `mx.${PEOPLE_DOMAIN}`,
    myorigin: PEOPLE_DOMAIN,
    mydestination: "",
    mynetworks: "127.0.0.0/8",
    inet_interfaces: HOST,
    inet_protocols: "ipv4",
    smtpd_peername_lookup: "no",
    smtp_dns_support_level: "disabled",
    smtp_host_lookup: "native",
    alias_maps: "",
    alias_database: "",

    virtual_mailbox_domains: `${TEAM_DOMAIN}, ${PEOPLE_DOMAIN}`,
    virtual_mailbox_maps: `regexp:${directory}/listed`,
    virtual_transport: `lmtp:inet:${HOST}:${ports.lmtp}`,
    transport_maps: `inline:{ ${SILENT_DOMAIN}=smtp:[${HOST}]:${ports.closed} }`,
    recipient_delimiter: "+",

    smtpd_tls_security_level: "may",
    smtpd_tls_cert_file: server.certificate,
    smtpd_tls_key_file: server.key,
    smtpd_sasl_type: "dovecot",
    smtpd_sasl_path: `inet:${HOST}:${ports.auth}`,
    smtpd_sasl_auth_enable: "yes",
    smtpd_relay_restrictions: "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination",
    smtpd_client_connection_count_limit: "0",
    // A wrong password is answered at once.
    smtpd_error_sleep_time: "0",
    smtpd_delay_reject: "yes",

    // A delay is reported after a second; nothing waits for hours.
    delay_warning_time: "1s",
    minimal_backoff_time: "1s",
    maximal_backoff_time: "2s",
    queue_run_delay: "1s",
    notify_classes: "",
    in_flow_delay: "0",
  });
}

/** The ports of a mail provider, beside Postfix's own services. */
export function masterCf(ports: MailPorts, { stranger }: Certificates): string {
  const onlyAfterLogin = ["mynetworks=", "smtpd_relay_restrictions=permit_sasl_authenticated,reject"];
  const encrypted = ["smtpd_tls_security_level=encrypt", "smtpd_tls_auth_only=yes"];
  const fromTheFirstByte = ["smtpd_tls_wrappermode=yes", ...onlyAfterLogin];
  const notItsCertificate = [`smtpd_tls_cert_file=${stranger.certificate}`, `smtpd_tls_key_file=${stranger.key}`];
  const greylist = `smtpd_recipient_restrictions=check_policy_service,inet:${HOST}:${ports.policy},permit`;
  return [
    smtpd(ports.relay, []),
    smtpd(ports.submission, [...encrypted, ...onlyAfterLogin]),
    smtpd(ports.submissions, fromTheFirstByte),
    smtpd(ports.strangerSubmissions, [...fromTheFirstByte, ...notItsCertificate]),
    smtpd(ports.greylisting, [...encrypted, ...onlyAfterLogin, greylist]),
    OWN_SERVICES,
  ].join("\n");
}

function smtpd(port: number, options: readonly string[]): string {
  return [`${HOST}:${port} inet n - n - - smtpd`, ...options.map((option) => `  -o ${option}`)].join("\n");
}

function settings(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join("");
}

/** Nothing is chrooted: the queue is a temporary directory. */
const OWN_SERVICES = `pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
