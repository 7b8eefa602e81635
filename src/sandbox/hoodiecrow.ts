// One mailbox behind an IMAP server of its own: hoodiecrow-imap, with types and with its bugs worked around.
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import hoodiecrow, { type CommandHandler, type HoodiecrowFolder, type HoodiecrowServer } from "hoodiecrow-imap";
import fetchHandlers from "hoodiecrow-imap/lib/commands/handlers/fetch.js";
import type { Clock, Instant } from "../core/instant.ts";

const HOST = "127.0.0.1";
/** In the order in which they must be loaded: CONDSTORE asks for ENABLE, and wraps what stands before it. */
const EXTENSIONS = ["ENABLE", "ID", "IDLE", "NAMESPACE", "SPECIAL-USE", "UIDPLUS", "UNSELECT", "MOVE", "CONDSTORE"] as const;
/** Any real server sends UIDVALIDITY values that no two folders share, and that say when a folder was made. */
const FIRST_UID_VALIDITY = 1_772_438_400;

export type ImapExtension = (typeof EXTENSIONS)[number];

export interface ImapFolder {
  /** Nested with slashes. ASCII only: hoodiecrow knows no UTF-7 (RFC 3501 §5.1.3). */
  readonly path: string;
  readonly specialUse?: "\\Sent" | "\\Junk" | "\\Trash" | "\\Drafts" | "\\Archive";
  readonly uidValidity?: number;
}

export interface ImapOptions {
  readonly address: string;
  readonly password: string;
  /** What a login by XOAUTH2 must show now; without it, there is no such login. */
  readonly accessToken?: () => string | null;
  /** Beside INBOX. */
  readonly folders: readonly ImapFolder[];
  readonly clock: Clock;
  readonly without?: readonly ImapExtension[];
  readonly inboxUidValidity?: number;
}

export interface StoredMail {
  readonly uid: number;
  readonly flags: readonly string[];
  readonly raw: Buffer;
}

export interface ImapServer {
  readonly host: string;
  readonly port: number;
  /** Puts a mail into a folder, and tells whoever has it open. Returns its UID. */
  append(raw: Uint8Array, at: Instant, folder?: string): number;
  messages(folder?: string): readonly StoredMail[];
  /** From the next login on. */
  setPassword(password: string): void;
  setUidValidity(folder: string, value: number): void;
  dropConnections(): void;
  stop(): Promise<void>;
}

export async function startImapServer(options: ImapOptions): Promise<ImapServer> {
  const { accessToken } = options;
  const user = { password: options.password, xoauth2: tokenOf(accessToken) };
  const server = hoodiecrow({
    plugins: [listChangedOnly, "AUTH-PLAIN", "SASL-IR", "LITERALPLUS", ...(accessToken ? ["XOAUTH2"] : []), ...extensions(options)],
    id: { name: "Sandbox" },
    users: { [options.address]: user },
    storage: storageOf(options),
  });
  server.setMaxListeners(0); // one listener for each connection
  sayWhatIsEnabled(server);
  readPartsOfMany(server);
  dateByClock(server, options.clock);
  const sockets = connectionsOf(server);
  server.server.listen(0, HOST);
  await once(server.server, "listening");
  return {
    host: HOST,
    port: (server.server.address() as AddressInfo).port,
    append: (raw, at, folder = "INBOX") =>
      server.appendMessage(folder, [], new Date(at.getTime()), Buffer.from(raw).toString("latin1")).message.uid,
    messages: (folder = "INBOX") =>
      (folderAt(server, folder).messages ?? []).map(({ uid, flags, raw }) => ({ uid, flags: [...flags], raw: Buffer.from(raw, "latin1") })),
    setPassword: (password) => {
      user.password = password;
    },
    setUidValidity: (folder, value) => {
      folderAt(server, folder).uidvalidity = value;
    },
    dropConnections: () => drop(sockets),
    stop: async () => {
      const closed = once(server.server, "close");
      server.server.close();
      drop(sockets);
      await closed;
    },
  };
}

/** hoodiecrow compares with this property at each login. */
function tokenOf(accessToken: ImapOptions["accessToken"]): { readonly accessToken: string | null } {
  return {
    get accessToken() {
      return accessToken?.() ?? null;
    },
  };
}

function extensions({ without = [] }: ImapOptions): readonly ImapExtension[] {
  return EXTENSIONS.filter((name) => !without.includes(name));
}

function folderAt(server: HoodiecrowServer, path: string): HoodiecrowFolder {
  const folder = server.getMailbox(path);
  if (!folder) throw new Error(`There is no folder ${path}.`);
  return folder;
}

