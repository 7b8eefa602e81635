// Campaign files as people write them.

export interface StepText {
  readonly after?: string;
  readonly subject?: string;
  readonly body?: string;
  readonly html?: string;
}

export interface CampaignText {
  readonly name?: string;
  readonly zone?: string;
  /** The steps by their names, in order: how long after the one before, or more. */
  readonly steps: Readonly<Record<string, string | StepText>>;
  /** By reply, unless a public address is set up. */
  readonly optOut?: "reply" | "link";
  /** Further lines. */
  readonly more?: string;
}

/** To all leads. The first step has a subject. */
export function campaignText({ name = "Repair log", zone = "UTC", steps, optOut = "reply", more = "" }: CampaignText): string {
  const sequence = Object.entries(steps).map(([id, step], index) => {
    const written = typeof step === "string" ? { after: step } : step;
    const subject = index === 0 ? { subject: "Repairs" } : {};
    return `  - ${JSON.stringify({ id, after: "0 minutes", ...subject, body: `Text of ${id}.`, ...written })}\n`;
  });
  return `name: ${name}\ntime_zone: ${zone}\nleads: all\nopt_out: ${optOut}\n${more}\nsequence:\n${sequence.join("")}`;
}
