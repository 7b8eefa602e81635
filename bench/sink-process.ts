// An SMTP server that takes everything at once and keeps nothing, in a process of its own, so that what is measured is the sender.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { childProcess } from "./child.ts";

/** What the sink has done since it started. */
export interface SinkResult {
  readonly port: number;
  readonly taken: number;
  readonly cpuSeconds: number;
}

const count = { taken: 0 };

/** Commands are lines; a mail ends with a line of one dot. */
function converse(socket: Socket): void {
  let [text, inMail] = ["", false];
  socket.setNoDelay(true).setEncoding("latin1");
  socket.on("error", () => socket.destroy());
  socket.write("220 sink.example ESMTP\r\n");
  socket.on("data", (chunk) => {
    text += String(chunk);
    let answers = "";
    for (;;) {
      const end = inMail ? text.indexOf("\r\n.\r\n") : text.indexOf("\r\n");
      if (end < 0) break;
      const line = inMail ? "" : text.slice(0, end);
      text = text.slice(end + (inMail ? "\r\n.\r\n" : "\r\n").length);
      if (inMail) count.taken += 1;
      answers += inMail ? "250 2.0.0 Ok\r\n" : answerTo(line);
      inMail = !inMail && /^data$/i.test(line);
    }
    if (answers !== "") socket.write(answers);
  });
}

function answerTo(command: string): string {
  if (/^ehlo/i.test(command)) return "250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n";
  if (/^data$/i.test(command)) return "354 Go on\r\n";
  return /^quit$/i.test(command) ? "221 2.0.0 Bye\r\n" : "250 2.0.0 Ok\r\n";
}

await childProcess(async () => {
  const server = createServer(converse).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return (): Promise<SinkResult> => {
    const { user, system } = process.cpuUsage();
    return Promise.resolve({ port, taken: count.taken, cpuSeconds: (user + system) / 1e6 });
  };
});
