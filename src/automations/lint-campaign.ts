// Looks through a campaign's mails before it starts: sizes, links, subjects, and values that its leads lack. Nothing here asks a network.
import type { CampaignId, WorkspaceId } from "../core/ids.ts";
import type { Instant } from "../core/instant.ts";
import {
  type LintFinding,
  lintLinks,
  lintSampleLinks,
  lintSizes,
  lintValues,
  neededVariables,
  type SampleMail,
} from "../core/lint-mail.ts";
import { type MergeLead, SENDER_FIELDS } from "../core/merge-values.ts";
import type { StepText } from "../core/sequence.ts";
import { completeValues } from "../core/template-problems.ts";
import { type Campaign, campaignById } from "../store/campaign.ts";
import { leadsLacking, sampleLeads } from "../store/campaign-lint.ts";
import { customFieldNames } from "../store/campaign-readiness.ts";
import { mailboxesOfCampaign } from "../store/mailbox.ts";
import { sequencesOfCampaign } from "../store/sequence.ts";
import { workspaceById } from "../store/workspace.ts";
import type { Agent } from "./agent.ts";
import { type MessageSender, previewStep } from "./render-message.ts";

/** Leads whose mails are written on trial. */
const SAMPLES = 10;

interface LintedStep {
  readonly name: string;
  readonly text: StepText;
  /** The first mail that a lead gets: it has no thread to take a subject from. */
  readonly isFirst: boolean;
}

export async function lintCampaign(agent: Agent, workspaceId: WorkspaceId, campaignId: CampaignId): Promise<LintFinding[]> {
  const campaign = await campaignById(agent.db, workspaceId, campaignId);
  if (!campaign) return [];
  const steps = await stepsOf(agent, workspaceId, campaignId);
  const { mails, withoutSubject } = await samplesOf(agent, campaign, steps);
  const links = [...lintLinks(steps), ...lintSampleLinks(mails, steps)];
  return [...withoutSubject, ...links, ...lintSizes(mails), ...(await lintLeads(agent, campaign, steps))];
}

async function stepsOf({ db }: Agent, workspaceId: WorkspaceId, campaignId: CampaignId): Promise<LintedStep[]> {
  const sequences = (await sequencesOfCampaign(db, workspaceId, campaignId)).filter((sequence) => sequence.isActive);
  return sequences.flatMap(({ kind, name, steps }) => {
    const inUse = steps.filter((step) => !step.retired);
    return inUse.flatMap(({ lineage, text }, index) =>
      text ? [{ name: `${name}: ${lineage}`, text, isFirst: kind === "main" && index === 0 }] : [],
    );
  });
}

/** What some leads would receive. A mail that lacks a value is nothing to look at: lintLeads counts those. */
async function samplesOf(
  agent: Agent,
  campaign: Campaign,
  steps: readonly LintedStep[],
): Promise<{ mails: SampleMail[]; withoutSubject: LintFinding[] }> {
  const [sender] = await mailboxesOfCampaign(agent.db, campaign.workspaceId, campaign.id);
  const leads = sender ? await sampleLeads(agent.db, campaign.workspaceId, campaign.id, SAMPLES) : [];
  const workspace = await workspaceById(agent.db, campaign.workspaceId);
  const postalAddress = campaign.postalAddress ?? workspace?.postalAddress ?? null;
  const mails: SampleMail[] = [];
  const withoutSubject: LintFinding[] = [];
  for (const step of steps) {
    const blank = step.isFirst && (step.text.subject ?? "").trim() === "";
    const samples = leads.map((lead) => ({ lead: lead.email, written: write(agent, sender, { ...campaign, postalAddress }, step, lead) }));
    for (const { lead, written } of samples) if (written.ok) mails.push({ step: step.name, lead, ...written.preview });
    const first = samples.find(({ written }) => !written.ok && written.code === "template_invalid");
    if (blank) withoutSubject.push({ code: "subject", weight: "stop", sentence: `${step.name}: the first mail has no subject.` });
    else if (first)
      withoutSubject.push({
        code: "subject",
        weight: "warning",
        sentence: `${step.name}: to ${first.lead} the subject is empty; the mail will not be sent.`,
      });
  }
  return { mails, withoutSubject };
}

function write(
  { settings, clock }: Agent,
  sender: MessageSender | undefined,
  campaign: Campaign,
  { text, isFirst }: LintedStep,
  lead: MergeLead,
): ReturnType<typeof previewStep> {
  const at: Instant = clock.now();
  const from = sender ?? { email: "", identityKey: "", fromName: null };
  const thread = isFirst ? [] : [{ messageId: "<earlier@campaign>", subject: "The mail before" }];
  const draft = { recipient: lead.email, variant: text, lead, campaign, thread };
  return previewStep(settings.http.public_url ?? null, from, draft, at);
}

/** How many leads lack what a step cannot be written without. */
async function lintLeads({ db }: Agent, campaign: Campaign, steps: readonly LintedStep[]): Promise<LintFinding[]> {
  const { workspaceId, id } = campaign;
  const complete = completeValues({ defaults: campaign.mergeDefaults, customFields: await customFieldNames(db, workspaceId) });
  const filled = new Set<string>([...Object.keys(campaign.mergeDefaults), ...SENDER_FIELDS]);
  const needed = steps.map(({ name, text }) => ({
    name,
    variables: [text.subject, text.bodyText, text.bodyHtml]
      .flatMap((source) => (source === null ? [] : neededVariables(source, complete)))
      .filter((variable) => !filled.has(variable)),
  }));
  const lacking = await leadsLacking(db, workspaceId, id, [...new Set(needed.flatMap(({ variables }) => variables))]);
  return needed.flatMap(({ name, variables }) =>
    lintValues(
      name,
      lacking.filter(({ variable }) => variables.includes(variable)),
    ),
  );
}
