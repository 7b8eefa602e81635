// Where were these figures measured? Figures without their machine mean nothing.
import { cpus, totalmem } from "node:os";

export function machine(): string {
  const cores = cpus();
  return `${cores[0]?.model.trim() ?? "unknown"}, ${cores.length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`;
}

export function peakMemory(): string {
  return `${Math.round(process.resourceUsage().maxRSS / 1_024)} MB at most`;
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
