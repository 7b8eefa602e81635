// An SMTP server that behaves until a certain stage, and from there on does what no server should.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

export const STAGES = ["greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "dot", "QUIT"] as const;
export type Stage = (typeof STAGES)[number];

const BYTE_EVERY_MS = 5;
const NEVER_ENDS_EVERY_MS = 20;
const CHUNK = Buffer.alloc(64 * 1024, "2");

/** What the server does instead of its answer. */
export const FAULTS = {
  "says nothing": () => undefined,
  "hangs up": (socket) => socket.end(),
  "resets the connection": (socket) => socket.resetAndDestroy(),
  "hangs up in the middle of its answer": (socket, answer) => socket.end(answer.slice(0, 2)),
  "answers with random bytes": (socket) => socket.write(Buffer.concat([randomBytes(500), Buffer.from("\r\n")])),
  "answers with a line of HTTP": (socket) => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"),
  "answers with a code that is none": (socket) => socket.write("999 what?\r\n"),
  "answers without a code": (socket) => socket.write("\r\n"),
  "answers without ever ending its line, as fast as it is read": (socket) => flood(socket),
  "answers with lines that never end": (socket) => again(socket, () => socket.write("250-and\r\n".repeat(100))),
  "answers a byte now and then, for ever": (socket) => again(socket, () => socket.write("2")),
  "answers slowly, a byte at a time": (socket, answer) => slowly(socket, answer),
} as const satisfies Readonly<Record<string, (socket: Socket, answer: string) => unknown>>;
export type Fault = keyof typeof FAULTS;

export interface UnrulySmtp {
  readonly port: number;
  /** Message-IDs of the mails whose last dot arrived. */
  readonly taken: readonly string[];
  /** Bytes that clients, and the buffers of the system between them and the server, took in all. */
  bytesTaken(): number;
  stop(): Promise<void>;
}

export async function startUnrulySmtp(stage: Stage, fault: Fault): Promise<UnrulySmtp> {
  const sockets = new Set<Socket>();
  const taken: string[] = [];
  let bytes = 0;
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay(true));
    socket.on("error", () => undefined);
    socket.once("close", () => {
      sockets.delete(socket);
      bytes += socket.bytesWritten;
    });
    converse(socket, taken, (at, answer) => {
      if (at === stage) FAULTS[fault](socket, answer);
      else if (at === "QUIT") socket.end(answer);
      else socket.write(answer);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    taken,
    bytesTaken: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, bytes),
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const ANSWERS: Readonly<Record<Stage | "RSET", string>> = {
  greeting: "220 unruly.test ESMTP\r\n",
  EHLO: "250-unruly.test\r\n250 AUTH PLAIN\r\n",
  AUTH: "235 2.7.0 welcome\r\n",
  MAIL: "250 2.1.0 ok\r\n",
  RCPT: "250 2.1.5 ok\r\n",
  DATA: "354 go\r\n",
  dot: "250 2.0.0 queued\r\n",
  RSET: "250 2.0.0 ok\r\n",
  QUIT: "221 2.0.0 bye\r\n",
};

function converse(socket: Socket, taken: string[], answer: (stage: Stage, good: string) => void): void {
  let rest = "";
  let mail: string[] | null = null;
  const hear = (line: string) => {
    if (mail === null) {
      const verb = (line.split(" ")[0] ?? "").toUpperCase() as Stage;
      if (verb === "DATA") mail = [];
      if (verb in ANSWERS) answer(verb, ANSWERS[verb]);
    } else if (line === ".") {
      taken.push(mail.find((one) => /^message-id:/i.test(one))?.split(" ")[1] ?? "");
      mail = null;
      answer("dot", ANSWERS.dot);
    } else mail.push(line);
  };
  socket.on("data", (chunk) => {
    const lines = (rest + chunk.toString("latin1")).split("\r\n");
    rest = lines.pop() ?? "";
    lines.forEach(hear);
  });
  answer("greeting", ANSWERS.greeting);
}

function again(socket: Socket, say: () => void): void {
  const timer = setInterval(say, NEVER_ENDS_EVERY_MS);
  socket.once("close", () => clearInterval(timer));
}

function flood(socket: Socket): void {
  while (!socket.destroyed && socket.write(CHUNK));
  socket.once("drain", () => flood(socket));
}

function slowly(socket: Socket, answer: string): void {
  let said = 0;
  const timer = setInterval(() => {
    if (said === answer.length) clearInterval(timer);
    else socket.write(answer.charAt(said++));
  }, BYTE_EVERY_MS);
  socket.once("close", () => clearInterval(timer));
}
