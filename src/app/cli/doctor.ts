// doctor: looks at the whole installation and says what to do about what it finds.
import { resolve } from "node:path";
import type { Command } from "commander";
import { admit } from "../doctor/admission.ts";
import { type Diagnosis, examine } from "../doctor/doctor.ts";
import { sandboxOn } from "../sandbox-time.ts";
import { wallClock } from "../wire.ts";
import { closing } from "./closing.ts";
import { type GlobalOptions, refuseRemote } from "./options.ts";
import { print } from "./output.ts";
import { settingsFor } from "./session.ts";

export function addDoctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("looks at the whole installation; ends with 1 when a check failed")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      refuseRemote(options, "doctor");
      const diagnoses = await diagnose(options);
      print({ healthy: isHealthy(diagnoses), checks: diagnoses }, options.json, ({ checks }) => write(checks));
      if (!isHealthy(diagnoses)) process.exitCode = 1;
    });
}

async function diagnose(options: GlobalOptions): Promise<Diagnosis[]> {
  const asked = settingsFor(options);
  const sandbox = sandboxOn(resolve(asked.data_dir));
  const closers = closing();
  try {
    const settings = sandbox ? settingsFor(options, sandbox.settings) : asked;
    return await examine(await admit(settings, (sandbox?.clock ?? wallClock).now(), closers));
  } finally {
    await closers.closeAll();
  }
}

function isHealthy(diagnoses: readonly Diagnosis[]): boolean {
  return diagnoses.every(({ status }) => status !== "failure");
}

const MARKS = { ok: "ok     ", warning: "WARNING", failure: "FAILURE", unknown: "unknown" } as const;

function write(diagnoses: readonly Diagnosis[]): string {
  const lines = diagnoses.flatMap(({ status, id, of, says, fix, docs }) => [
    `${MARKS[status]}  ${id}${of === undefined ? "" : ` ${of}`}: ${says}`,
    ...(fix === null || status === "unknown" ? [] : [`         ${fix} (${docs})`]),
  ]);
  const failed = diagnoses.filter(({ status }) => status === "failure").length;
  const warned = diagnoses.filter(({ status }) => status === "warning").length;
  return [...lines, `${failed} failed, ${warned} warned, of ${diagnoses.length}.`].join("\n");
}
