// Which step to which lead was this mail, that the ledger does not know? After a restore a mail that went out since the backup is told by its
// Message-ID, which is derived from what it was, and where that fails by what its own headers say.
import { deriveMessageId } from "./outgoing-message.ts";

export interface SentIntent<EnrollmentId extends string> {
  readonly enrollmentId: EnrollmentId;
  readonly visit: number;
  readonly lineage: string;
}

/** An enrollment as it stood at the backup. */
interface Candidate<EnrollmentId extends string> {
  readonly id: EnrollmentId;
  readonly visit: number;
}

/** Sub-sequences that a lead may have entered since the backup: more than three answers in a row start none. */
const VISITS_AHEAD = 3;

/** Every Message-ID that these enrollments may have been sent under, at the domains, with what it was. */
export function* intentsOf<EnrollmentId extends string>(
  key: Uint8Array,
  enrollments: readonly Candidate<EnrollmentId>[],
  lineages: readonly string[],
  domain: string,
): Generator<readonly [messageId: string, intent: SentIntent<EnrollmentId>]> {
  for (const { id: enrollmentId, visit: reached } of enrollments) {
    for (let visit = 1; visit <= reached + VISITS_AHEAD; visit += 1) {
      for (const lineage of lineages)
        yield [deriveMessageId(key, { enrollmentId, visit, lineage }, domain), { enrollmentId, visit, lineage }];
    }
  }
}

/** What `feedbackId` (outgoing-message.ts) says of a mail of ours: the ends of the ids of its campaign and step. Null for everything else. */
export function readFeedbackId(value: string): { readonly campaign: string; readonly step: string; readonly kind: string } | null {
  const [, campaign, step, kind] = /^([0-9a-f]{12}):([0-9a-f]{12}):([a-z]+):[0-9a-f]{12}$/.exec(value.trim()) ?? [];
  return campaign && step && kind ? { campaign, step, kind } : null;
}
