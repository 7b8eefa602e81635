// Asked by Postfix at every recipient of the greylisting port (its policy delegation protocol): the first attempt for a recipient has to come back.
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

export interface PolicyServer {
  /** Recipients in the order in which Postfix asked about them. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

export async function startGreylist(port: number): Promise<PolicyServer> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined).once("close", () => sockets.delete(socket)));
    let recipient = "";
    createInterface(socket).on("line", (line) => {
      const [name, value = ""] = line.split("=", 2);
      if (name === "recipient") recipient = value;
      if (line !== "") return;
      const known = asked.includes(recipient);
      asked.push(recipient);
      socket.write(`action=${known ? "dunno" : "451 4.7.1 Greylisted, please try again later"}\n\n`);
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { asked, stop };
}
