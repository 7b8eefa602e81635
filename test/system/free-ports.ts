// Ports of this machine that nobody uses, one for each name that servers are configured by.
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

export const PORTS = [
  /** Postfix for everybody on this machine, with or without a login and TLS. */
  "relay",
  /** Postfix for users: STARTTLS, then a login. */
  "submission",
  /** Postfix for users: TLS from the first byte. */
  "submissions",
  /** The same with a certificate that nobody signed. */
  "strangerSubmissions",
  /** Like `submission`, but every recipient is first asked of the test's policy server on `policy`. */
  "greylisting",
  "policy",
  /** Dovecot: IMAP with STARTTLS, and with TLS from the first byte. */
  "imap",
  "imaps",
  /** Between Postfix and Dovecot. */
  "lmtp",
  "auth",
  /** The OpenID provider of a test: Dovecot asks it whose a token is. */
  "openid",
  /** Nobody listens. */
  "closed",
] as const;

export type MailPorts = Readonly<Record<(typeof PORTS)[number], number>>;

const HOST = "127.0.0.1";

/** All are held until the last is found, so that none is found twice. */
export async function freePorts(): Promise<MailPorts> {
  const servers = await Promise.all(
    PORTS.map(async () => {
      const server = createServer().listen(0, HOST);
      await once(server, "listening");
      return server;
    }),
  );
  const numbers = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return Object.fromEntries(PORTS.map((name, index) => [name, numbers[index]])) as MailPorts;
}

export async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, HOST);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
