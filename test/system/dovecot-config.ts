// What Dovecot is told. Passwords only over TLS; an account is a file, so that a test adds one without a restart.

import { MAIL_SERVER } from "../support/openid-provider.ts";
import type { Certificates } from "./certificates.ts";
import type { MailPorts } from "./free-ports.ts";

const HOST = "127.0.0.1";
/** The same server by another address, where it shows a certificate that nobody signed. */
export const STRANGER_HOST = "127.0.0.2";
/** `nobody` of Debian: owns all mail. */
export const MAIL_OWNER = { uid: 65_534, gid: 65_534 };

/** Whose a token is, and whether it is still good, says the provider (RFC 7662). */
export function oauth2Conf({ openid }: MailPorts): string {
  const { client_id, client_secret } = MAIL_SERVER;
  return `introspection_url = http://${client_id}:${client_secret}@${HOST}:${openid}/token/introspection
introspection_mode = post
force_introspection = yes
username_attribute = sub
active_attribute = active
active_value = true
timeout_msecs = 5000
`;
}

export function dovecotConf(directory: string, ports: MailPorts, { server, stranger }: Certificates): string {
  return `base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/log
protocols = imap lmtp
listen = ${HOST}, ${STRANGER_HOST}
ssl = required
ssl_cert = <${server.certificate}
ssl_key = <${server.key}
local ${STRANGER_HOST} {
  ssl_cert = <${stranger.certificate}
  ssl_key = <${stranger.key}
}
auth_mechanisms = plain login xoauth2 oauthbearer
# A wrong password is answered at once.
auth_failure_delay = 0
mail_uid = ${MAIL_OWNER.uid}
mail_gid = ${MAIL_OWNER.gid}
first_valid_uid = ${MAIL_OWNER.uid}
last_valid_uid = ${MAIL_OWNER.uid}
first_valid_gid = ${MAIL_OWNER.gid}
mail_home = ${directory}/homes/%u
mail_location = maildir:~/mail
mail_max_userip_connections = 100
recipient_delimiter = +
submission_host = ${HOST}:${ports.relay}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${directory}/oauth2.conf
}
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u ${directory}/accounts/%u
}
userdb {
  driver = passwd-file
  args = username_format=%u ${directory}/accounts/%u
}
plugin {
  sieve = file:${directory}/sieve/%u.sieve
  sieve_extensions = +editheader
  sieve_vacation_min_period = 0
}
protocol lmtp {
  mail_plugins = sieve
}
service imap-login {
  inet_listener imap {
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = ${ports.imaps}
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = ${HOST}
    port = ${ports.lmtp}
  }
}
service auth {
  inet_listener {
    address = ${HOST}
    port = ${ports.auth}
  }
}
# A wrong password does not slow down whoever logs in from the same address.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Junk {
    auto = create
    special_use = \\Junk
  }
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
}
`;
}
