// A real DNS server on loopback whose records a test changes as it goes; it can also fail, and say nothing at all.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createTCPServer, createUDPServer, type DnsHandler, Packet } from "dns2";
import { createDnsResolver, type DnsResolver } from "../../src/mail/dns.ts";

export interface DnsRecords {
  readonly txt?: readonly string[];
  readonly mx?: readonly (readonly [priority: number, exchange: string])[];
  /** IPv4. */
  readonly a?: readonly string[];
}

export interface DnsServer {
  /** By name; a name that is not here does not exist. */
  readonly zone: Record<string, DnsRecords | "servfail" | "silent">;
  /** `TXT name` and the like, in order. */
  readonly asked: string[];
  readonly resolver: DnsResolver;
  stop(): Promise<void>;
}

export async function startDnsServer(): Promise<DnsServer> {
  const state = { zone: {} as DnsServer["zone"], asked: [] as string[] };
  const handle: DnsHandler = (request, send) => {
    const [question] = request.questions;
    if (!question) return;
    const name = question.name.toLowerCase();
    const type = TYPES.get(question.type) ?? "?";
    state.asked.push(`${type} ${name}`);
    const records = state.zone[name];
    if (records === "silent") return;
    const response = Packet.createResponseFromRequest(request);
    if (records === undefined) response.header.rcode = Packet.RCODE.NXDOMAIN;
    else if (records === "servfail") response.header.rcode = Packet.RCODE.SERVFAIL;
    else
      for (const data of DATA[type]?.(records) ?? [])
        response.answers.push(Packet.createResourceFromQuestion(question, { ttl: 60, ...data }));
    void send(response);
  };
  const { udp, tcp, port } = await onOnePort(handle);
  const stop = async () => {
    const closed = Promise.all([once(udp, "close"), once(tcp, "close")]);
    udp.close();
    tcp.close();
    await closed;
  };
  return { ...state, resolver: createDnsResolver({ servers: [`127.0.0.1:${port}`], timeoutMs: 300 }), stop };
}

const TYPES = new Map<number, string>((["TXT", "MX", "A", "AAAA"] as const).map((type) => [Packet.TYPE[type], type]));
const DATA: Readonly<Record<string, (records: DnsRecords) => object[]>> = {
  TXT: txtData,
  MX: mxData,
  A: ({ a = [] }) => a.map((address) => ({ address })),
};
const ATTEMPTS = 20;

/** Long answers are asked for again over TCP, on the same port: a free one of TCP may be somebody's for UDP. */
async function onOnePort(handle: DnsHandler, attempt = 1) {
  const tcp = createTCPServer(handle).listen(0, "127.0.0.1");
  await once(tcp, "listening");
  const { port } = tcp.address() as AddressInfo;
  const udp = createUDPServer(handle);
  try {
    const bound = once(udp, "listening");
    void udp.listen(port, "127.0.0.1");
    await bound;
    return { udp, tcp, port };
  } catch (error) {
    tcp.close();
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || attempt === ATTEMPTS) throw error;
    return onOnePort(handle, attempt + 1);
  }
}

/** In several strings, as DNS has them: none may have more than 255 bytes. */
function txtData({ txt = [] }: DnsRecords) {
  return txt.map((text) => ({ data: [...(text.match(/.{1,80}/gs) ?? [""])] }));
}

function mxData({ mx = [] }: DnsRecords) {
  return mx.map(([priority, exchange]) => ({ priority, exchange }));
}
