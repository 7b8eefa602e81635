// What does one reading cost the process that reads?
import { monitorEventLoopDelay } from "node:perf_hooks";
import { timed } from "./machine.ts";
import type { ReadResult } from "./sync-process.ts";

const SAMPLE_MS = 100;

export async function measuredReading(read: () => Promise<Pick<ReadResult, "mails" | "bytes">>): Promise<ReadResult> {
  let peak = process.memoryUsage.rss();
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, SAMPLE_MS);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const { seconds, cpuSeconds, result } = await timed(read);
  delay.disable();
  clearInterval(sampler);
  return { ...result, seconds, cpuSeconds, peakMb: Math.round(peak / 2 ** 20), stallMs: delay.max / 1e6 };
}
