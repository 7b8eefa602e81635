// An SMTP server that takes everything at once and keeps nothing, so that what is measured is the sender.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

export interface InstantSink {
  readonly host: string;
  readonly port: number;
  /** Mails taken so far. */
  readonly taken: number;
  stop(): Promise<void>;
}

export async function startInstantSink(): Promise<InstantSink> {
  const sockets = new Set<Socket>();
  const count = { taken: 0 };
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay(true).setEncoding("latin1"));
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    converse(socket, count);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((stopped) => server.close(stopped));
  };
  const { port } = server.address() as AddressInfo;
  return Object.assign(count, { host: "127.0.0.1", port, stop });
}

/** Commands are lines; a mail ends with a line of one dot. */
function converse(socket: Socket, count: { taken: number }): void {
  let [text, inMail] = ["", false];
  socket.write("220 sink.example ESMTP\r\n");
  socket.on("data", (chunk) => {
    text += String(chunk);
    for (;;) {
      const end = inMail ? text.indexOf("\r\n.\r\n") : text.indexOf("\r\n");
      if (end < 0) return;
      const line = text.slice(0, end);
      text = text.slice(end + (inMail ? "\r\n.\r\n" : "\r\n").length);
      if (inMail) count.taken += 1;
      socket.write(inMail ? "250 2.0.0 Ok\r\n" : answerTo(line));
      inMail = !inMail && /^data$/i.test(line);
    }
  });
}

function answerTo(command: string): string {
  if (/^ehlo/i.test(command)) return "250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n";
  if (/^data$/i.test(command)) return "354 Go on\r\n";
  return /^quit$/i.test(command) ? "221 2.0.0 Bye\r\n" : "250 2.0.0 Ok\r\n";
}
