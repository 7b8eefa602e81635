// A bad line before an SMTP server: the server takes the mail, and the connection is gone before its 250 reaches the client.
import { connect, createServer } from "node:net";
import { listening } from "../support/listening.ts";

const DOT = "\r\n.\r\n";

export interface CuttingProxy {
  readonly port: number;
  /** Whether the line is bad. */
  cuts: boolean;
  /** What the server said to the dots whose answer was cut off. */
  readonly withheld: readonly string[];
  stop(): Promise<void>;
}

/** @param serverPort of a server on this machine that speaks without TLS */
export async function startCuttingProxy(serverPort: number): Promise<CuttingProxy> {
  const state = { cuts: true, withheld: [] as string[] };
  const server = createServer((client) => {
    const upstream = connect(serverPort, "127.0.0.1");
    const hangUp = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on("error", hangUp).once("close", hangUp);
    let tail = "";
    client.on("data", (chunk) => {
      tail = (tail + chunk.toString("latin1")).slice(-DOT.length);
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      if (state.cuts && tail === DOT) {
        state.withheld.push(chunk.toString("latin1"));
        hangUp();
      } else {
        client.write(chunk);
      }
    });
  });
  return Object.assign(state, await listening(server));
}
