// Certificates as a company makes them for its own mail servers: an authority, and a server's certificate that it signed. And one that nobody signed.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

export interface Certificates {
  /** Whoever trusts this file (NODE_EXTRA_CA_CERTS) trusts the servers. */
  readonly authority: string;
  /** For `localhost` and nothing else. */
  readonly server: KeyPair;
  /** Signed by itself: for `localhost`, too, but nobody should believe it. */
  readonly stranger: KeyPair;
}

export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** @param directory an existing one */
export function makeCertificates(directory: string): Certificates {
  const pair = (name: string): KeyPair => ({ certificate: join(directory, `${name}.crt`), key: join(directory, `${name}.key`) });
  const [authority, server, stranger] = [pair("authority"), pair("server"), pair("stranger")];
  sign(authority, "/CN=Mail authority", ["basicConstraints=critical,CA:TRUE"]);
  sign(server, "/CN=localhost", ["basicConstraints=critical,CA:FALSE", "subjectAltName=DNS:localhost"], authority);
  sign(stranger, "/CN=localhost", ["basicConstraints=critical,CA:FALSE", "subjectAltName=DNS:localhost"]);
  return { authority: authority.certificate, server, stranger };
}

function sign({ certificate, key }: KeyPair, subject: string, extensions: readonly string[], by?: KeyPair): void {
  const options = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", subject];
  const files = ["-keyout", key, "-out", certificate, ...(by ? ["-CA", by.certificate, "-CAkey", by.key] : [])];
  execFileSync("openssl", ["req", ...options, ...files, ...extensions.flatMap((one) => ["-addext", one])], { stdio: "pipe" });
}
