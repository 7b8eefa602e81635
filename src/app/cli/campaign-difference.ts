// What `campaign plan` says: the differences, then whom they concern.
import type { components } from "../../client/api-types.ts";
import { counted, table } from "./output.ts";

type CampaignChangePlan = components["schemas"]["CampaignPlan"];
type CampaignDifference = CampaignChangePlan["difference"];
type SequenceDifference = CampaignDifference["sequences"][number];
type StepDifference = SequenceDifference["steps"][number];
type PlanEffects = CampaignChangePlan["effects"];
type StepEffect = PlanEffects["gained"][number];
type NextMail = PlanEffects["nextMail"]["first"][number]["before"];

export function writePlan(plan: CampaignChangePlan): string {
  const { created, name, changes, difference } = plan;
  if (created) return `It would add "${name}" as a draft.`;
  if (changes.length === 0) return "It would change nothing.";
  const parts = [["It would change:", ...settings(difference), ...difference.sequences.flatMap(sequence)], inside(plan), ...affected(plan)];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function settings({ settings: changed }: CampaignDifference): string[] {
  return changed.map(({ key, before, after }) => `- ${key}: ${before ?? "none"} → ${after ?? "none"}`);
}

function sequence({ sequence: name, kind, on, steps }: SequenceDifference): string[] {
  const how = kind === "changed" ? "" : ` ${kind}`;
  const trigger = on ? `, on: ${on.before ?? "none"} → ${on.after ?? "none"}` : "";
  return [`- sequence "${name}"${how}${trigger}`, ...steps.flatMap(step)];
}

/** Of a longer text the beginning of the difference; `--json` has all of it. */
const LINES = 30;

function step({ step: name, kinds, delay, lines }: StepDifference): string[] {
  const when = delay ? ` (after ${[delay.before, delay.after].filter((one) => one !== null).join(" → ")})` : "";
  const more = lines.length > LINES ? [`    … ${counted(lines.length - LINES, "more line")}`] : [];
  return [`  - step "${name}" ${kinds.join(", ")}${when}`, ...lines.slice(0, LINES).map((line) => `    ${line}`), ...more];
}

function inside({ inside: { moved, stayed } }: CampaignChangePlan): string[] {
  const phrases = [
    ...(moved > 0 ? [`${counted(moved, "lead")} inside would go over to the new version.`] : []),
    ...(stayed > 0 ? [`${counted(stayed, "lead")} inside would stay in an older version.`] : []),
  ];
  return phrases.length === 0 ? [] : [phrases.join(" ")];
}

function affected({ standings, effects }: CampaignChangePlan): string[][] {
  const rows = standings.map((one) => [one.sequence, one.nextStep, one.state, one.before, one.after]);
  const stand = rows.length === 0 ? [] : [table(["Sequence", "Next step", "State", "Leads now", "Then"], rows)];
  const steps = [...effects.gained.map((one) => stepEffect(one, "more")), ...effects.lost.map((one) => stepEffect(one, "fewer"))];
  return [stand, steps, nextMails(effects)];
}

function stepEffect({ sequence: name, step: of, leads }: StepEffect, how: "more" | "fewer"): string {
  return `${counted(leads, "lead")} ${how} would get step "${of}" of "${name}".`;
}

function nextMails({ nextMail: { earlier, later, begins, ends, first } }: PlanEffects): string[] {
  if (first.length === 0) return [];
  const counts = [
    [earlier, "earlier"],
    [later, "later"],
    [begins, "with one again"],
    [ends, "without one"],
  ] as const;
  const total = earlier + later + begins + ends;
  const named = counts.filter(([leads]) => leads > 0).map(([leads, how]) => `${leads} ${how}`);
  const shown = total > first.length ? ` The first ${first.length}:` : "";
  const rows = first.map(({ lead, before, after }) => [lead, mail(before), mail(after)]);
  return [`The next mail changes for ${counted(total, "lead")}: ${named.join(", ")}.${shown}`, table(["Lead", "Now", "Then"], rows)];
}

/** In UTC, as the moments of `--json`. */
function mail(next: NextMail): string {
  return next ? `${next.at.slice(0, 16).replace("T", " ")} ${next.step}` : "none";
}
