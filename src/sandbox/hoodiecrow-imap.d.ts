// The part of hoodiecrow-imap 2.1.0 that we use; the package has no types of its own.

declare module "hoodiecrow-imap" {
  import type { Server, Socket } from "node:net";

  export interface HoodiecrowMessage {
    readonly uid: number;
    readonly flags: readonly string[];
    /** As IMAP writes it: "03-Mar-2026 09:00:00 +0000". */
    internaldate: string | Date | undefined;
    /** One character per byte. */
    readonly raw: string;
  }

  export interface HoodiecrowFolder {
    uidvalidity: number;
    uidnext?: number;
    HIGHESTMODSEQ?: number;
    "special-use"?: string;
    messages?: HoodiecrowMessage[];
    folders?: Record<string, HoodiecrowFolder>;
  }

  export interface HoodiecrowConnection {
    readonly socket: Socket;
    readonly selectedMailbox: HoodiecrowFolder | false | undefined;
    /** Where lines go during IDLE. */
    readonly inputHandler: ((line: string) => void) | false;
    send(response: { readonly tag: string; readonly command: string; readonly attributes: readonly unknown[] }, description: string): void;
  }

  export interface HoodiecrowCommand {
    readonly tag: string;
    readonly attributes?: readonly { value: string }[];
    /** Set by the plugin CONDSTORE. */
    readonly changedsince?: number;
  }

  export interface FetchQuery {
    readonly partial?: readonly number[];
  }

  export type CommandHandler = (connection: HoodiecrowConnection, command: HoodiecrowCommand, data: string, done: () => void) => void;
  export type FetchHandler = (connection: HoodiecrowConnection, message: HoodiecrowMessage, query: FetchQuery) => unknown;

  export interface HoodiecrowServer {
    readonly server: Server;
    readonly connectionHandlers: ((connection: HoodiecrowConnection) => void)[];
    readonly fetchHandlers: Record<string, FetchHandler>;
    readonly users: Record<string, { password: string; xoauth2: { readonly accessToken: string | null } }>;
    /** Made by the plugin ENABLE. */
    readonly enableAvailable?: readonly string[];
    processMessage(message: HoodiecrowMessage, folder: HoodiecrowFolder): void;
    appendMessage(folder: string, flags: readonly string[], internaldate: Date, raw: string): { readonly message: HoodiecrowMessage };
    getMailbox(path: string): HoodiecrowFolder | undefined;
    getMessageRange(
      folder: HoodiecrowFolder,
      range: string,
      byUid: boolean,
    ): readonly (readonly [number, HoodiecrowMessage & { MODSEQ: number }])[];
    getCommandHandler(command: string): CommandHandler | false;
    setCommandHandler(command: string, handler: CommandHandler): void;
    setMaxListeners(count: number): void;
  }

  export default function hoodiecrow(options: {
    readonly plugins: readonly (string | ((server: HoodiecrowServer) => void))[];
    readonly id: Readonly<Record<string, string>>;
    readonly users: Record<string, { password: string; xoauth2: { readonly accessToken: string | null } }>;
    readonly storage: Record<string, HoodiecrowFolder | { separator: string; folders: Record<string, HoodiecrowFolder> }>;
  }): HoodiecrowServer;
}

declare module "hoodiecrow-imap/lib/commands/handlers/fetch.js" {
  import type { FetchHandler } from "hoodiecrow-imap";

  const handlers: { readonly BODY: FetchHandler };
  export default handlers;
}
