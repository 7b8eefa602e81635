// Where do the database and the key live when nobody has said so? In `data` beside the checkout, as far as the database's user can get there.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { closedFolder, type SystemUser } from "./postgres-binaries.ts";

/** Where services of this machine keep their state (Filesystem Hierarchy Standard §5.8). */
const STATE = "/var/lib/marketing-agent";

/**
 * PostgreSQL does not run as root, and root's folders are often closed to everybody else (its home, what `mktemp -d` makes): then each checkout
 * has a directory of its own under /var/lib. A database that stands in `data` already is never left behind.
 *
 * @param user whom the database runs as; undefined: whoever we are
 */
export function defaultDataDir(cwd: string, user: SystemUser | undefined, state = STATE): string {
  if (existsSync(join(cwd, "data", "postgres")) || closedFolder(cwd, user) === undefined) return "data";
  const checkout = createHash("sha256").update(cwd).digest("hex").slice(0, 8);
  return join(state, `${basename(cwd)}-${checkout}`);
}
