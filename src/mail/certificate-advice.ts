// What should a person do about a server's certificate that is refused?

/** `code` is Node's name for what OpenSSL finds wrong. */
export function certificateAdvice(code: string): string {
  if (/SELF_SIGNED|UNABLE_TO_|INVALID_CA|UNTRUSTED/.test(code)) {
    return "nobody that this machine trusts has signed it; if your own authority did, name its file in the environment variable NODE_EXTRA_CA_CERTS and start again";
  }
  if (code.includes("EXPIRED")) return "it has run out, and must be renewed on the server";
  if (code.includes("NOT_YET_VALID")) return "it is not valid yet; check the clocks of both machines";
  return "check the host name";
}
