// Where people's browsers reach the server that a command speaks of.
import { type GlobalOptions, serverOf } from "./options.ts";

export async function webAddress(options: GlobalOptions): Promise<string> {
  const server = serverOf(options);
  if (server !== null) return server.replace(/\/+$/, "");
  const { settingsFor } = await import("./session.ts");
  const { public_url: publicUrl, host, port } = settingsFor(options).http;
  return publicUrl?.replace(/\/+$/, "") ?? `http://${host}:${port}`;
}
