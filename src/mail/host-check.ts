// Where does a mail server's name lead? Names are resolved once, and what is connected to is the address that was checked, never the name again:
// `2130706433` and `0x7f.1` are loopback, too, and a second look-up may answer differently from the first.
import { lookup } from "node:dns/promises";
import { BlockList, isIP, isIPv4 } from "node:net";

export type ResolvedHost =
  | {
      readonly kind: "found";
      /** In the order in which to try them; at least one. */
      readonly addresses: readonly HostAddress[];
      /** The name that the certificate must bear; undefined when the host was given as an address. */
      readonly servername: string | undefined;
    }
  | { readonly kind: "unknown"; readonly cause: unknown }
  /** The name leads only to this machine, a private network, or an address that is no single host's. */
  | { readonly kind: "private"; readonly address: string }
  /** The name leads only to the public internet. */
  | { readonly kind: "public"; readonly address: string };

/** Which addresses may be connected to. */
export interface Reach {
  readonly allowPrivateHosts: boolean;
  /** False where a password would go unencrypted: it may cross this machine, or a private network, and nothing else. Default true. */
  readonly allowPublicHosts?: boolean;
}

export interface HostAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** The addresses of a mail server that are within reach. Takes as long as the resolver does. */
export async function resolveHost(host: string, { allowPrivateHosts, allowPublicHosts = true }: Reach): Promise<ResolvedHost> {
  let found: HostAddress[];
  try {
    found = (await lookup(host, { all: true })).map(({ address }) => ({ address, family: isIPv4(address) ? 4 : 6 }));
  } catch (cause) {
    return { kind: "unknown", cause };
  }
  const addresses = found.filter(({ address }) => (isPublicAddress(address) ? allowPublicHosts : allowPrivateHosts));
  if (addresses.length > 0) return { kind: "found", addresses, servername: isIP(host) === 0 ? host : undefined };
  const address = found[0]?.address ?? host;
  return { kind: isPublicAddress(address) ? "public" : "private", address };
}

/** Special-purpose addresses of IPv4 (IANA registry, RFC 6890), multicast and reserved ones included. */
const SPECIAL_IPV4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;

/** What of 2000::/3 is no host of the internet: IETF protocols with Teredo, documentation, and 6to4, which hides an IPv4 address. */
const SPECIAL_IPV6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const special = new BlockList();
for (const [network, prefix] of SPECIAL_IPV4) special.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of SPECIAL_IPV6) special.addSubnet(network, prefix, "ipv6");
/** All unicast addresses given out so far (RFC 4291 §2.4). Mapped (`::ffff:127.0.0.1`), local and NAT64 addresses lie outside. */
const global = new BlockList();
global.addSubnet("2000::", 3, "ipv6");

/** Whether an IP address belongs to one host of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, "ipv4");
  const plain = address.replace(/%.*$/s, "");
  return isIP(plain) === 6 && global.check(plain, "ipv6") && !special.check(plain, "ipv6");
}
