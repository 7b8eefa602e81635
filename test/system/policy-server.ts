// Asked by Postfix at every recipient of the greylisting port (its policy delegation protocol): the first attempt for a recipient has to come back.
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { listening } from "../support/listening.ts";

export interface PolicyServer {
  /** Recipients in the order in which Postfix asked about them. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

export async function startGreylist(port: number): Promise<PolicyServer> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
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
  return { asked, ...(await listening(server, port)) };
}
