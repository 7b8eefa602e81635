// Stands before an IMAP server and can shut: refuse connections, or stop answering once the client says a certain command.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface ImapGate {
  readonly port: number;
  /** May be changed while the gate stands; counts for connections that are there, too. */
  refuses: boolean;
  /** From the first line that matches, the client hears nothing more on its connection. */
  silentFrom: RegExp | null;
  /** How often a client got to hear nothing more. */
  readonly silenced: number;
  shut(): void;
  stop(): Promise<void>;
}

export async function startImapGate(behindPort: number): Promise<ImapGate> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket.once("close", () => sockets.delete(socket)));
    socket.on("error", () => socket.destroy());
  };
  const gate = { refuses: false, silentFrom: null as RegExp | null, silenced: 0 };
  const server = createServer((client) => {
    keep(client);
    if (gate.refuses) {
      client.destroy();
      return;
    }
    const behind = connect(behindPort, "127.0.0.1");
    keep(behind);
    let silent = false;
    client.on("data", (chunk) => {
      if (!silent && gate.silentFrom?.test(chunk.toString("latin1"))) {
        silent = true;
        gate.silenced += 1;
      }
      if (!silent) behind.write(chunk);
    });
    behind.on("data", (chunk) => silent || client.write(chunk));
    client.on("close", () => behind.destroy());
    behind.on("close", () => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const shut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const stop = async () => {
    const closed = once(server, "close");
    server.close();
    shut();
    await closed;
  };
  return Object.assign(gate, { port: (server.address() as AddressInfo).port, shut, stop });
}
