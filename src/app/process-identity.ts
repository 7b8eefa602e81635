// Is it still the same process? A number alone does not say so: after a crash or a reboot another process may carry it.
import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** What tells the process with this number from every other that ever had it on this machine: its start. undefined: no such process runs. */
export function processIdentity(pid: number): string | undefined {
  try {
    return process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
  } catch {
    return undefined;
  }
}

/** Where process numbers mean the same thing: containers on one machine count their own. */
export function processSpace(): string {
  const namespace = process.platform === "linux" ? readlinkSync("/proc/self/ns/pid") : "";
  return `${hostname()} ${namespace}`.trim();
}

/** The command line of a running process, as it was started. */
export function commandOf(pid: number): string | undefined {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return undefined;
  }
}

/** proc(5): state is the third field, the start in ticks since boot the 22nd; the second, the name, may itself hold blanks and parentheses. */
function startOnLinux(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie has ended; where nobody reaps it (a container's first process often does not), it keeps its number for ever.
  if (fields[0] === "Z" || fields[0] === "X") return undefined;
  return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${fields[19]}`;
}

function startByPs(pid: number): string | undefined {
  const [state, ...start] = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], { encoding: "utf8" })
    .trim()
    .split(/\s+/);
  return state === undefined || state.startsWith("Z") ? undefined : start.join(" ");
}
