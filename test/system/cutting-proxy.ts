// A bad line before an SMTP server: the server takes the mail, and the connection is gone before its 250 reaches the client.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

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
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(serverPort, "127.0.0.1");
    const hangUp = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) sockets.add(socket.on("error", hangUp).once("close", hangUp));
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
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return Object.assign(state, { port, stop });
}
