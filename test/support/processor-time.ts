// What work costs, whatever else the machine does meanwhile: the clock on the wall would count that, too.

/** A stopwatch of the time, in ms, that this process has had the processor since. */
export function processorTime(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
}
