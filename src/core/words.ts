// The closed vocabularies that SQL, API and UI share (glossary of ARCHITECTURE.md). A CHECK in migrations/ holds the same lists.

export const INTEREST_LEVELS = [
  "positive",
  "requested_info",
  "objection",
  "neutral",
  "negative",
  "unsubscribe",
  "not_now",
  "referral",
  "wrong_person",
] as const;
/** What a reply says about the lead's interest, once judged. */
export type InterestLevel = (typeof INTEREST_LEVELS)[number];
/** What stands in the store: also before the judgement, and when nobody is sure. */
export type RecordedInterest = InterestLevel | "not_analyzed" | "needs_review";

/** What may start a sub-sequence. An opt-out never does. */
export const TRIGGERS = [
  "any",
  "positive",
  "requested_info",
  "objection",
  "neutral",
  "negative",
  "not_now",
  "referral",
  "wrong_person",
] as const;
export type Trigger = (typeof TRIGGERS)[number];

export const CAMPAIGN_STATES = ["draft", "scheduled", "active", "paused", "completed", "archived"] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

export const ENROLLMENT_STATES = [
  "active",
  "held",
  "awaiting_reply",
  "finished",
  "replied",
  "unsubscribed",
  "bounced",
  "complained",
  "failed",
  "removed",
] as const;
export type EnrollmentState = (typeof ENROLLMENT_STATES)[number];

export const MESSAGE_STATES = ["queued", "claimed", "transmitting", "sent", "deferred", "failed", "uncertain", "cancelled"] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export const SUPPRESSION_REASONS = ["unsubscribe", "bounce", "complaint", "import", "person", "restore"] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

export const LEAD_STATUSES = ["new", "contacted", "engaged", "qualified", "converted", "lost"] as const;
export type LeadStatus = (typeof LEAD_STATUSES)[number];
