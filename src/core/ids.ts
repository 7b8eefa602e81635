// Which kind of thing an identifier names. Ids are UUIDs (version 7, made by the database); the brand keeps a lead's from being passed for a campaign's.

declare const brand: unique symbol;
export type Id<Name extends string> = string & { readonly [brand]: Name };

export type WorkspaceId = Id<"workspace">;
export type LeadId = Id<"lead">;
export type ListId = Id<"list">;
export type ImportId = Id<"import">;
export type MailboxId = Id<"mailbox">;
export type GrantRequestId = Id<"grant_request">;
export type SendingDomainId = Id<"sending_domain">;
export type CampaignId = Id<"campaign">;
export type SequenceId = Id<"sequence">;
export type StepId = Id<"step">;
export type VariantId = Id<"variant">;
export type EnrollmentId = Id<"enrollment">;
export type MessageId = Id<"message">;
export type InboundMessageId = Id<"inbound_message">;
export type UserId = Id<"user">;
export type ApiKeyId = Id<"api_key">;
export type InvitationId = Id<"invitation">;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text that somebody typed can be an id at all: nothing else reaches a query. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
