// Is everything as it should be? Every check, in its group, on an installation that may be broken in any way: one that cannot be asked is unknown, and
// keeps no other from being asked.
import type { Check, Finding, Patient } from "./check.ts";
import { DATABASE_CHECKS } from "./database.ts";
import { MACHINE_CHECKS } from "./machine.ts";
import { MAIL_CHECKS } from "./mail.ts";
import { WORK_CHECKS } from "./work.ts";

export const CHECK_GROUPS: readonly { readonly name: string; readonly checks: readonly Check[] }[] = [
  { name: "Machine", checks: MACHINE_CHECKS },
  { name: "Database", checks: DATABASE_CHECKS },
  { name: "Work", checks: WORK_CHECKS },
  { name: "Mail", checks: MAIL_CHECKS },
];

export interface Diagnosis extends Finding {
  readonly id: string;
  /** Null where nothing has to be done. */
  readonly fix: string | null;
  readonly docs: string;
}

export async function examine(patient: Patient): Promise<Diagnosis[]> {
  const diagnoses: Diagnosis[] = [];
  for (const check of CHECK_GROUPS.flatMap((group) => group.checks)) {
    for (const finding of await findings(check, patient)) {
      const fix = finding.status === "ok" ? null : check.fix;
      diagnoses.push({ id: check.id, ...finding, fix, docs: `docs/reference/doctor.md#${check.id}` });
    }
  }
  return diagnoses;
}

async function findings(check: Check, patient: Patient): Promise<readonly Finding[]> {
  try {
    return [await check.run(patient)].flat();
  } catch (error) {
    return [{ status: "unknown", says: `It could not be looked at: ${(error as Error).message}` }];
  }
}