function storageOf({ folders, inboxUidValidity = FIRST_UID_VALIDITY }: ImapOptions) {
  const roots: Record<string, HoodiecrowFolder> = {};
  folders.forEach((folder, index) => {
    addFolder(roots, folder, FIRST_UID_VALIDITY + 1 + index);
  });
  return { INBOX: emptyFolder(inboxUidValidity), "": { separator: "/", folders: roots } };
}

/** Parents that are not listed themselves are made on the way. */
function addFolder(roots: Record<string, HoodiecrowFolder>, { path, specialUse, uidValidity }: ImapFolder, fallback: number): void {
  let siblings = roots;
  let folder: HoodiecrowFolder | undefined;
  for (const name of path.split("/")) {
    folder = siblings[name] ??= emptyFolder(uidValidity ?? fallback);
    siblings = folder.folders ??= {};
  }
  if (folder && specialUse) folder["special-use"] = specialUse;
}

/** Without a HIGHESTMODSEQ to begin with, hoodiecrow answers STATUS on an empty folder with `undefined`. */
function emptyFolder(uidvalidity: number): HoodiecrowFolder {
  return { uidvalidity, uidnext: 1, HIGHESTMODSEQ: 1 };
}

/** hoodiecrow's filter for CHANGEDSINCE works in FETCH and is forgotten in UID FETCH, the one that everybody uses: only what changed is handed on. */
function listChangedOnly(server: HoodiecrowServer): void {
  const original = server.getCommandHandler("UID FETCH");
  if (!original) throw new Error("hoodiecrow has no UID FETCH.");
  const handler: CommandHandler = (connection, command, data, done) => {
    const { changedsince: since, attributes: [set] = [] } = command;
    if (since !== undefined && set && connection.selectedMailbox) {
      const range = server.getMessageRange(connection.selectedMailbox, set.value, true);
      const changed = range.filter(([, message]) => message.MODSEQ > since).map(([, message]) => message.uid);
      if (changed.length === 0) {
        connection.send({ tag: command.tag, command: "OK", attributes: [{ type: "TEXT", value: "UID FETCH Completed" }] }, "UID FETCH");
        return done();
      }
      set.value = changed.join(",");
    }
    original(connection, command, data, done);
  };
  server.setCommandHandler("UID FETCH", handler);
}

/** hoodiecrow enables without saying so (RFC 5161 §3.2), and clients go on without CONDSTORE. */
function sayWhatIsEnabled(server: HoodiecrowServer): void {
  const original = server.getCommandHandler("ENABLE");
  if (!original) return;
  server.setCommandHandler("ENABLE", (connection, command, data, done) => {
    const wanted = (command.attributes ?? []).map(({ value }) => value.toUpperCase());
    const enabled = wanted.filter((name) => server.enableAvailable?.includes(name));
    connection.send({ tag: "*", command: "ENABLED", attributes: enabled.map((value) => ({ type: "ATOM", value })) }, "ENABLED");
    original(connection, command, data, done);
  });
}

/** hoodiecrow uses up `BODY.PEEK[]<0.1000>` on the first mail that is shorter, and sends every further mail of the FETCH empty. */
function readPartsOfMany(server: HoodiecrowServer): void {
  for (const name of ["BODY", "BODY.PEEK"]) {
    server.fetchHandlers[name] = (connection, message, query) =>
      fetchHandlers.BODY(connection, message, query.partial ? { ...query, partial: [...query.partial] } : query);
  }
}

/** What a client appends without a date arrived when the sandbox's clock says so. */
function dateByClock(server: HoodiecrowServer, clock: Clock): void {
  const process = server.processMessage.bind(server);
  server.processMessage = (message, folder) => {
    message.internaldate ??= new Date(clock.now().getTime());
    process(message, folder);
  };
}

/** The open connections. A client that leaves during IDLE would keep the process alive for hoodiecrow's half hour; DONE stops that timer. */
function connectionsOf(server: HoodiecrowServer): Set<Socket> {
  const sockets = new Set<Socket>();
  server.connectionHandlers.push((connection) => {
    const { socket } = connection;
    sockets.add(socket);
    socket.setNoDelay(true); // hoodiecrow writes line by line: without it each command costs 40 ms
    socket.once("close", () => {
      sockets.delete(socket);
      if (connection.inputHandler) connection.inputHandler("DONE");
    });
  });
  return sockets;
}

function drop(sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) socket.destroy();
}
