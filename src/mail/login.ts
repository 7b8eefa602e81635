// How a mailbox shows a server who it is: by its password, or by an access token that its owner's provider gave out (OAuth).
import { passwordHint } from "../core/mailbox-presets.ts";

export type Login =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  | { readonly kind: "oauth"; readonly username: string; readonly accessToken: string };

/** An access token changes every hour, and who logs in stays the same. */
export function sameAccount(a: Login | null, b: Login | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.username !== b.username) return false;
  return a.kind === "password" ? b.kind === "password" && a.password === b.password : b.kind === "oauth";
}

/** What to tell somebody whose login was refused by the server of that name. */
export function loginHint(host: string, login: Login | null): string {
  if (login?.kind !== "oauth") return passwordHint(host);
  return "Is logging in by SMTP AUTH and IMAP switched on for this mailbox? Otherwise connect it again: `mailbox add ADDRESS --oauth PROVIDER`.";
}
