// A benchmark's own processes: each gets one task, says when it is ready, waits for the start, and gives one result back.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface Child<Result> {
  /** Starts what was prepared; gives its result. */
  go(): Promise<Result>;
  stop(): Promise<void>;
}

type FromChild = { readonly ready: true } | { readonly result: unknown } | { readonly failure: string };

/** Resolves when the child is ready. */
export async function startChild<Result>(program: string, task: object): Promise<Child<Result>> {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  child.send(task);
  await answer(child, program);
  return {
    go: async () => {
      child.send("go");
      return (await answer(child, program)) as Result;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, "exit");
    },
  };
}

async function answer(child: ChildProcess, program: string): Promise<unknown> {
  const answered = new AbortController();
  const { signal } = answered;
  const said = await Promise.race([
    once(child, "message", { signal }).then(([message]) => message as FromChild),
    once(child, "exit", { signal }).then(([code]): FromChild => ({ failure: `ended with ${code}` })),
  ]);
  answered.abort();
  if ("failure" in said) throw new Error(`${program}: ${said.failure}`);
  return "result" in said ? said.result : undefined;
}

/** In the child: `prepare` gets the task that startChild was given, and gives what is measured; each "go" runs it once. Ends with its parent. */
export async function childProcess(prepare: (task: never) => Promise<() => Promise<object>>): Promise<void> {
  const say = (said: FromChild) => process.send?.(said);
  process.once("disconnect", () => process.exit(0));
  try {
    const [task] = (await once(process, "message")) as [never];
    const run = await prepare(task);
    say({ ready: true });
    process.on("message", () => {
      run().then(
        (result) => say({ result }),
        (error: unknown) => say({ failure: String(error instanceof Error ? error.stack : error) }),
      );
    });
  } catch (error) {
    say({ failure: String(error instanceof Error ? error.stack : error) });
  }
}
