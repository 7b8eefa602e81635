// The machine: Node.js, the data directory, the disk, the key, the time zones.
import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { DateTime } from "luxon";
import { secretKeyFingerprint } from "../../core/keys.ts";
import { type Check, failure, ok, warning } from "./check.ts";

const OLDEST_NODE = 24;
const MEGABYTE = 1_000_000;
const FULL_BYTES = 200 * MEGABYTE;
const TIGHT_BYTES = 1_000 * MEGABYTE;

export const MACHINE_CHECKS: readonly Check[] = [
  {
    id: "node-version",
    looksAt: `The version of Node.js: ${OLDEST_NODE} or newer.`,
    fix: "Install a newer Node.js, or start with `npm start`, which uses the one that npm installed.",
    run: () => {
      const says = `Node.js ${process.versions.node}.`;
      return Number(process.versions.node.split(".")[0]) >= OLDEST_NODE ? ok(says) : failure(says);
    },
  },
  {
    id: "data-directory",
    looksAt: "Whether the data directory is there, can be written to, and is closed to others.",
    fix: "Name the right one with --data-dir; `chown` it to the user who runs the agent, and `chmod o-rw` it.",
    run: ({ dataDir }) => {
      if (!existsSync(dataDir)) return failure(`There is no ${dataDir}.`);
      try {
        accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
      } catch {
        return failure(`${dataDir} cannot be read and written by this user.`);
      }
      // others may pass through (the database's user must), and nothing more
      return (statSync(dataDir).mode & 0o006) === 0 ? ok(`${dataDir} is ours.`) : warning(`Others can look into ${dataDir}.`);
    },
  },
  {
    id: "disk-space",
    looksAt: `Free space where the data stands: a warning below ${TIGHT_BYTES / MEGABYTE} MB, a failure below ${FULL_BYTES / MEGABYTE} MB. PostgreSQL stops when the disk is full.`,
    fix: "Free space on that disk, or move the data directory to a larger one; old backups may stand in its folder `backups`.",
    run: ({ dataDir }) => {
      if (!existsSync(dataDir)) return failure(`There is no ${dataDir}.`);
      const { bavail, bsize } = statfsSync(dataDir);
      const free = bavail * bsize;
      const says = `${Math.floor(free / MEGABYTE)} MB are free.`;
      return free < FULL_BYTES ? failure(says) : free < TIGHT_BYTES ? warning(says) : ok(says);
    },
  },
  {
    id: "secret-key",
    looksAt: "Whether the secret key is there and only its owner can read it.",
    fix: "Put the key back (`keys export` wrote it where you keep it) as `secret.key` in the data directory, or into MARKETING_AGENT_SECRET_KEY; `chmod 600` the file.",
    run: ({ keys, keyProblem }) =>
      keys ? ok(`Its fingerprint is ${secretKeyFingerprint(keys)}.`) : failure(keyProblem ?? "There is no key yet."),
  },
  {
    id: "time-zones",
    looksAt: "Whether this Node.js knows the world's time zones: sending windows are kept in the zones of leads.",
    fix: "Use a Node.js with full ICU data, such as the one that npm installs.",
    run: () => {
      const offset = (day: string) => DateTime.fromISO(day, { zone: "Europe/Berlin" }).offset;
      const summer = offset("2026-07-01") - offset("2026-01-01");
      return summer === 60
        ? ok(`Time zone data ${process.versions["tz"] ?? "of ICU"}.`)
        : failure("Time zones, or their daylight saving time, are missing.");
    },
  },
];
