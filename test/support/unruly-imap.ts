// An IMAP server with one folder, INBOX, that says of its mails what it is told to say, true or not.
import { createServer, type Socket } from "node:net";
import { listening } from "./listening.ts";

export interface UnrulyMail {
  readonly uid: number;
  readonly raw: string;
}

export interface UnrulyImap {
  readonly port: number;
  uidValidity: number;
  mails: UnrulyMail[];
  /** Instead of the greeting. */
  greet: ((socket: Socket) => void) | null;
  /** Instead of the FETCH response with the bytes of a mail. Null for one that is told as it is. */
  tell: (socket: Socket, mail: UnrulyMail, place: number) => boolean;
  /** In which order mails are told when several are asked for, and how often. */
  order: (mails: readonly UnrulyMail[]) => readonly UnrulyMail[];
  /** Before the answer to every FETCH: what nobody asked for. */
  chatter: string;
  /** What STATUS and EXAMINE say of the next UID; else the truth. */
  uidNext: number | null;
  /** How often mails were asked for. */
  fetches: number;
  /** What UIDVALIDITY a folder has when it is opened; else the same that STATUS said. */
  opensWith: number | null;
  stop(): Promise<void>;
}

export async function startUnrulyImap(): Promise<UnrulyImap> {
  const state = {
    uidValidity: 7,
    mails: [] as UnrulyMail[],
    greet: null as UnrulyImap["greet"],
    tell: (() => false) as UnrulyImap["tell"],
    order: (mails: readonly UnrulyMail[]) => mails,
    chatter: "",
    uidNext: null as number | null,
    fetches: 0,
    opensWith: null as number | null,
  };
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    if (state.greet) return state.greet(socket);
    socket.write("* OK unruly\r\n");
    let rest = "";
    socket.on("data", (chunk) => {
      const lines = (rest + chunk.toString("latin1")).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) obey(socket, state, line);
    });
  });
  return Object.assign(state, await listening(server));
}

type State = Omit<UnrulyImap, "port" | "stop">;

function obey(socket: Socket, state: State, line: string): void {
  const [tag = "", ...words] = line.split(" ");
  const command = words.join(" ").toUpperCase();
  const uidNext = state.uidNext ?? Math.max(0, ...state.mails.map((mail) => mail.uid)) + 1;
  const answer = (...lines: string[]) => socket.write(`${[...lines, `${tag} OK done`].join("\r\n")}\r\n`);
  if (command.startsWith("CAPABILITY")) answer("* CAPABILITY IMAP4rev1");
  else if (command.startsWith("LIST") || command.startsWith("LSUB")) answer('* LIST () "/" INBOX');
  else if (command.startsWith("STATUS")) answer(`* STATUS INBOX (UIDVALIDITY ${state.uidValidity} UIDNEXT ${uidNext})`);
  else if (command.startsWith("EXAMINE") || command.startsWith("SELECT")) {
    const validity = `* OK [UIDVALIDITY ${state.opensWith ?? state.uidValidity}] ok`;
    answer(`* ${state.mails.length} EXISTS`, validity, `* OK [UIDNEXT ${uidNext}] ok`);
  } else if (command.startsWith("UID FETCH")) fetch(socket, state, command, answer);
  else if (command.startsWith("LOGOUT")) socket.end(`* BYE\r\n${tag} OK\r\n`);
  else answer();
}

function fetch(socket: Socket, state: State, command: string, answer: () => void): void {
  const wanted = asked(command.split(" ")[2] ?? "");
  const max = Number(/<0\.(\d+)>/.exec(command)?.[1] ?? 0);
  state.fetches += 1;
  socket.write(state.chatter);
  const mails = state.order(state.mails.filter((mail) => wanted(mail.uid)));
  for (const mail of mails) {
    const place = state.mails.findIndex((one) => one.uid === mail.uid) + 1;
    if (!command.includes("BODY")) socket.write(`* ${place} FETCH (UID ${mail.uid} RFC822.SIZE ${mail.raw.length})\r\n`);
    else if (!state.tell(socket, mail, place)) socket.write(told(mail.uid, place, mail.raw.slice(0, max || undefined)));
  }
  answer();
}

/** As it should be. `announced` is another length than the mail has. */
export function told(uid: number, place: number, raw: string, announced = raw.length): string {
  const date = '"04-Mar-2026 09:00:00 +0000"';
  return `* ${place} FETCH (UID ${uid} INTERNALDATE ${date} BODY[]<0> {${announced}}\r\n${raw})\r\n`;
}

function asked(set: string): (uid: number) => boolean {
  const ranges = set.split(",").map((range) => {
    const [from = "", to = from] = range.split(":");
    return [Number(from), to === "*" ? Number.POSITIVE_INFINITY : Number(to)] as const;
  });
  return (uid) => ranges.some(([from, to]) => uid >= from && uid <= to);
}
