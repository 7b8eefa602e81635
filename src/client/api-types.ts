// Generated from docs/reference/openapi.json (f3dd8fe84d0bedb4dea687888f3fcd3b84898df0e2d0438febc35b6f88a85c0f) by `npm run client`. Not edited by hand.
export interface paths {
  "/api/v1/account": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who is signed in, and in which workspaces */
    get: operations["account.read"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /** Changes the own name */
    patch: operations["account.rename"];
    trace?: never;
  };
  "/api/v1/account/invitation": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Joins a team: as who is signed in, or with a new account */
    post: operations["account.acceptInvitation"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/account/invitation/{token}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What an invitation link is for */
    get: operations["account.readInvitation"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/account/password": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Changes the own password; all other sessions end */
    put: operations["account.changePassword"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/account/second-factor": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** A secret for an authenticator app; it counts once confirmed */
    post: operations["account.offerSecondFactor"];
    /** Turns the second factor off */
    delete: operations["account.removeSecondFactor"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/account/second-factor/confirm": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Turns the second factor on; gives the recovery codes, once */
    post: operations["account.confirmSecondFactor"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/account/session": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Signs in; the session is a cookie */
    post: operations["account.signIn"];
    /** Signs out */
    delete: operations["account.signOut"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/account/setup": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Makes the first account, signed in */
    post: operations["account.setUp"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/account/setup/{token}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether a set-up link works */
    get: operations["account.checkSetup"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/api-keys": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The keys of the workspace, newest first
     * @description Needs the permission `api_keys:read`.
     */
    get: operations["apiKeys.list"];
    put?: never;
    /**
     * Makes a key, which is shown once
     * @description Needs the permission `api_keys:write`.
     */
    post: operations["apiKeys.create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/api-keys/{apiKeyId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Revokes a key at once
     * @description Needs the permission `api_keys:write`.
     */
    delete: operations["apiKeys.revoke"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/audit": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What was changed by whom, newest first
     * @description Needs the permission `audit:read`.
     */
    get: operations["audit.list"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/automation-runs": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the agent did on its own, newest first
     * @description Needs the permission `automations:read`.
     */
    get: operations["automationRuns.list"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/automations": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the agent does on its own, when it does so next, and how it went the last time
     * @description Needs the permission `automations:read`.
     */
    get: operations["automations.list"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/automations/{automation}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One automation
     * @description Needs the permission `automations:read`.
     */
    get: operations["automations.read"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Changes when it runs, or pauses it; where there are several workspaces, only for who owns them all
     * @description Needs the permission `automations:write`.
     */
    patch: operations["automations.change"];
    trace?: never;
  };
  "/api/v1/automations/{automation}/run": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Lets it run now, in addition to its schedule; `automationRuns.list` tells how it went
     * @description Needs the permission `automations:write`.
     */
    post: operations["automations.run"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/automations/send-due-steps/dry-run": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What would go out at this moment, and why everything else waits; changes nothing
     * @description Needs the permission `automations:read`.
     */
    get: operations["automations.dryRun"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The campaigns with their numbers, newest first
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["campaigns.list"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A campaign with its settings, sequences and texts
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["campaigns.read"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Changes single settings, by their keys in the campaign file
     * @description Needs the permission `campaigns:write`.
     */
    patch: operations["campaigns.change"];
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/archive": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Puts it away for good; an active one has to be paused before
     * @description Needs the permission `campaigns:write`.
     */
    post: operations["campaigns.archive"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/duplicate": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Adds a draft with the same settings and texts under another name, without the dates
     * @description Needs the permission `campaigns:write`.
     */
    post: operations["campaigns.duplicate"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/enrollments": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The leads of a campaign, the latest change first
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["enrollments.ofCampaign"];
    put?: never;
    /**
     * Puts a lead into a campaign that runs, whatever its audience is
     * @description Needs the permission `campaigns:write`.
     */
    post: operations["enrollments.create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/file": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The campaign as a file, which changes nothing when it is applied; comments of the file that it came from are not kept
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["campaigns.export"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/history": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What happened to it, oldest first
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["campaigns.history"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/pause": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Nothing more goes out until it is started again; delays stand still
     * @description Needs the permission `campaigns:write`.
     */
    post: operations["campaigns.pause"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/preview": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * What a step would say to a lead; sends nothing
     * @description Needs the permission `campaigns:read`.
     */
    post: operations["messages.preview"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/readiness": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Everything that is missing before it can start
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["campaigns.readiness"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/schedule": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What it will send on which days, if nobody answers
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["campaigns.schedule"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/schedule/mails": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Every mail that it will send, the next one first
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["campaigns.scheduledMails"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/schedule/unreached": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Leads that get no further mail, and why
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["campaigns.unreached"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/sequences": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Its sequences with their newest versions, the main one first; also those that its file no longer has
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["campaigns.sequences"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/start": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Starts it, schedules it when its date is to come, or resumes it
     * @description Needs the permission `campaigns:write`.
     */
    post: operations["campaigns.start"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/steps/{stepId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Changes the words or the delay of one step
     * @description Needs the permission `campaigns:write`.
     */
    patch: operations["campaigns.changeStep"];
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/test-send": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sends a step, as it would be written to a lead, to an address of yours
     * @description Needs the permission `messages:write`.
     */
    post: operations["messages.sendTest"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/{campaignId}/why": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What it sends today, what limits it, and why whom waits
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["campaigns.why"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/file": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /**
     * Makes the campaign of that name what its file says, or adds it as a draft
     * @description Needs the permission `campaigns:write`.
     */
    put: operations["campaigns.apply"];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/campaigns/plan": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * What applying a file would change, and for whom; changes nothing
     * @description Needs the permission `campaigns:read`.
     */
    post: operations["campaigns.plan"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/domains": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The domains that are sent from, whether their mail is signed here, and what DNS said last
     * @description Needs the permission `mailboxes:read`.
     */
    get: operations["domains.list"];
    put?: never;
    /**
     * Signs the mail of a domain's mailboxes (DKIM) from now on; gives the record that its DNS needs first
     * @description Needs the permission `mailboxes:write`.
     */
    post: operations["domains.create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/domains/{domainId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Forgets a domain with its key; mail of its mailboxes is no longer signed here
     * @description Needs the permission `mailboxes:write`.
     */
    delete: operations["domains.remove"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/domains/check": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Asks DNS for the SPF, DKIM, DMARC and MX records of a domain, which is kept from then on
     * @description Needs the permission `mailboxes:write`.
     */
    post: operations["domains.check"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/enrollments/{enrollmentId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * An enrollment with its history
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["enrollments.read"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/enrollments/{enrollmentId}/enter": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Puts the lead into a sub-sequence of the campaign
     * @description Needs the permission `campaigns:write`.
     */
    post: operations["enrollments.enter"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/enrollments/{enrollmentId}/hold": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Nothing is sent to the lead before a moment, or until somebody resumes it
     * @description Needs the permission `campaigns:write`.
     */
    post: operations["enrollments.hold"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/enrollments/{enrollmentId}/remove": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes the lead out of the campaign for good; what is not on the wire yet is cancelled
     * @description Needs the permission `campaigns:write`.
     */
    post: operations["enrollments.remove"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/enrollments/{enrollmentId}/resume": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Lets one that is held go on
     * @description Needs the permission `campaigns:write`.
     */
    post: operations["enrollments.resume"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/events": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The live state, section by section: first all that one may read, then what changes. Ends with the session, key or membership
     * @description Needs the permission `workspace:read`.
     */
    get: operations["events.follow"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/grant-requests": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Begins to connect a mailbox, new or known, by OAuth: gives a link for its owner, who signs in at the provider and agrees
     * @description Needs the permission `mailboxes:write`.
     */
    post: operations["grantRequests.create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/grant-requests/{grantRequestId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What became of it: kept for a day
     * @description Needs the permission `mailboxes:read`.
     */
    get: operations["grantRequests.read"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/imports": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The imports, newest first
     * @description Needs the permission `leads:read`.
     */
    get: operations["imports.list"];
    put?: never;
    /**
     * Imports the CSV or spreadsheet (XLSX) that is the body; a bad row never stops the rest, and the same file twice changes nothing
     * @description Needs the permission `leads:write`.
     */
    post: operations["imports.create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/imports/{importId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * An import: how far it came, what it counted
     * @description Needs the permission `leads:read`.
     */
    get: operations["imports.read"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/imports/{importId}/rejected.csv": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The rows that were not taken, with the reasons; corrected, they can be imported as they are
     * @description Needs the permission `leads:read`.
     */
    get: operations["imports.rejected"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/inbound-messages": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Mail that came in, newest first; ignored mail only where it is asked for
     * @description Needs the permission `messages:read`.
     */
    get: operations["inbound.list"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/inbound-messages/{inboundMessageId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A mail that came in, with its content, its verdict and every judgement
     * @description Needs the permission `messages:read`.
     */
    get: operations["inbound.read"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/inbound-messages/{inboundMessageId}/assign": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Says whose an unmatched mail is; it then counts as that lead's reply
     * @description Needs the permission `messages:write`.
     */
    post: operations["inbound.assign"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/inbound-messages/{inboundMessageId}/handled": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Marks that a person has dealt with it, or has not
     * @description Needs the permission `messages:write`.
     */
    post: operations["inbound.handle"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/inbound-messages/{inboundMessageId}/judge": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Says what a reply means; the lead enters the sub-sequence that answers it, and leaves the one that a wrong judgement led to
     * @description Needs the permission `messages:write`.
     */
    post: operations["inbound.judge"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/invitations": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Invitations that are open
     * @description Needs the permission `members:read`.
     */
    get: operations["invitations.list"];
    put?: never;
    /**
     * Invites a person by a link, which is shown once and works for seven days
     * @description Needs the permission `members:write`.
     */
    post: operations["invitations.create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/invitations/{invitationId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Takes an invitation back
     * @description Needs the permission `members:write`.
     */
    delete: operations["invitations.revoke"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/leads": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The leads that fit all filters, newest first or by address
     * @description Needs the permission `leads:read`.
     */
    get: operations["leads.list"];
    put?: never;
    /**
     * Adds a lead; an address that there is already is refused (409) with that lead's id
     * @description Needs the permission `leads:write`.
     */
    post: operations["leads.create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/leads/{leadId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A lead with its lists, tags, enrollments, and what keeps us from writing to it
     * @description Needs the permission `leads:read`.
     */
    get: operations["leads.read"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Changes what is known of a lead; absent stays, null takes away. Its address is who it is, and stays
     * @description Needs the permission `leads:write`.
     */
    patch: operations["leads.change"];
    trace?: never;
  };
  "/api/v1/leads/{leadId}/enrollments": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The campaigns that a lead is in, the latest change first
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["enrollments.ofLead"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/leads/{leadId}/history": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What happened to a lead, newest first: changes of its enrollments, what was sent, what came in
     * @description Needs the permission `leads:read`.
     */
    get: operations["leads.history"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/leads/{leadId}/remove": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes a lead out of everything: what runs for it ends, what is unsent is cancelled; its history stays
     * @description Needs the permission `leads:write`.
     */
    post: operations["leads.remove"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/leads/{leadId}/restore": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Makes a lead that was removed available again to campaigns that it was never in
     * @description Needs the permission `leads:write`.
     */
    post: operations["leads.restore"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/leads/{leadId}/resume": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ends the holds of a lead: its sequences go on
     * @description Needs the permission `leads:write`.
     */
    post: operations["leads.resume"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/leads/{leadId}/why": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Why a lead was (not) written to, what is planned for it, and what stands in the way
     * @description Needs the permission `leads:read`.
     */
    get: operations["leads.why"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/leads/change-many": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Gives many leads tags and places in lists, or takes them away: up to 1,000 by their ids, or all that a filter finds
     * @description Needs the permission `leads:write`.
     */
    post: operations["leads.changeMany"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/leads/check": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Looks at the addresses of leads again: their form, their domain, what DNS says of it. Campaigns leave invalid ones out
     * @description Needs the permission `leads:write`.
     */
    post: operations["leads.check"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/leads/count": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How many leads fit all filters
     * @description Needs the permission `leads:read`.
     */
    get: operations["leads.count"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/lists": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The lists in the order of the alphabet, with how many leads stand in each
     * @description Needs the permission `leads:read`.
     */
    get: operations["lists.list"];
    put?: never;
    /**
     * Makes an empty list; a name that there is already is refused (409) with that list's id
     * @description Needs the permission `leads:write`.
     */
    post: operations["lists.create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/lists/{listId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A list; its leads are leads.list?list=ID
     * @description Needs the permission `leads:read`.
     */
    get: operations["lists.read"];
    put?: never;
    post?: never;
    /**
     * Deletes a list that no campaign uses (409 otherwise); its leads stay
     * @description Needs the permission `leads:write`.
     */
    delete: operations["lists.delete"];
    options?: never;
    head?: never;
    /**
     * Gives a list another name
     * @description Needs the permission `leads:write`.
     */
    patch: operations["lists.rename"];
    trace?: never;
  };
  "/api/v1/lists/{listId}/leads": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Puts leads into a list; campaigns that run on it take them in
     * @description Needs the permission `leads:write`.
     */
    post: operations["lists.addLeads"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/lists/{listId}/leads/remove": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes leads out of a list; sequences that run for them go on
     * @description Needs the permission `leads:write`.
     */
    post: operations["lists.removeLeads"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/mailbox-presets": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The servers of the big providers, and what their logins want
     * @description Needs the permission `mailboxes:read`.
     */
    get: operations["mailboxes.presets"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/mailboxes": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The mailboxes by address, with their limits and health
     * @description Needs the permission `mailboxes:read`.
     */
    get: operations["mailboxes.list"];
    put?: never;
    /**
     * Logs in to both servers, then stores the mailbox; `skipTest` stores it untested
     * @description Needs the permission `mailboxes:write`.
     */
    post: operations["mailboxes.create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/mailboxes/{mailboxId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One mailbox, its limits and its health
     * @description Needs the permission `mailboxes:read`.
     */
    get: operations["mailboxes.read"];
    put?: never;
    post?: never;
    /**
     * Removes a mailbox that no campaign, lead or mail depends on
     * @description Needs the permission `mailboxes:write`.
     */
    delete: operations["mailboxes.remove"];
    options?: never;
    head?: never;
    /**
     * Changes what is given; new servers or passwords are tested first. Another server needs its password anew
     * @description Needs the permission `mailboxes:write`.
     */
    patch: operations["mailboxes.change"];
    trace?: never;
  };
  "/api/v1/mailboxes/{mailboxId}/pause": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Neither sends nor reads until a person resumes it
     * @description Needs the permission `mailboxes:write`.
     */
    post: operations["mailboxes.pause"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/mailboxes/{mailboxId}/resume": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ends a pause once both servers let us in; `force` does not ask them
     * @description Needs the permission `mailboxes:write`.
     */
    post: operations["mailboxes.resume"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/mailboxes/{mailboxId}/sync": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Reads its inbox to the end now, not at the next run of sync-inboxes
     * @description Needs the permission `mailboxes:write`.
     */
    post: operations["mailboxes.sync"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/mailboxes/{mailboxId}/test": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Logs in to both servers; a success ends a pause that a failed login caused
     * @description Needs the permission `mailboxes:write`.
     */
    post: operations["mailboxes.test"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/mailboxes/{mailboxId}/why": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What goes out from it today, what limits it, and who waits for what
     * @description Needs the permission `mailboxes:read`.
     */
    get: operations["mailboxes.why"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/members": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who belongs to the team
     * @description Needs the permission `members:read`.
     */
    get: operations["members.list"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/members/{userId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Takes a member out of the team; what they made stays, except that their API keys end
     * @description Needs the permission `members:write`.
     */
    delete: operations["members.remove"];
    options?: never;
    head?: never;
    /**
     * Gives a member another role
     * @description Needs the permission `members:write`.
     */
    patch: operations["members.changeRole"];
    trace?: never;
  };
  "/api/v1/members/leave": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Leaves the team oneself
     * @description Needs the permission `workspace:read`.
     */
    post: operations["members.leave"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/messages": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Mails that went out, are on their way or failed, newest first
     * @description Needs the permission `messages:read`.
     */
    get: operations["messages.list"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/messages/{messageId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A mail with its headers, its words and its bytes
     * @description Needs the permission `messages:read`.
     */
    get: operations["messages.read"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/messages/{messageId}/cancel": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A mail that waits does not go out; its lead goes on with the step behind it
     * @description Needs the permission `messages:write`.
     */
    post: operations["messages.cancel"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/messages/{messageId}/send-again": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * An uncertain mail did not arrive: the same bytes go out again
     * @description Needs the permission `messages:write`.
     */
    post: operations["messages.sendAgain"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/messages/{messageId}/was-sent": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * An uncertain mail arrived: its lead goes on as after any other
     * @description Needs the permission `messages:write`.
     */
    post: operations["messages.wasSent"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/messages/send-due": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Gives every mailbox that has due mail to a sender now, not at the next run of send-due-steps
     * @description Needs the permission `messages:write`.
     */
    post: operations["messages.sendDue"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/segments": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Saved segments in the order of the alphabet
     * @description Needs the permission `leads:read`.
     */
    get: operations["segments.list"];
    put?: never;
    /**
     * Keeps a filter under a name; a name that there is already is refused (409) with that segment's id
     * @description Needs the permission `leads:write`.
     */
    post: operations["segments.create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/segments/{segmentId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A segment; its leads are leads.list?segment=ID
     * @description Needs the permission `leads:read`.
     */
    get: operations["segments.read"];
    put?: never;
    post?: never;
    /**
     * Forgets a segment; the leads stay
     * @description Needs the permission `leads:write`.
     */
    delete: operations["segments.delete"];
    options?: never;
    head?: never;
    /**
     * Gives a segment another name, or another filter in place of its old one
     * @description Needs the permission `leads:write`.
     */
    patch: operations["segments.change"];
    trace?: never;
  };
  "/api/v1/sequences/{sequenceId}/versions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The versions of a sequence, the newest first
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["sequences.versions"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/sequences/{sequenceId}/versions/{version}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One version with its steps and their words
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["sequences.version"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/settings": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The settings of this installation, without secrets; they are changed in its configuration file
     * @description Needs the permission `workspace:read`.
     */
    get: operations["settings.list"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/status": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Campaigns, mailboxes, messages and replies in numbers; null is what a key has no permission to read
     * @description Needs the permission `workspace:read`.
     */
    get: operations["status.read"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/suppressions": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Addresses and domains that must not be written to, newest first
     * @description Needs the permission `leads:read`.
     */
    get: operations["suppressions.list"];
    put?: never;
    /**
     * Says that an address, or @domain, must not be written to: what runs for it ends, what is unsent is cancelled
     * @description Needs the permission `leads:write`.
     */
    post: operations["suppressions.create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/suppressions/{suppressionId}": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Takes a suppression back; an opt-out or a complaint is refused (409): see suppressions.lift
     * @description Needs the permission `leads:write`.
     */
    delete: operations["suppressions.delete"];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/suppressions/{suppressionId}/lift": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Takes any suppression back, with the evidence that the person wants to hear from us again
     * @description Needs the permission `leads:write`.
     */
    post: operations["suppressions.lift"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/tags": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The tags that leads carry, in the order of the alphabet, with how many carry them
     * @description Needs the permission `leads:read`.
     */
    get: operations["tags.list"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/why": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What all mailboxes send today, what limits them, and who waits for what. Of one thing: leads.why, mailboxes.why, campaigns.why
     * @description Needs the permission `campaigns:read`.
     */
    get: operations["status.why"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  "/api/v1/workspace": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The workspace that the key or session works in
     * @description Needs the permission `workspace:read`.
     */
    get: operations["workspace.read"];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Changes its name or the postal address that every mail shows
     * @description Needs the permission `workspace:write`.
     */
    patch: operations["workspace.change"];
    trace?: never;
  };
  "/api/v1/workspaces": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The workspaces that one belongs to; a request works in the one that its Workspace-Id header names
     * @description Needs the permission `workspace:read`.
     */
    get: operations["workspaces.list"];
    put?: never;
    /**
     * Makes a workspace, whose owner one becomes; only owners may, and no key
     * @description Needs the permission `workspace:write`.
     */
    post: operations["workspaces.create"];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    ApiKey: {
      /** Format: date-time */
      createdAt: string;
      createdBy: string | null;
      expiresAt: string | null;
      /** Format: uuid */
      id: string;
      lastUsedAt: string | null;
      name: string;
      /** @description Its first characters, by which to know it again */
      prefix: string;
      readonly scopes: (
        | "leads:read"
        | "leads:write"
        | "campaigns:read"
        | "campaigns:write"
        | "messages:read"
        | "messages:write"
        | "mailboxes:read"
        | "mailboxes:write"
        | "automations:read"
        | "automations:write"
        | "workspace:read"
        | "workspace:write"
        | "members:read"
        | "members:write"
        | "api_keys:read"
        | "api_keys:write"
        | "audit:read"
      )[];
    };
    ApiKeyInput: {
      /** Format: date-time */
      createdAt: string;
      createdBy: string | null;
      expiresAt: string | null;
      /** Format: uuid */
      id: string;
      lastUsedAt: string | null;
      name: string;
      /** @description Its first characters, by which to know it again */
      prefix: string;
      readonly scopes: (
        | "leads:read"
        | "leads:write"
        | "campaigns:read"
        | "campaigns:write"
        | "messages:read"
        | "messages:write"
        | "mailboxes:read"
        | "mailboxes:write"
        | "automations:read"
        | "automations:write"
        | "workspace:read"
        | "workspace:write"
        | "members:read"
        | "members:write"
        | "api_keys:read"
        | "api_keys:write"
        | "audit:read"
      )[];
    };
    AppliedCampaign: {
      /** @description One phrase per change; empty when everything was so already */
      readonly changes: string[];
      created: boolean;
      /** Format: uuid */
      id: string;
      /** @description Leads in the sequences that are edited: that go over to the new version, that stay in an older one */
      inside: {
        moved: number;
        stayed: number;
      };
      /** @description Leads that get another step next, another time, another end of their reply window */
      moved: {
        nextStep: number;
        planned: number;
        replyWindow: number;
      };
      version: number;
    };
    AppliedCampaignInput: {
      /** @description One phrase per change; empty when everything was so already */
      readonly changes: string[];
      created: boolean;
      /** Format: uuid */
      id: string;
      /** @description Leads in the sequences that are edited: that go over to the new version, that stay in an older one */
      inside: {
        moved: number;
        stayed: number;
      };
      /** @description Leads that get another step next, another time, another end of their reply window */
      moved: {
        nextStep: number;
        planned: number;
        replyWindow: number;
      };
      version: number;
    };
    AuditEntry: {
      /** @description The id of the operation */
      action: string;
      /** @enum {string} */
      actor: "user" | "api_key" | "command_line";
      actorId: string | null;
      actorName: string;
      /** Format: date-time */
      at: string;
      detail: {
        [key: string]: unknown;
      };
      /** Format: uuid */
      id: string;
      ip: string | null;
      target: {
        [key: string]: unknown;
      };
    };
    AuditEntryInput: {
      /** @description The id of the operation */
      action: string;
      /** @enum {string} */
      actor: "user" | "api_key" | "command_line";
      actorId: string | null;
      actorName: string;
      /** Format: date-time */
      at: string;
      detail: {
        [key: string]: unknown;
      };
      /** Format: uuid */
      id: string;
      ip: string | null;
      target: {
        [key: string]: unknown;
      };
    };
    Automation: {
      automation: string;
      /** @description HH:MM in `timeZone`, where it has no interval */
      dailyAt: string | null;
      does: string;
      everySeconds: number | null;
      lastRun: components["schemas"]["AutomationRun"] | null;
      /**
       * Format: date-time
       * @description Domain time; while paused, when it would have run
       */
      nextRunAt: string;
      paused: boolean;
      timeZone: string | null;
      version: number;
    };
    AutomationChanges: {
      /** @description Once a day instead of at an interval */
      daily?: {
        at: string;
        timeZone: string;
      };
      everySeconds?: number;
      paused?: boolean;
    };
    AutomationChangesInput: {
      /** @description Once a day instead of at an interval */
      daily?: {
        at: string;
        timeZone: string;
      };
      everySeconds?: number;
      paused?: boolean;
    };
    AutomationInput: {
      automation: string;
      /** @description HH:MM in `timeZone`, where it has no interval */
      dailyAt: string | null;
      does: string;
      everySeconds: number | null;
      lastRun: components["schemas"]["AutomationRunInput"] | null;
      /**
       * Format: date-time
       * @description Domain time; while paused, when it would have run
       */
      nextRunAt: string;
      paused: boolean;
      timeZone: string | null;
      version: number;
    };
    AutomationRun: {
      automation: string;
      /** @description What it counted; of a run over the whole installation only where this is the only workspace */
      counts: {
        [key: string]: number;
      };
      durationMs: number | null;
      endedAt: string | null;
      errorCode: string | null;
      /** @description Left out as the counts are */
      errorMessage: string | null;
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      outcome: "running" | "ok" | "failed";
      /**
       * @description Whether it worked for this workspace alone
       * @enum {string}
       */
      scope: "workspace" | "installation";
      /** Format: date-time */
      startedAt: string;
      /** @enum {string} */
      trigger: "schedule" | "event" | "person";
    };
    AutomationRunInput: {
      automation: string;
      /** @description What it counted; of a run over the whole installation only where this is the only workspace */
      counts: {
        [key: string]: number;
      };
      durationMs: number | null;
      endedAt: string | null;
      errorCode: string | null;
      /** @description Left out as the counts are */
      errorMessage: string | null;
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      outcome: "running" | "ok" | "failed";
      /**
       * @description Whether it worked for this workspace alone
       * @enum {string}
       */
      scope: "workspace" | "installation";
      /** Format: date-time */
      startedAt: string;
      /** @enum {string} */
      trigger: "schedule" | "event" | "person";
    };
    Campaign: {
      activatedAt: string | null;
      /** Format: date-time */
      createdAt: string;
      /** @description Leads by where they stand; states without any are left out */
      enrollments: {
        [key: string]: number;
      };
      /** Format: uuid */
      id: string;
      mailboxes: number;
      pausedAt: string | null;
      replies: number;
      sent: number;
      /** @description The main one first */
      readonly sequences: components["schemas"]["Sequence"][];
      settings: components["schemas"]["CampaignSettings"];
      /** @enum {string} */
      state: "draft" | "scheduled" | "active" | "paused" | "completed" | "archived";
      stateReason: string | null;
      /** @description Of the main sequence */
      steps: number;
      subSequences: number;
      /** Format: date-time */
      updatedAt: string;
      /** @description Changes with every edit; the ETag */
      version: number;
    };
    /** @description What is left out stays; null takes it away. Checked like a campaign file: what may stand there may stand here */
    CampaignChanges: {
      /** @enum {string} */
      at_end?: "complete" | "pause";
      company?: {
        at_most?: number;
        away_after_refusal?: boolean;
        cool_off?: string;
      } | null;
      defaults?: {
        [key: string]: string;
      } | null;
      ends_at?: string | null;
      goal?: string | null;
      hold_company?: boolean;
      hold_other_campaigns?: boolean;
      /** @description Days, and countries or their subdivisions for their public holidays */
      holidays?: string[] | null;
      jitter?: string;
      /** @description `all`, or the leads of one list */
      leads?:
        | "all"
        | {
            list: string;
          };
      /** @description Addresses */
      readonly mailboxes?: string[];
      name?: string;
      /** @description First mails a day, from all mailboxes together */
      new_leads_per_day?: number | null;
      /**
       * @description What becomes of the leads inside when a sequence is edited
       * @enum {string}
       */
      on_edit?: "move" | "stay";
      /** @enum {string} */
      opt_out?: "link" | "reply";
      postal_address?: string | null;
      reply_window?: string;
      /** @enum {string} */
      spread?: "none" | "even";
      /** @description Local time in `time_zone`, such as 2026-03-02 09:00 */
      starts_at?: string | null;
      time_zone?: string;
      use_lead_time_zone?: boolean;
      /** @description Days → hours */
      window?: {
        [key: string]: string | string[];
      };
    };
    /** @description What is left out stays; null takes it away. Checked like a campaign file: what may stand there may stand here */
    CampaignChangesInput: {
      /** @enum {string} */
      at_end?: "complete" | "pause";
      company?: {
        at_most?: number;
        away_after_refusal?: boolean;
        cool_off?: string;
      } | null;
      defaults?: {
        [key: string]: string;
      } | null;
      ends_at?: string | null;
      goal?: string | null;
      hold_company?: boolean;
      hold_other_campaigns?: boolean;
      /** @description Days, and countries or their subdivisions for their public holidays */
      holidays?: string[] | null;
      jitter?: string;
      /** @description `all`, or the leads of one list */
      leads?:
        | "all"
        | {
            list: string;
          };
      /** @description Addresses */
      readonly mailboxes?: string[];
      name?: string;
      /** @description First mails a day, from all mailboxes together */
      new_leads_per_day?: number | null;
      /**
       * @description What becomes of the leads inside when a sequence is edited
       * @enum {string}
       */
      on_edit?: "move" | "stay";
      /** @enum {string} */
      opt_out?: "link" | "reply";
      postal_address?: string | null;
      reply_window?: string;
      /** @enum {string} */
      spread?: "none" | "even";
      /** @description Local time in `time_zone`, such as 2026-03-02 09:00 */
      starts_at?: string | null;
      time_zone?: string;
      use_lead_time_zone?: boolean;
      /** @description Days → hours */
      window?: {
        [key: string]: string | string[];
      };
    };
    CampaignDifference: {
      readonly sequences: {
        /** @enum {string} */
        kind: "added" | "removed" | "changed";
        on: {
          after: string | null;
          before: string | null;
        } | null;
        sequence: string;
        readonly steps: {
          delay: {
            after: string | null;
            before: string | null;
          } | null;
          readonly kinds: ("added" | "removed" | "moved" | "delay" | "words")[];
          /** @description `-` what goes, `+` what comes, a space for what stays around it */
          readonly lines: string[];
          step: string;
        }[];
      }[];
      readonly settings: {
        after: string | null;
        before: string | null;
        /** @description In the file */
        key: string;
      }[];
    };
    CampaignDifferenceInput: {
      readonly sequences: {
        /** @enum {string} */
        kind: "added" | "removed" | "changed";
        on: {
          after: string | null;
          before: string | null;
        } | null;
        sequence: string;
        readonly steps: {
          delay: {
            after: string | null;
            before: string | null;
          } | null;
          readonly kinds: ("added" | "removed" | "moved" | "delay" | "words")[];
          /** @description `-` what goes, `+` what comes, a space for what stays around it */
          readonly lines: string[];
          step: string;
        }[];
      }[];
      readonly settings: {
        after: string | null;
        before: string | null;
        /** @description In the file */
        key: string;
      }[];
    };
    CampaignEvent: {
      /** Format: date-time */
      at: string;
      detail: {
        [key: string]: unknown;
      };
      fromState: ("draft" | "scheduled" | "active" | "paused" | "completed" | "archived") | null;
      reason: string;
      toState: ("draft" | "scheduled" | "active" | "paused" | "completed" | "archived") | null;
    };
    CampaignEventInput: {
      /** Format: date-time */
      at: string;
      detail: {
        [key: string]: unknown;
      };
      fromState: ("draft" | "scheduled" | "active" | "paused" | "completed" | "archived") | null;
      reason: string;
      toState: ("draft" | "scheduled" | "active" | "paused" | "completed" | "archived") | null;
    };
    CampaignInput: {
      activatedAt: string | null;
      /** Format: date-time */
      createdAt: string;
      /** @description Leads by where they stand; states without any are left out */
      enrollments: {
        [key: string]: number;
      };
      /** Format: uuid */
      id: string;
      mailboxes: number;
      pausedAt: string | null;
      replies: number;
      sent: number;
      /** @description The main one first */
      readonly sequences: components["schemas"]["SequenceInput"][];
      settings: components["schemas"]["CampaignSettingsInput"];
      /** @enum {string} */
      state: "draft" | "scheduled" | "active" | "paused" | "completed" | "archived";
      stateReason: string | null;
      /** @description Of the main sequence */
      steps: number;
      subSequences: number;
      /** Format: date-time */
      updatedAt: string;
      /** @description Changes with every edit; the ETag */
      version: number;
    };
    CampaignNumbers: {
      active: number;
      awaitingReply: number;
      /** @description Leads in it */
      enrolled: number;
      /** Format: uuid */
      id: string;
      name: string;
      replied: number;
      sent: number;
      /** @enum {string} */
      state: "draft" | "scheduled" | "active" | "paused" | "completed" | "archived";
      stopped: number;
    };
    CampaignNumbersInput: {
      active: number;
      awaitingReply: number;
      /** @description Leads in it */
      enrolled: number;
      /** Format: uuid */
      id: string;
      name: string;
      replied: number;
      sent: number;
      /** @enum {string} */
      state: "draft" | "scheduled" | "active" | "paused" | "completed" | "archived";
      stopped: number;
    };
    CampaignPlan: {
      /** @description The file as it would stand */
      after: string;
      /** @description The file of the campaign as it stands; null when there is none of that name */
      before: string | null;
      /** @description One phrase per change; empty when everything was so already */
      readonly changes: string[];
      created: boolean;
      difference: components["schemas"]["CampaignDifference"];
      effects: components["schemas"]["PlanEffects"];
      /** @description Leads in the sequences that are edited: that go over to the new version, that stay in an older one */
      inside: {
        moved: number;
        stayed: number;
      };
      /** @description Leads that get another step next, another time, another end of their reply window */
      moved: {
        nextStep: number;
        planned: number;
        replyWindow: number;
      };
      name: string;
      /** @description Where those stand, and would stand, who may still be written to */
      readonly standings: {
        after: number;
        before: number;
        nextStep: string | null;
        sequence: string;
        /** @enum {string} */
        state:
          | "active"
          | "held"
          | "awaiting_reply"
          | "finished"
          | "replied"
          | "unsubscribed"
          | "bounced"
          | "complained"
          | "failed"
          | "removed";
      }[];
    };
    CampaignPlanInput: {
      /** @description The file as it would stand */
      after: string;
      /** @description The file of the campaign as it stands; null when there is none of that name */
      before: string | null;
      /** @description One phrase per change; empty when everything was so already */
      readonly changes: string[];
      created: boolean;
      difference: components["schemas"]["CampaignDifferenceInput"];
      effects: components["schemas"]["PlanEffectsInput"];
      /** @description Leads in the sequences that are edited: that go over to the new version, that stay in an older one */
      inside: {
        moved: number;
        stayed: number;
      };
      /** @description Leads that get another step next, another time, another end of their reply window */
      moved: {
        nextStep: number;
        planned: number;
        replyWindow: number;
      };
      name: string;
      /** @description Where those stand, and would stand, who may still be written to */
      readonly standings: {
        after: number;
        before: number;
        nextStep: string | null;
        sequence: string;
        /** @enum {string} */
        state:
          | "active"
          | "held"
          | "awaiting_reply"
          | "finished"
          | "replied"
          | "unsubscribed"
          | "bounced"
          | "complained"
          | "failed"
          | "removed";
      }[];
    };
    CampaignSettings: {
      /** @enum {string} */
      at_end: "complete" | "pause";
      company: {
        at_most?: number;
        away_after_refusal?: boolean;
        cool_off?: string;
      } | null;
      defaults: {
        [key: string]: string;
      } | null;
      ends_at: string | null;
      goal: string | null;
      hold_company: boolean;
      hold_other_campaigns: boolean;
      /** @description Days, and countries or their subdivisions for their public holidays */
      holidays: string[] | null;
      jitter: string;
      /** @description `all`, or the leads of one list */
      leads:
        | "all"
        | {
            list: string;
          };
      /** @description Addresses */
      readonly mailboxes: string[];
      name: string;
      /** @description First mails a day, from all mailboxes together */
      new_leads_per_day: number | null;
      /**
       * @description What becomes of the leads inside when a sequence is edited
       * @enum {string}
       */
      on_edit: "move" | "stay";
      /** @enum {string} */
      opt_out: "link" | "reply";
      postal_address: string | null;
      reply_window: string;
      /** @enum {string} */
      spread: "none" | "even";
      /** @description Local time in `time_zone`, such as 2026-03-02 09:00 */
      starts_at: string | null;
      time_zone: string;
      use_lead_time_zone: boolean;
      /** @description Days → hours */
      window: {
        [key: string]: string | string[];
      };
    };
    CampaignSettingsInput: {
      /** @enum {string} */
      at_end: "complete" | "pause";
      company: {
        at_most?: number;
        away_after_refusal?: boolean;
        cool_off?: string;
      } | null;
      defaults: {
        [key: string]: string;
      } | null;
      ends_at: string | null;
      goal: string | null;
      hold_company: boolean;
      hold_other_campaigns: boolean;
      /** @description Days, and countries or their subdivisions for their public holidays */
      holidays: string[] | null;
      jitter: string;
      /** @description `all`, or the leads of one list */
      leads:
        | "all"
        | {
            list: string;
          };
      /** @description Addresses */
      readonly mailboxes: string[];
      name: string;
      /** @description First mails a day, from all mailboxes together */
      new_leads_per_day: number | null;
      /**
       * @description What becomes of the leads inside when a sequence is edited
       * @enum {string}
       */
      on_edit: "move" | "stay";
      /** @enum {string} */
      opt_out: "link" | "reply";
      postal_address: string | null;
      reply_window: string;
      /** @enum {string} */
      spread: "none" | "even";
      /** @description Local time in `time_zone`, such as 2026-03-02 09:00 */
      starts_at: string | null;
      time_zone: string;
      use_lead_time_zone: boolean;
      /** @description Days → hours */
      window: {
        [key: string]: string | string[];
      };
    };
    CampaignSummary: {
      /** Format: date-time */
      createdAt: string;
      endsAt: string | null;
      /** @description Leads by where they stand; states without any are left out */
      enrollments: {
        [key: string]: number;
      };
      goal: string | null;
      /** Format: uuid */
      id: string;
      mailboxes: number;
      name: string;
      replies: number;
      sent: number;
      startsAt: string | null;
      /** @enum {string} */
      state: "draft" | "scheduled" | "active" | "paused" | "completed" | "archived";
      stateReason: string | null;
      /** @description Of the main sequence */
      steps: number;
      subSequences: number;
      timeZone: string;
      /** Format: date-time */
      updatedAt: string;
      version: number;
    };
    CampaignSummaryInput: {
      /** Format: date-time */
      createdAt: string;
      endsAt: string | null;
      /** @description Leads by where they stand; states without any are left out */
      enrollments: {
        [key: string]: number;
      };
      goal: string | null;
      /** Format: uuid */
      id: string;
      mailboxes: number;
      name: string;
      replies: number;
      sent: number;
      startsAt: string | null;
      /** @enum {string} */
      state: "draft" | "scheduled" | "active" | "paused" | "completed" | "archived";
      stateReason: string | null;
      /** @description Of the main sequence */
      steps: number;
      subSequences: number;
      timeZone: string;
      /** Format: date-time */
      updatedAt: string;
      version: number;
    };
    CheckedAddresses: {
      /** @description Those that were rated otherwise before */
      changed: number;
      doubtful: number;
      good: number;
      invalid: number;
      leads: number;
      /** @description DNS said nothing about them, or there was no time to ask; a further check asks again */
      unansweredDomains: number;
      /** @description Nothing speaks for or against them */
      unrated: number;
    };
    CheckedAddressesInput: {
      /** @description Those that were rated otherwise before */
      changed: number;
      doubtful: number;
      good: number;
      invalid: number;
      leads: number;
      /** @description DNS said nothing about them, or there was no time to ask; a further check asks again */
      unansweredDomains: number;
      /** @description Nothing speaks for or against them */
      unrated: number;
    };
    /** @description What to put into DNS */
    DnsRecord: {
      host: string;
      /** @enum {string} */
      type: "TXT" | "MX";
      value: string;
    };
    /** @description What to put into DNS */
    DnsRecordInput: {
      host: string;
      /** @enum {string} */
      type: "TXT" | "MX";
      value: string;
    };
    DomainCheck: {
      /** @enum {string} */
      check: "spf" | "dkim" | "dmarc" | "mx";
      /** Format: date-time */
      checkedAt: string;
      failingSince: string | null;
      record: components["schemas"]["DnsRecord"] | null;
      /**
       * @description unknown: DNS did not say, and nothing follows from it
       * @enum {string}
       */
      result: "pass" | "warning" | "fail" | "unknown";
      sentence: string;
    };
    DomainCheckInput: {
      /** @enum {string} */
      check: "spf" | "dkim" | "dmarc" | "mx";
      /** Format: date-time */
      checkedAt: string;
      failingSince: string | null;
      record: components["schemas"]["DnsRecordInput"] | null;
      /**
       * @description unknown: DNS did not say, and nothing follows from it
       * @enum {string}
       */
      result: "pass" | "warning" | "fail" | "unknown";
      sentence: string;
    };
    DryRun: {
      /** Format: date-time */
      at: string;
      readonly mailboxes: {
        capToday: number;
        mailbox: string;
        /** Format: uuid */
        mailboxId: string;
        nextSlotAt: string | null;
        /** @description What would go out, in this order */
        readonly sends: components["schemas"]["SendNow"][];
        usedToday: number;
        /** @description Why everything else waits */
        readonly waits: components["schemas"]["Waiting"][];
        zone: string;
      }[];
    };
    DryRunInput: {
      /** Format: date-time */
      at: string;
      readonly mailboxes: {
        capToday: number;
        mailbox: string;
        /** Format: uuid */
        mailboxId: string;
        nextSlotAt: string | null;
        /** @description What would go out, in this order */
        readonly sends: components["schemas"]["SendNowInput"][];
        usedToday: number;
        /** @description Why everything else waits */
        readonly waits: components["schemas"]["WaitingInput"][];
        zone: string;
      }[];
    };
    Enrollment: {
      campaign: string;
      /** Format: uuid */
      campaignId: string;
      company: string | null;
      /** Format: date-time */
      createdAt: string;
      firstName: string | null;
      /** Format: uuid */
      id: string;
      lastName: string | null;
      /** @description The address */
      lead: string;
      /** Format: uuid */
      leadId: string;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description When it acts next; of one that is held: until when, null for until a person resumes it */
      nextAt: string | null;
      /** @description Null when no mail is to come */
      nextStep: string | null;
      nextStepId: string | null;
      /** @description The mail that is on its way */
      pendingMessageId: string | null;
      /** @description Why it is in this state */
      reason: string;
      sequence: string;
      /** Format: uuid */
      sequenceId: string;
      /** @enum {string} */
      state:
        | "active"
        | "held"
        | "awaiting_reply"
        | "finished"
        | "replied"
        | "unsubscribed"
        | "bounced"
        | "complained"
        | "failed"
        | "removed";
      /** @description The version of the sequence that it stays in; null: it follows the newest one */
      staysInVersion: number | null;
      /** Format: date-time */
      updatedAt: string;
      version: number;
      /** @description How often it entered a sequence */
      visit: number;
    };
    EnrollmentEvent: {
      /** Format: date-time */
      at: string;
      detail: {
        [key: string]: unknown;
      };
      fromState:
        | ("active" | "held" | "awaiting_reply" | "finished" | "replied" | "unsubscribed" | "bounced" | "complained" | "failed" | "removed")
        | null;
      reason: string;
      toState:
        | ("active" | "held" | "awaiting_reply" | "finished" | "replied" | "unsubscribed" | "bounced" | "complained" | "failed" | "removed")
        | null;
    };
    EnrollmentEventInput: {
      /** Format: date-time */
      at: string;
      detail: {
        [key: string]: unknown;
      };
      fromState:
        | ("active" | "held" | "awaiting_reply" | "finished" | "replied" | "unsubscribed" | "bounced" | "complained" | "failed" | "removed")
        | null;
      reason: string;
      toState:
        | ("active" | "held" | "awaiting_reply" | "finished" | "replied" | "unsubscribed" | "bounced" | "complained" | "failed" | "removed")
        | null;
    };
    EnrollmentInput: {
      campaign: string;
      /** Format: uuid */
      campaignId: string;
      company: string | null;
      /** Format: date-time */
      createdAt: string;
      firstName: string | null;
      /** Format: uuid */
      id: string;
      lastName: string | null;
      /** @description The address */
      lead: string;
      /** Format: uuid */
      leadId: string;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description When it acts next; of one that is held: until when, null for until a person resumes it */
      nextAt: string | null;
      /** @description Null when no mail is to come */
      nextStep: string | null;
      nextStepId: string | null;
      /** @description The mail that is on its way */
      pendingMessageId: string | null;
      /** @description Why it is in this state */
      reason: string;
      sequence: string;
      /** Format: uuid */
      sequenceId: string;
      /** @enum {string} */
      state:
        | "active"
        | "held"
        | "awaiting_reply"
        | "finished"
        | "replied"
        | "unsubscribed"
        | "bounced"
        | "complained"
        | "failed"
        | "removed";
      /** @description The version of the sequence that it stays in; null: it follows the newest one */
      staysInVersion: number | null;
      /** Format: date-time */
      updatedAt: string;
      version: number;
      /** @description How often it entered a sequence */
      visit: number;
    };
    EnrollmentWithHistory: {
      campaign: string;
      /** Format: uuid */
      campaignId: string;
      company: string | null;
      /** Format: date-time */
      createdAt: string;
      firstName: string | null;
      /** @description Oldest first */
      readonly history: components["schemas"]["EnrollmentEvent"][];
      /** Format: uuid */
      id: string;
      lastName: string | null;
      /** @description The address */
      lead: string;
      /** Format: uuid */
      leadId: string;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description When it acts next; of one that is held: until when, null for until a person resumes it */
      nextAt: string | null;
      /** @description Null when no mail is to come */
      nextStep: string | null;
      nextStepId: string | null;
      /** @description The mail that is on its way */
      pendingMessageId: string | null;
      /** @description Why it is in this state */
      reason: string;
      sequence: string;
      /** Format: uuid */
      sequenceId: string;
      /** @enum {string} */
      state:
        | "active"
        | "held"
        | "awaiting_reply"
        | "finished"
        | "replied"
        | "unsubscribed"
        | "bounced"
        | "complained"
        | "failed"
        | "removed";
      /** @description The version of the sequence that it stays in; null: it follows the newest one */
      staysInVersion: number | null;
      /** Format: date-time */
      updatedAt: string;
      version: number;
      /** @description How often it entered a sequence */
      visit: number;
    };
    EnrollmentWithHistoryInput: {
      campaign: string;
      /** Format: uuid */
      campaignId: string;
      company: string | null;
      /** Format: date-time */
      createdAt: string;
      firstName: string | null;
      /** @description Oldest first */
      readonly history: components["schemas"]["EnrollmentEventInput"][];
      /** Format: uuid */
      id: string;
      lastName: string | null;
      /** @description The address */
      lead: string;
      /** Format: uuid */
      leadId: string;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description When it acts next; of one that is held: until when, null for until a person resumes it */
      nextAt: string | null;
      /** @description Null when no mail is to come */
      nextStep: string | null;
      nextStepId: string | null;
      /** @description The mail that is on its way */
      pendingMessageId: string | null;
      /** @description Why it is in this state */
      reason: string;
      sequence: string;
      /** Format: uuid */
      sequenceId: string;
      /** @enum {string} */
      state:
        | "active"
        | "held"
        | "awaiting_reply"
        | "finished"
        | "replied"
        | "unsubscribed"
        | "bounced"
        | "complained"
        | "failed"
        | "removed";
      /** @description The version of the sequence that it stays in; null: it follows the newest one */
      staysInVersion: number | null;
      /** Format: date-time */
      updatedAt: string;
      version: number;
      /** @description How often it entered a sequence */
      visit: number;
    };
    GrantRequest: {
      email: string;
      /** @description Why it failed; begin again */
      error: {
        /** @enum {string} */
        code:
          | "config_invalid"
          | "data_directory_in_use"
          | "data_directory_unusable"
          | "database_unavailable"
          | "database_full"
          | "database_start_failed"
          | "database_unusable"
          | "migration_changed"
          | "migration_unknown"
          | "port_unavailable"
          | "not_found"
          | "already_exists"
          | "in_use"
          | "suppression_protected"
          | "invalid_input"
          | "file_too_large"
          | "upload_broken"
          | "csv_unreadable"
          | "spreadsheet_unreadable"
          | "campaign_file_invalid"
          | "wrong_state"
          | "campaign_not_ready"
          | "campaign_state"
          | "template_invalid"
          | "missing_variable"
          | "secret_key_missing"
          | "archive_damaged"
          | "installation_not_empty"
          | "smtp_unreachable"
          | "smtp_tls"
          | "smtp_auth"
          | "smtp_rejected"
          | "imap_unreachable"
          | "imap_tls"
          | "imap_auth"
          | "imap_failed"
          | "dkim_key_invalid"
          | "dkim_signing_failed"
          | "uidvalidity_changed"
          | "sign_in_refused"
          | "second_factor_required"
          | "second_factor_wrong"
          | "password_weak"
          | "link_invalid"
          | "unauthenticated"
          | "forbidden"
          | "installation_wide"
          | "last_owner"
          | "too_many_requests"
          | "idempotency_conflict"
          | "request_in_progress"
          | "precondition_failed"
          | "server_unreachable"
          | "oauth_not_set_up"
          | "oauth_unreachable"
          | "oauth_client"
          | "oauth_revoked"
          | "oauth_failed"
          | "lease_lost"
          | "internal";
        message: string;
      } | null;
      /** Format: date-time */
      expiresAt: string;
      /** Format: uuid */
      id: string;
      /** @description The mailbox that was connected */
      mailboxId: string | null;
      /** @enum {string} */
      oauth: "google" | "microsoft" | "custom";
      /**
       * @description waiting: nobody came back from the provider yet; expired: nobody did in time
       * @enum {string}
       */
      state: "waiting" | "connected" | "failed" | "expired";
    };
    GrantRequestInput: {
      email: string;
      /** @description Why it failed; begin again */
      error: {
        /** @enum {string} */
        code:
          | "config_invalid"
          | "data_directory_in_use"
          | "data_directory_unusable"
          | "database_unavailable"
          | "database_full"
          | "database_start_failed"
          | "database_unusable"
          | "migration_changed"
          | "migration_unknown"
          | "port_unavailable"
          | "not_found"
          | "already_exists"
          | "in_use"
          | "suppression_protected"
          | "invalid_input"
          | "file_too_large"
          | "upload_broken"
          | "csv_unreadable"
          | "spreadsheet_unreadable"
          | "campaign_file_invalid"
          | "wrong_state"
          | "campaign_not_ready"
          | "campaign_state"
          | "template_invalid"
          | "missing_variable"
          | "secret_key_missing"
          | "archive_damaged"
          | "installation_not_empty"
          | "smtp_unreachable"
          | "smtp_tls"
          | "smtp_auth"
          | "smtp_rejected"
          | "imap_unreachable"
          | "imap_tls"
          | "imap_auth"
          | "imap_failed"
          | "dkim_key_invalid"
          | "dkim_signing_failed"
          | "uidvalidity_changed"
          | "sign_in_refused"
          | "second_factor_required"
          | "second_factor_wrong"
          | "password_weak"
          | "link_invalid"
          | "unauthenticated"
          | "forbidden"
          | "installation_wide"
          | "last_owner"
          | "too_many_requests"
          | "idempotency_conflict"
          | "request_in_progress"
          | "precondition_failed"
          | "server_unreachable"
          | "oauth_not_set_up"
          | "oauth_unreachable"
          | "oauth_client"
          | "oauth_revoked"
          | "oauth_failed"
          | "lease_lost"
          | "internal";
        message: string;
      } | null;
      /** Format: date-time */
      expiresAt: string;
      /** Format: uuid */
      id: string;
      /** @description The mailbox that was connected */
      mailboxId: string | null;
      /** @enum {string} */
      oauth: "google" | "microsoft" | "custom";
      /**
       * @description waiting: nobody came back from the provider yet; expired: nobody did in time
       * @enum {string}
       */
      state: "waiting" | "connected" | "failed" | "expired";
    };
    Import: {
      /** @description What was counted so far */
      counts: {
        /** @description Leads that another tool had written to and that were not in the campaign before */
        continued: number;
        created: number;
        /** @description Of the leads taken: roles, catch-all domains */
        doubtfulAddresses: number;
        /** @description The address stood further up in the file */
        duplicates: number;
        /** @description Cells that were left out of a lead that was taken */
        garbledCells: number;
        /** @description Of the leads taken: campaigns leave them out */
        invalidAddresses: number;
        /** @description Leads that were not in the list before */
        listed: number;
        rejected: number;
        /** @description Leads that a person had removed */
        restored: number;
        /** @description created + updated + unchanged + duplicates + suppressed + rejected */
        rows: number;
        /** @description Said not to be written to */
        suppressed: number;
        /** @description Tags that were new to their lead */
        tagged: number;
        unchanged: number;
        /** @description Cells that were left out of a lead that was taken */
        unknownTimeZones: number;
        updated: number;
      };
      endedAt: string | null;
      errorCode: string | null;
      fileName: string;
      /** Format: uuid */
      id: string;
      listId: string | null;
      /** @enum {string} */
      onDuplicate: "skip" | "fill" | "overwrite";
      /** Format: date-time */
      startedAt: string;
      /**
       * @description interrupted: its process died; what it had taken stays
       * @enum {string}
       */
      state: "running" | "completed" | "failed" | "interrupted";
    };
    ImportInput: {
      /** @description What was counted so far */
      counts: {
        /** @description Leads that another tool had written to and that were not in the campaign before */
        continued: number;
        created: number;
        /** @description Of the leads taken: roles, catch-all domains */
        doubtfulAddresses: number;
        /** @description The address stood further up in the file */
        duplicates: number;
        /** @description Cells that were left out of a lead that was taken */
        garbledCells: number;
        /** @description Of the leads taken: campaigns leave them out */
        invalidAddresses: number;
        /** @description Leads that were not in the list before */
        listed: number;
        rejected: number;
        /** @description Leads that a person had removed */
        restored: number;
        /** @description created + updated + unchanged + duplicates + suppressed + rejected */
        rows: number;
        /** @description Said not to be written to */
        suppressed: number;
        /** @description Tags that were new to their lead */
        tagged: number;
        unchanged: number;
        /** @description Cells that were left out of a lead that was taken */
        unknownTimeZones: number;
        updated: number;
      };
      endedAt: string | null;
      errorCode: string | null;
      fileName: string;
      /** Format: uuid */
      id: string;
      listId: string | null;
      /** @enum {string} */
      onDuplicate: "skip" | "fill" | "overwrite";
      /** Format: date-time */
      startedAt: string;
      /**
       * @description interrupted: its process died; what it had taken stays
       * @enum {string}
       */
      state: "running" | "completed" | "failed" | "interrupted";
    };
    InboundMessage: {
      answeredMessageId: string | null;
      campaign: string | null;
      campaignId: string | null;
      /**
       * @description `ignored`: tied to nothing, and nothing of it was kept
       * @enum {string}
       */
      disposition: "matched" | "unmatched" | "ignored";
      dispositionReason: string;
      enrollmentId: string | null;
      fromAddress: string | null;
      fromName: string | null;
      /** @description When a person had dealt with it */
      handledAt: string | null;
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      interestLevel:
        | "positive"
        | "requested_info"
        | "objection"
        | "neutral"
        | "negative"
        | "unsubscribe"
        | "not_now"
        | "referral"
        | "wrong_person"
        | "not_analyzed"
        | "needs_review";
      lead: string | null;
      leadId: string | null;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description How it was tied to what it answers */
      matchMethod:
        | (
            | "in_reply_to"
            | "references"
            | "plus_address"
            | "quoted_original"
            | "original_recipient"
            | "subject_and_address"
            | "address"
            | "person"
          )
        | null;
      /** @description The Message-ID of its header */
      messageId: string | null;
      /** Format: date-time */
      receivedAt: string;
      /** @description What the sender's program says */
      sentDate: string | null;
      subject: string | null;
      suggestedLead: string | null;
      /** @description A guess for a person to confirm */
      suggestedLeadId: string | null;
      /**
       * @description What it is
       * @enum {string}
       */
      verdict: "bounce" | "complaint" | "auto_reply" | "unsubscribe_request" | "reply" | "own" | "unrelated";
      /** @description The new words: no quote, no signature */
      visibleText: string | null;
    };
    InboundMessageInput: {
      answeredMessageId: string | null;
      campaign: string | null;
      campaignId: string | null;
      /**
       * @description `ignored`: tied to nothing, and nothing of it was kept
       * @enum {string}
       */
      disposition: "matched" | "unmatched" | "ignored";
      dispositionReason: string;
      enrollmentId: string | null;
      fromAddress: string | null;
      fromName: string | null;
      /** @description When a person had dealt with it */
      handledAt: string | null;
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      interestLevel:
        | "positive"
        | "requested_info"
        | "objection"
        | "neutral"
        | "negative"
        | "unsubscribe"
        | "not_now"
        | "referral"
        | "wrong_person"
        | "not_analyzed"
        | "needs_review";
      lead: string | null;
      leadId: string | null;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description How it was tied to what it answers */
      matchMethod:
        | (
            | "in_reply_to"
            | "references"
            | "plus_address"
            | "quoted_original"
            | "original_recipient"
            | "subject_and_address"
            | "address"
            | "person"
          )
        | null;
      /** @description The Message-ID of its header */
      messageId: string | null;
      /** Format: date-time */
      receivedAt: string;
      /** @description What the sender's program says */
      sentDate: string | null;
      subject: string | null;
      suggestedLead: string | null;
      /** @description A guess for a person to confirm */
      suggestedLeadId: string | null;
      /**
       * @description What it is
       * @enum {string}
       */
      verdict: "bounce" | "complaint" | "auto_reply" | "unsubscribe_request" | "reply" | "own" | "unrelated";
      /** @description The new words: no quote, no signature */
      visibleText: string | null;
    };
    InboundMessageWithContent: {
      answeredMessageId: string | null;
      campaign: string | null;
      campaignId: string | null;
      /** @description Null when nothing of it was kept */
      content: components["schemas"]["MailContent"] | null;
      /**
       * @description `ignored`: tied to nothing, and nothing of it was kept
       * @enum {string}
       */
      disposition: "matched" | "unmatched" | "ignored";
      dispositionReason: string;
      enrollmentId: string | null;
      fromAddress: string | null;
      fromName: string | null;
      /** @description When a person had dealt with it */
      handledAt: string | null;
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      interestLevel:
        | "positive"
        | "requested_info"
        | "objection"
        | "neutral"
        | "negative"
        | "unsubscribe"
        | "not_now"
        | "referral"
        | "wrong_person"
        | "not_analyzed"
        | "needs_review";
      /** @description Newest first: the first one counts */
      readonly judgements: components["schemas"]["Judgement"][];
      lead: string | null;
      leadId: string | null;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description How it was tied to what it answers */
      matchMethod:
        | (
            | "in_reply_to"
            | "references"
            | "plus_address"
            | "quoted_original"
            | "original_recipient"
            | "subject_and_address"
            | "address"
            | "person"
          )
        | null;
      /** @description The Message-ID of its header */
      messageId: string | null;
      /** Format: date-time */
      receivedAt: string;
      /** @description What the sender's program says */
      sentDate: string | null;
      subject: string | null;
      suggestedLead: string | null;
      /** @description A guess for a person to confirm */
      suggestedLeadId: string | null;
      /**
       * @description What it is
       * @enum {string}
       */
      verdict: "bounce" | "complaint" | "auto_reply" | "unsubscribe_request" | "reply" | "own" | "unrelated";
      /** @description The rules that decided, with what they saw */
      readonly verdictWhy: string[];
      /** @description The new words: no quote, no signature */
      visibleText: string | null;
    };
    InboundMessageWithContentInput: {
      answeredMessageId: string | null;
      campaign: string | null;
      campaignId: string | null;
      /** @description Null when nothing of it was kept */
      content: components["schemas"]["MailContentInput"] | null;
      /**
       * @description `ignored`: tied to nothing, and nothing of it was kept
       * @enum {string}
       */
      disposition: "matched" | "unmatched" | "ignored";
      dispositionReason: string;
      enrollmentId: string | null;
      fromAddress: string | null;
      fromName: string | null;
      /** @description When a person had dealt with it */
      handledAt: string | null;
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      interestLevel:
        | "positive"
        | "requested_info"
        | "objection"
        | "neutral"
        | "negative"
        | "unsubscribe"
        | "not_now"
        | "referral"
        | "wrong_person"
        | "not_analyzed"
        | "needs_review";
      /** @description Newest first: the first one counts */
      readonly judgements: components["schemas"]["JudgementInput"][];
      lead: string | null;
      leadId: string | null;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description How it was tied to what it answers */
      matchMethod:
        | (
            | "in_reply_to"
            | "references"
            | "plus_address"
            | "quoted_original"
            | "original_recipient"
            | "subject_and_address"
            | "address"
            | "person"
          )
        | null;
      /** @description The Message-ID of its header */
      messageId: string | null;
      /** Format: date-time */
      receivedAt: string;
      /** @description What the sender's program says */
      sentDate: string | null;
      subject: string | null;
      suggestedLead: string | null;
      /** @description A guess for a person to confirm */
      suggestedLeadId: string | null;
      /**
       * @description What it is
       * @enum {string}
       */
      verdict: "bounce" | "complaint" | "auto_reply" | "unsubscribe_request" | "reply" | "own" | "unrelated";
      /** @description The rules that decided, with what they saw */
      readonly verdictWhy: string[];
      /** @description The new words: no quote, no signature */
      visibleText: string | null;
    };
    InboundMessageWithJudgements: {
      answeredMessageId: string | null;
      campaign: string | null;
      campaignId: string | null;
      /**
       * @description `ignored`: tied to nothing, and nothing of it was kept
       * @enum {string}
       */
      disposition: "matched" | "unmatched" | "ignored";
      dispositionReason: string;
      enrollmentId: string | null;
      fromAddress: string | null;
      fromName: string | null;
      /** @description When a person had dealt with it */
      handledAt: string | null;
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      interestLevel:
        | "positive"
        | "requested_info"
        | "objection"
        | "neutral"
        | "negative"
        | "unsubscribe"
        | "not_now"
        | "referral"
        | "wrong_person"
        | "not_analyzed"
        | "needs_review";
      /** @description Newest first: the first one counts */
      readonly judgements: components["schemas"]["Judgement"][];
      lead: string | null;
      leadId: string | null;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description How it was tied to what it answers */
      matchMethod:
        | (
            | "in_reply_to"
            | "references"
            | "plus_address"
            | "quoted_original"
            | "original_recipient"
            | "subject_and_address"
            | "address"
            | "person"
          )
        | null;
      /** @description The Message-ID of its header */
      messageId: string | null;
      /** Format: date-time */
      receivedAt: string;
      /** @description What the sender's program says */
      sentDate: string | null;
      subject: string | null;
      suggestedLead: string | null;
      /** @description A guess for a person to confirm */
      suggestedLeadId: string | null;
      /**
       * @description What it is
       * @enum {string}
       */
      verdict: "bounce" | "complaint" | "auto_reply" | "unsubscribe_request" | "reply" | "own" | "unrelated";
      /** @description The rules that decided, with what they saw */
      readonly verdictWhy: string[];
      /** @description The new words: no quote, no signature */
      visibleText: string | null;
    };
    InboundMessageWithJudgementsInput: {
      answeredMessageId: string | null;
      campaign: string | null;
      campaignId: string | null;
      /**
       * @description `ignored`: tied to nothing, and nothing of it was kept
       * @enum {string}
       */
      disposition: "matched" | "unmatched" | "ignored";
      dispositionReason: string;
      enrollmentId: string | null;
      fromAddress: string | null;
      fromName: string | null;
      /** @description When a person had dealt with it */
      handledAt: string | null;
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      interestLevel:
        | "positive"
        | "requested_info"
        | "objection"
        | "neutral"
        | "negative"
        | "unsubscribe"
        | "not_now"
        | "referral"
        | "wrong_person"
        | "not_analyzed"
        | "needs_review";
      /** @description Newest first: the first one counts */
      readonly judgements: components["schemas"]["JudgementInput"][];
      lead: string | null;
      leadId: string | null;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description How it was tied to what it answers */
      matchMethod:
        | (
            | "in_reply_to"
            | "references"
            | "plus_address"
            | "quoted_original"
            | "original_recipient"
            | "subject_and_address"
            | "address"
            | "person"
          )
        | null;
      /** @description The Message-ID of its header */
      messageId: string | null;
      /** Format: date-time */
      receivedAt: string;
      /** @description What the sender's program says */
      sentDate: string | null;
      subject: string | null;
      suggestedLead: string | null;
      /** @description A guess for a person to confirm */
      suggestedLeadId: string | null;
      /**
       * @description What it is
       * @enum {string}
       */
      verdict: "bounce" | "complaint" | "auto_reply" | "unsubscribe_request" | "reply" | "own" | "unrelated";
      /** @description The rules that decided, with what they saw */
      readonly verdictWhy: string[];
      /** @description The new words: no quote, no signature */
      visibleText: string | null;
    };
    InboundNumbers: {
      /** @enum {string} */
      disposition: "matched" | "unmatched" | "ignored";
      /** @enum {string} */
      interestLevel:
        | "positive"
        | "requested_info"
        | "objection"
        | "neutral"
        | "negative"
        | "unsubscribe"
        | "not_now"
        | "referral"
        | "wrong_person"
        | "not_analyzed"
        | "needs_review";
      mails: number;
      /** @enum {string} */
      verdict: "bounce" | "complaint" | "auto_reply" | "unsubscribe_request" | "reply" | "own" | "unrelated";
    };
    InboundNumbersInput: {
      /** @enum {string} */
      disposition: "matched" | "unmatched" | "ignored";
      /** @enum {string} */
      interestLevel:
        | "positive"
        | "requested_info"
        | "objection"
        | "neutral"
        | "negative"
        | "unsubscribe"
        | "not_now"
        | "referral"
        | "wrong_person"
        | "not_analyzed"
        | "needs_review";
      mails: number;
      /** @enum {string} */
      verdict: "bounce" | "complaint" | "auto_reply" | "unsubscribe_request" | "reply" | "own" | "unrelated";
    };
    Invitation: {
      /** Format: date-time */
      createdAt: string;
      email: string;
      /** Format: date-time */
      expiresAt: string;
      /** Format: uuid */
      id: string;
      invitedBy: string | null;
      /** @enum {string} */
      role: "owner" | "admin" | "member" | "viewer";
    };
    InvitationInput: {
      /** Format: date-time */
      createdAt: string;
      email: string;
      /** Format: date-time */
      expiresAt: string;
      /** Format: uuid */
      id: string;
      invitedBy: string | null;
      /** @enum {string} */
      role: "owner" | "admin" | "member" | "viewer";
    };
    Judgement: {
      /** @description `person`, or the name of what judged */
      analyst: string;
      /** Format: date-time */
      at: string;
      confidence: number;
      /** @description The words that decided, or a person's note */
      evidence: string | null;
      /** @enum {string} */
      level:
        | "positive"
        | "requested_info"
        | "objection"
        | "neutral"
        | "negative"
        | "unsubscribe"
        | "not_now"
        | "referral"
        | "wrong_person"
        | "not_analyzed"
        | "needs_review";
      version: string;
      readonly why: string[];
    };
    JudgementInput: {
      /** @description `person`, or the name of what judged */
      analyst: string;
      /** Format: date-time */
      at: string;
      confidence: number;
      /** @description The words that decided, or a person's note */
      evidence: string | null;
      /** @enum {string} */
      level:
        | "positive"
        | "requested_info"
        | "objection"
        | "neutral"
        | "negative"
        | "unsubscribe"
        | "not_now"
        | "referral"
        | "wrong_person"
        | "not_analyzed"
        | "needs_review";
      version: string;
      readonly why: string[];
    };
    Lead: {
      /** @description What is known of its address without having written to it; campaigns leave invalid ones out; null: nothing */
      addressQuality: ("good" | "doubtful" | "invalid") | null;
      addressQualityReason: ("verification" | "disposable" | "no_reply" | "role" | "no_mail_server" | "syntax") | null;
      company: string | null;
      /** Format: date-time */
      createdAt: string;
      custom: {
        [key: string]: unknown;
      };
      /** @description As it was typed: what mail is delivered to */
      email: string;
      readonly enrollments: {
        campaign: string;
        /** Format: uuid */
        campaignId: string;
        /** Format: date-time */
        createdAt: string;
        /** Format: uuid */
        id: string;
        /** Format: uuid */
        mailboxId: string;
        nextAt: string | null;
        nextStep: string | null;
        reason: string;
        sequence: string;
        state: string;
        /** Format: date-time */
        updatedAt: string;
      }[];
      firstName: string | null;
      /** Format: uuid */
      id: string;
      lastName: string | null;
      readonly lists: {
        /** Format: uuid */
        id: string;
        name: string;
      }[];
      phone: string | null;
      /** @enum {string} */
      reachability: "ok" | "bounced" | "unsubscribed" | "complained";
      /** @description When a person took it out of everything */
      removedAt: string | null;
      /** @enum {string} */
      scoreBand: "cold" | "warm" | "hot";
      source: string | null;
      /** @enum {string} */
      status: "new" | "contacted" | "engaged" | "qualified" | "converted" | "lost";
      /** @description From then on no automation touches it */
      statusSetByPerson: boolean;
      /** @description What keeps the whole workspace from writing to its address */
      suppression: {
        /** Format: date-time */
        createdAt: string;
        /** Format: uuid */
        id: string;
        key: string;
        /** @enum {string} */
        kind: "address" | "domain";
        /** @enum {string} */
        reason: "unsubscribe" | "bounce" | "complaint" | "import" | "person" | "restore";
      } | null;
      readonly tags: string[];
      timeZone: string | null;
      title: string | null;
      /** Format: date-time */
      updatedAt: string;
      version: string;
    };
    LeadFilter: {
      readonly addressQuality?: ("good" | "doubtful" | "invalid" | "unrated")[];
      /** Format: uuid */
      list?: string;
      readonly reachability?: ("ok" | "bounced" | "unsubscribed" | "complained")[];
      removed?: boolean;
      readonly scoreBand?: ("cold" | "warm" | "hot")[];
      search?: string;
      readonly status?: ("new" | "contacted" | "engaged" | "qualified" | "converted" | "lost")[];
      readonly tag?: string[];
    };
    LeadFilterInput: {
      readonly addressQuality?: ("good" | "doubtful" | "invalid" | "unrated")[];
      /** Format: uuid */
      list?: string;
      readonly reachability?: ("ok" | "bounced" | "unsubscribed" | "complained")[];
      removed?: boolean;
      readonly scoreBand?: ("cold" | "warm" | "hot")[];
      search?: string;
      readonly status?: ("new" | "contacted" | "engaged" | "qualified" | "converted" | "lost")[];
      readonly tag?: string[];
    };
    LeadHistoryItem: {
      /** Format: date-time */
      at: string;
      campaign: string | null;
      campaignId: string | null;
      /** @description An enrollment's reason, a message's state, or an inbound message's verdict */
      code: string;
      detail: {
        [key: string]: unknown;
      };
      enrollmentId: string | null;
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      kind: "enrollment" | "message" | "inbound";
      mailboxId: string | null;
      subject: string | null;
    };
    LeadHistoryItemInput: {
      /** Format: date-time */
      at: string;
      campaign: string | null;
      campaignId: string | null;
      /** @description An enrollment's reason, a message's state, or an inbound message's verdict */
      code: string;
      detail: {
        [key: string]: unknown;
      };
      enrollmentId: string | null;
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      kind: "enrollment" | "message" | "inbound";
      mailboxId: string | null;
      subject: string | null;
    };
    LeadInput: {
      /** @description What is known of its address without having written to it; campaigns leave invalid ones out; null: nothing */
      addressQuality: ("good" | "doubtful" | "invalid") | null;
      addressQualityReason: ("verification" | "disposable" | "no_reply" | "role" | "no_mail_server" | "syntax") | null;
      company: string | null;
      /** Format: date-time */
      createdAt: string;
      custom: {
        [key: string]: unknown;
      };
      /** @description As it was typed: what mail is delivered to */
      email: string;
      readonly enrollments: {
        campaign: string;
        /** Format: uuid */
        campaignId: string;
        /** Format: date-time */
        createdAt: string;
        /** Format: uuid */
        id: string;
        /** Format: uuid */
        mailboxId: string;
        nextAt: string | null;
        nextStep: string | null;
        reason: string;
        sequence: string;
        state: string;
        /** Format: date-time */
        updatedAt: string;
      }[];
      firstName: string | null;
      /** Format: uuid */
      id: string;
      lastName: string | null;
      readonly lists: {
        /** Format: uuid */
        id: string;
        name: string;
      }[];
      phone: string | null;
      /** @enum {string} */
      reachability: "ok" | "bounced" | "unsubscribed" | "complained";
      /** @description When a person took it out of everything */
      removedAt: string | null;
      /** @enum {string} */
      scoreBand: "cold" | "warm" | "hot";
      source: string | null;
      /** @enum {string} */
      status: "new" | "contacted" | "engaged" | "qualified" | "converted" | "lost";
      /** @description From then on no automation touches it */
      statusSetByPerson: boolean;
      /** @description What keeps the whole workspace from writing to its address */
      suppression: {
        /** Format: date-time */
        createdAt: string;
        /** Format: uuid */
        id: string;
        key: string;
        /** @enum {string} */
        kind: "address" | "domain";
        /** @enum {string} */
        reason: "unsubscribe" | "bounce" | "complaint" | "import" | "person" | "restore";
      } | null;
      readonly tags: string[];
      timeZone: string | null;
      title: string | null;
      /** Format: date-time */
      updatedAt: string;
      version: string;
    };
    LeadList: {
      /** Format: date-time */
      createdAt: string;
      /** Format: uuid */
      id: string;
      leads: number;
      name: string;
    };
    LeadListInput: {
      /** Format: date-time */
      createdAt: string;
      /** Format: uuid */
      id: string;
      leads: number;
      name: string;
    };
    LeadWhy: {
      readonly campaigns: {
        campaign: string;
        /** Format: uuid */
        campaignId: string;
        /** @description What goes out at this very moment */
        readonly now: components["schemas"]["SendNow"][];
        reason: string;
        /** @enum {string} */
        state:
          | "active"
          | "held"
          | "awaiting_reply"
          | "finished"
          | "replied"
          | "unsubscribed"
          | "bounced"
          | "complained"
          | "failed"
          | "removed";
        /** @description Why nothing does; null when something does, or when it has ended */
        wait: components["schemas"]["Waiting"] | null;
      }[];
      readonly happened: {
        /** Format: date-time */
        at: string;
        campaign: string | null;
        code: string;
        /** @enum {string} */
        kind: "enrollment" | "message" | "inbound";
        sentence: string;
      }[];
      lead: {
        email: string;
        /** Format: uuid */
        id: string;
        /** @enum {string} */
        reachability: "ok" | "bounced" | "unsubscribed" | "complained";
        removedAt: string | null;
        /** @enum {string} */
        status: "new" | "contacted" | "engaged" | "qualified" | "converted" | "lost";
        suppressed: string | null;
        zone: string | null;
      };
      /** @description What it gets if it does not answer, in order */
      readonly planned: components["schemas"]["ScheduledMail"][];
      /** @description All of it in words */
      readonly sentences: string[];
    };
    LeadWhyInput: {
      readonly campaigns: {
        campaign: string;
        /** Format: uuid */
        campaignId: string;
        /** @description What goes out at this very moment */
        readonly now: components["schemas"]["SendNowInput"][];
        reason: string;
        /** @enum {string} */
        state:
          | "active"
          | "held"
          | "awaiting_reply"
          | "finished"
          | "replied"
          | "unsubscribed"
          | "bounced"
          | "complained"
          | "failed"
          | "removed";
        /** @description Why nothing does; null when something does, or when it has ended */
        wait: components["schemas"]["WaitingInput"] | null;
      }[];
      readonly happened: {
        /** Format: date-time */
        at: string;
        campaign: string | null;
        code: string;
        /** @enum {string} */
        kind: "enrollment" | "message" | "inbound";
        sentence: string;
      }[];
      lead: {
        email: string;
        /** Format: uuid */
        id: string;
        /** @enum {string} */
        reachability: "ok" | "bounced" | "unsubscribed" | "complained";
        removedAt: string | null;
        /** @enum {string} */
        status: "new" | "contacted" | "engaged" | "qualified" | "converted" | "lost";
        suppressed: string | null;
        zone: string | null;
      };
      /** @description What it gets if it does not answer, in order */
      readonly planned: components["schemas"]["ScheduledMailInput"][];
      /** @description All of it in words */
      readonly sentences: string[];
    };
    ListedLead: {
      /** @description What is known of its address without having written to it; campaigns leave invalid ones out; null: nothing */
      addressQuality: ("good" | "doubtful" | "invalid") | null;
      addressQualityReason: ("verification" | "disposable" | "no_reply" | "role" | "no_mail_server" | "syntax") | null;
      company: string | null;
      /** Format: date-time */
      createdAt: string;
      custom: {
        [key: string]: unknown;
      };
      /** @description As it was typed: what mail is delivered to */
      email: string;
      firstName: string | null;
      /** Format: uuid */
      id: string;
      lastName: string | null;
      phone: string | null;
      /** @enum {string} */
      reachability: "ok" | "bounced" | "unsubscribed" | "complained";
      /** @description When a person took it out of everything */
      removedAt: string | null;
      /** @enum {string} */
      scoreBand: "cold" | "warm" | "hot";
      source: string | null;
      /** @enum {string} */
      status: "new" | "contacted" | "engaged" | "qualified" | "converted" | "lost";
      /** @description From then on no automation touches it */
      statusSetByPerson: boolean;
      /** @description Why its address or domain must not be written to by the whole workspace */
      suppressed: ("unsubscribe" | "bounce" | "complaint" | "import" | "person" | "restore") | null;
      readonly tags: string[];
      timeZone: string | null;
      title: string | null;
      /** Format: date-time */
      updatedAt: string;
      version: string;
    };
    ListedLeadInput: {
      /** @description What is known of its address without having written to it; campaigns leave invalid ones out; null: nothing */
      addressQuality: ("good" | "doubtful" | "invalid") | null;
      addressQualityReason: ("verification" | "disposable" | "no_reply" | "role" | "no_mail_server" | "syntax") | null;
      company: string | null;
      /** Format: date-time */
      createdAt: string;
      custom: {
        [key: string]: unknown;
      };
      /** @description As it was typed: what mail is delivered to */
      email: string;
      firstName: string | null;
      /** Format: uuid */
      id: string;
      lastName: string | null;
      phone: string | null;
      /** @enum {string} */
      reachability: "ok" | "bounced" | "unsubscribed" | "complained";
      /** @description When a person took it out of everything */
      removedAt: string | null;
      /** @enum {string} */
      scoreBand: "cold" | "warm" | "hot";
      source: string | null;
      /** @enum {string} */
      status: "new" | "contacted" | "engaged" | "qualified" | "converted" | "lost";
      /** @description From then on no automation touches it */
      statusSetByPerson: boolean;
      /** @description Why its address or domain must not be written to by the whole workspace */
      suppressed: ("unsubscribe" | "bounce" | "complaint" | "import" | "person" | "restore") | null;
      readonly tags: string[];
      timeZone: string | null;
      title: string | null;
      /** Format: date-time */
      updatedAt: string;
      version: string;
    };
    ListedSequence: {
      /** Format: uuid */
      id: string;
      /** @description False: the file no longer has it, and nobody enters it */
      isActive: boolean;
      /** @enum {string} */
      kind: "main" | "sub";
      name: string;
      newest: components["schemas"]["SequenceVersion"];
      on: ("any" | "positive" | "requested_info" | "objection" | "neutral" | "negative" | "not_now" | "referral" | "wrong_person") | null;
    };
    ListedSequenceInput: {
      /** Format: uuid */
      id: string;
      /** @description False: the file no longer has it, and nobody enters it */
      isActive: boolean;
      /** @enum {string} */
      kind: "main" | "sub";
      name: string;
      newest: components["schemas"]["SequenceVersionInput"];
      on: ("any" | "positive" | "requested_info" | "objection" | "neutral" | "negative" | "not_now" | "referral" | "wrong_person") | null;
    };
    /** @description One event: its fields are the lines `event:`, `id:` and `data:`, the last in JSON */
    LiveEvent:
      | {
          readonly data: components["schemas"]["CampaignNumbers"][];
          /** @constant */
          event: "campaigns";
          /** @description Of the last of those that come together; as Last-Event-ID, it brings only what is different by then */
          id?: string;
        }
      | {
          readonly data: components["schemas"]["MailboxState"][];
          /** @constant */
          event: "mailboxes";
          /** @description Of the last of those that come together; as Last-Event-ID, it brings only what is different by then */
          id?: string;
        }
      | {
          /** @description The newest twenty */
          readonly data: components["schemas"]["Message"][];
          /** @constant */
          event: "messages";
          /** @description Of the last of those that come together; as Last-Event-ID, it brings only what is different by then */
          id?: string;
        }
      | {
          /** @description The newest twenty */
          readonly data: components["schemas"]["InboundMessage"][];
          /** @constant */
          event: "inbound";
          /** @description Of the last of those that come together; as Last-Event-ID, it brings only what is different by then */
          id?: string;
        }
      | {
          readonly data: components["schemas"]["NextRun"][];
          /** @constant */
          event: "automations";
          /** @description Of the last of those that come together; as Last-Event-ID, it brings only what is different by then */
          id?: string;
        };
    /** @description One event: its fields are the lines `event:`, `id:` and `data:`, the last in JSON */
    LiveEventInput:
      | {
          readonly data: components["schemas"]["CampaignNumbersInput"][];
          /** @constant */
          event: "campaigns";
          /** @description Of the last of those that come together; as Last-Event-ID, it brings only what is different by then */
          id?: string;
        }
      | {
          readonly data: components["schemas"]["MailboxStateInput"][];
          /** @constant */
          event: "mailboxes";
          /** @description Of the last of those that come together; as Last-Event-ID, it brings only what is different by then */
          id?: string;
        }
      | {
          /** @description The newest twenty */
          readonly data: components["schemas"]["MessageInput"][];
          /** @constant */
          event: "messages";
          /** @description Of the last of those that come together; as Last-Event-ID, it brings only what is different by then */
          id?: string;
        }
      | {
          /** @description The newest twenty */
          readonly data: components["schemas"]["InboundMessageInput"][];
          /** @constant */
          event: "inbound";
          /** @description Of the last of those that come together; as Last-Event-ID, it brings only what is different by then */
          id?: string;
        }
      | {
          readonly data: components["schemas"]["NextRunInput"][];
          /** @constant */
          event: "automations";
          /** @description Of the last of those that come together; as Last-Event-ID, it brings only what is different by then */
          id?: string;
        };
    Mailbox: {
      /** @description Its server asked to slow down or did not answer: nothing is sent before `until` */
      backoff: {
        times: number;
        /** Format: date-time */
        until: string;
      } | null;
      /** @description How many may send from it */
      campaigns: number;
      dailyCap: number;
      /** @description Mails a day to one mail domain; 0: no limit, null: as the server's settings say */
      domainDailyCap: number | null;
      /** @description The same by the hour */
      domainHourlyCap: number | null;
      /** @description What DNS lacks of its domain, in plain words */
      readonly domainWarnings: string[];
      email: string;
      readonly extraFolders: string[];
      fromName: string | null;
      /** Format: uuid */
      id: string;
      /** @description Null: a relay, which only sends */
      imap: components["schemas"]["MailServer"] | null;
      imapTestedAt: string | null;
      /** @description Since when its inbox is known to be read to the end */
      lastReadAt: string | null;
      minGapSeconds: number;
      /** @description Why it rests until a person resumes it, or what keeps its mail from being trusted is mended (unsigned, domain) */
      pause: {
        detail: string | null;
        /** @enum {string} */
        reason:
          | "smtp_auth"
          | "imap_auth"
          | "grant_revoked"
          | "oauth_client"
          | "sender_refused"
          | "daily_limit"
          | "tls"
          | "unsigned"
          | "domain"
          | "person";
        /** Format: date-time */
        since: string;
      } | null;
      /** @enum {string} */
      provider: "gmail" | "microsoft365" | "hostinger" | "custom";
      /** @description From that day on `start` mails a day, and `step` more each day, up to the cap */
      rampUp: {
        /** Format: date */
        from: string;
        start: number;
        step: number;
      } | null;
      /** @description Where the answers to a relay arrive */
      replyMailboxId: string | null;
      /** @description Who puts copies of sent mails into its Sent folder; null: as the provider is known to, else as its first mail shows */
      sentCopies: ("provider" | "agent" | "nobody") | null;
      /** @description After a restore: it sends nothing until it is known what it has sent since then. Null: it is known */
      sentUnknownSince: string | null;
      smtp: components["schemas"]["MailServer"];
      smtpTestedAt: string | null;
      /** @enum {string} */
      state: "active" | "paused";
      /** @description Whose midnight begins its day */
      timeZone: string;
      /** @description Its local day's budget */
      today: {
        cap: number;
        /** Format: date */
        day: string;
        used: number;
      };
      version: number;
    };
    MailboxInput: {
      /** @description Its server asked to slow down or did not answer: nothing is sent before `until` */
      backoff: {
        times: number;
        /** Format: date-time */
        until: string;
      } | null;
      /** @description How many may send from it */
      campaigns: number;
      dailyCap: number;
      /** @description Mails a day to one mail domain; 0: no limit, null: as the server's settings say */
      domainDailyCap: number | null;
      /** @description The same by the hour */
      domainHourlyCap: number | null;
      /** @description What DNS lacks of its domain, in plain words */
      readonly domainWarnings: string[];
      email: string;
      readonly extraFolders: string[];
      fromName: string | null;
      /** Format: uuid */
      id: string;
      /** @description Null: a relay, which only sends */
      imap: components["schemas"]["MailServerInput"] | null;
      imapTestedAt: string | null;
      /** @description Since when its inbox is known to be read to the end */
      lastReadAt: string | null;
      minGapSeconds: number;
      /** @description Why it rests until a person resumes it, or what keeps its mail from being trusted is mended (unsigned, domain) */
      pause: {
        detail: string | null;
        /** @enum {string} */
        reason:
          | "smtp_auth"
          | "imap_auth"
          | "grant_revoked"
          | "oauth_client"
          | "sender_refused"
          | "daily_limit"
          | "tls"
          | "unsigned"
          | "domain"
          | "person";
        /** Format: date-time */
        since: string;
      } | null;
      /** @enum {string} */
      provider: "gmail" | "microsoft365" | "hostinger" | "custom";
      /** @description From that day on `start` mails a day, and `step` more each day, up to the cap */
      rampUp: {
        /** Format: date */
        from: string;
        start: number;
        step: number;
      } | null;
      /** @description Where the answers to a relay arrive */
      replyMailboxId: string | null;
      /** @description Who puts copies of sent mails into its Sent folder; null: as the provider is known to, else as its first mail shows */
      sentCopies: ("provider" | "agent" | "nobody") | null;
      /** @description After a restore: it sends nothing until it is known what it has sent since then. Null: it is known */
      sentUnknownSince: string | null;
      smtp: components["schemas"]["MailServerInput"];
      smtpTestedAt: string | null;
      /** @enum {string} */
      state: "active" | "paused";
      /** @description Whose midnight begins its day */
      timeZone: string;
      /** @description Its local day's budget */
      today: {
        cap: number;
        /** Format: date */
        day: string;
        used: number;
      };
      version: number;
    };
    MailboxState: {
      email: string;
      /** Format: uuid */
      id: string;
      pauseDetail: string | null;
      pauseReason: string | null;
      /** @description Held after a restore, until it is known what it has sent since then */
      sentUnknownSince: string | null;
      /** @enum {string} */
      state: "active" | "paused";
    };
    MailboxStateInput: {
      email: string;
      /** Format: uuid */
      id: string;
      pauseDetail: string | null;
      pauseReason: string | null;
      /** @description Held after a restore, until it is known what it has sent since then */
      sentUnknownSince: string | null;
      /** @enum {string} */
      state: "active" | "paused";
    };
    MailboxTests: {
      /** @description Null: a relay, which is not read */
      imap:
        | (
            | {
                /** @constant */
                ok: true;
              }
            | {
                /** @enum {string} */
                code:
                  | "config_invalid"
                  | "data_directory_in_use"
                  | "data_directory_unusable"
                  | "database_unavailable"
                  | "database_full"
                  | "database_start_failed"
                  | "database_unusable"
                  | "migration_changed"
                  | "migration_unknown"
                  | "port_unavailable"
                  | "not_found"
                  | "already_exists"
                  | "in_use"
                  | "suppression_protected"
                  | "invalid_input"
                  | "file_too_large"
                  | "upload_broken"
                  | "csv_unreadable"
                  | "spreadsheet_unreadable"
                  | "campaign_file_invalid"
                  | "wrong_state"
                  | "campaign_not_ready"
                  | "campaign_state"
                  | "template_invalid"
                  | "missing_variable"
                  | "secret_key_missing"
                  | "archive_damaged"
                  | "installation_not_empty"
                  | "smtp_unreachable"
                  | "smtp_tls"
                  | "smtp_auth"
                  | "smtp_rejected"
                  | "imap_unreachable"
                  | "imap_tls"
                  | "imap_auth"
                  | "imap_failed"
                  | "dkim_key_invalid"
                  | "dkim_signing_failed"
                  | "uidvalidity_changed"
                  | "sign_in_refused"
                  | "second_factor_required"
                  | "second_factor_wrong"
                  | "password_weak"
                  | "link_invalid"
                  | "unauthenticated"
                  | "forbidden"
                  | "installation_wide"
                  | "last_owner"
                  | "too_many_requests"
                  | "idempotency_conflict"
                  | "request_in_progress"
                  | "precondition_failed"
                  | "server_unreachable"
                  | "oauth_not_set_up"
                  | "oauth_unreachable"
                  | "oauth_client"
                  | "oauth_revoked"
                  | "oauth_failed"
                  | "lease_lost"
                  | "internal";
                message: string;
                /** @constant */
                ok: false;
                retryable: boolean;
              }
          )
        | null;
      smtp:
        | {
            /** @constant */
            ok: true;
          }
        | {
            /** @enum {string} */
            code:
              | "config_invalid"
              | "data_directory_in_use"
              | "data_directory_unusable"
              | "database_unavailable"
              | "database_full"
              | "database_start_failed"
              | "database_unusable"
              | "migration_changed"
              | "migration_unknown"
              | "port_unavailable"
              | "not_found"
              | "already_exists"
              | "in_use"
              | "suppression_protected"
              | "invalid_input"
              | "file_too_large"
              | "upload_broken"
              | "csv_unreadable"
              | "spreadsheet_unreadable"
              | "campaign_file_invalid"
              | "wrong_state"
              | "campaign_not_ready"
              | "campaign_state"
              | "template_invalid"
              | "missing_variable"
              | "secret_key_missing"
              | "archive_damaged"
              | "installation_not_empty"
              | "smtp_unreachable"
              | "smtp_tls"
              | "smtp_auth"
              | "smtp_rejected"
              | "imap_unreachable"
              | "imap_tls"
              | "imap_auth"
              | "imap_failed"
              | "dkim_key_invalid"
              | "dkim_signing_failed"
              | "uidvalidity_changed"
              | "sign_in_refused"
              | "second_factor_required"
              | "second_factor_wrong"
              | "password_weak"
              | "link_invalid"
              | "unauthenticated"
              | "forbidden"
              | "installation_wide"
              | "last_owner"
              | "too_many_requests"
              | "idempotency_conflict"
              | "request_in_progress"
              | "precondition_failed"
              | "server_unreachable"
              | "oauth_not_set_up"
              | "oauth_unreachable"
              | "oauth_client"
              | "oauth_revoked"
              | "oauth_failed"
              | "lease_lost"
              | "internal";
            message: string;
            /** @constant */
            ok: false;
            retryable: boolean;
          };
    };
    MailboxTestsInput: {
      /** @description Null: a relay, which is not read */
      imap:
        | (
            | {
                /** @constant */
                ok: true;
              }
            | {
                /** @enum {string} */
                code:
                  | "config_invalid"
                  | "data_directory_in_use"
                  | "data_directory_unusable"
                  | "database_unavailable"
                  | "database_full"
                  | "database_start_failed"
                  | "database_unusable"
                  | "migration_changed"
                  | "migration_unknown"
                  | "port_unavailable"
                  | "not_found"
                  | "already_exists"
                  | "in_use"
                  | "suppression_protected"
                  | "invalid_input"
                  | "file_too_large"
                  | "upload_broken"
                  | "csv_unreadable"
                  | "spreadsheet_unreadable"
                  | "campaign_file_invalid"
                  | "wrong_state"
                  | "campaign_not_ready"
                  | "campaign_state"
                  | "template_invalid"
                  | "missing_variable"
                  | "secret_key_missing"
                  | "archive_damaged"
                  | "installation_not_empty"
                  | "smtp_unreachable"
                  | "smtp_tls"
                  | "smtp_auth"
                  | "smtp_rejected"
                  | "imap_unreachable"
                  | "imap_tls"
                  | "imap_auth"
                  | "imap_failed"
                  | "dkim_key_invalid"
                  | "dkim_signing_failed"
                  | "uidvalidity_changed"
                  | "sign_in_refused"
                  | "second_factor_required"
                  | "second_factor_wrong"
                  | "password_weak"
                  | "link_invalid"
                  | "unauthenticated"
                  | "forbidden"
                  | "installation_wide"
                  | "last_owner"
                  | "too_many_requests"
                  | "idempotency_conflict"
                  | "request_in_progress"
                  | "precondition_failed"
                  | "server_unreachable"
                  | "oauth_not_set_up"
                  | "oauth_unreachable"
                  | "oauth_client"
                  | "oauth_revoked"
                  | "oauth_failed"
                  | "lease_lost"
                  | "internal";
                message: string;
                /** @constant */
                ok: false;
                retryable: boolean;
              }
          )
        | null;
      smtp:
        | {
            /** @constant */
            ok: true;
          }
        | {
            /** @enum {string} */
            code:
              | "config_invalid"
              | "data_directory_in_use"
              | "data_directory_unusable"
              | "database_unavailable"
              | "database_full"
              | "database_start_failed"
              | "database_unusable"
              | "migration_changed"
              | "migration_unknown"
              | "port_unavailable"
              | "not_found"
              | "already_exists"
              | "in_use"
              | "suppression_protected"
              | "invalid_input"
              | "file_too_large"
              | "upload_broken"
              | "csv_unreadable"
              | "spreadsheet_unreadable"
              | "campaign_file_invalid"
              | "wrong_state"
              | "campaign_not_ready"
              | "campaign_state"
              | "template_invalid"
              | "missing_variable"
              | "secret_key_missing"
              | "archive_damaged"
              | "installation_not_empty"
              | "smtp_unreachable"
              | "smtp_tls"
              | "smtp_auth"
              | "smtp_rejected"
              | "imap_unreachable"
              | "imap_tls"
              | "imap_auth"
              | "imap_failed"
              | "dkim_key_invalid"
              | "dkim_signing_failed"
              | "uidvalidity_changed"
              | "sign_in_refused"
              | "second_factor_required"
              | "second_factor_wrong"
              | "password_weak"
              | "link_invalid"
              | "unauthenticated"
              | "forbidden"
              | "installation_wide"
              | "last_owner"
              | "too_many_requests"
              | "idempotency_conflict"
              | "request_in_progress"
              | "precondition_failed"
              | "server_unreachable"
              | "oauth_not_set_up"
              | "oauth_unreachable"
              | "oauth_client"
              | "oauth_revoked"
              | "oauth_failed"
              | "lease_lost"
              | "internal";
            message: string;
            /** @constant */
            ok: false;
            retryable: boolean;
          };
    };
    MailboxToday: {
      cap: number;
      /**
       * Format: date
       * @description The mailbox's local day
       */
      day: string;
      /** @description What keeps more from going out today; null: nothing more wants to */
      limitedBy: ("cap" | "quota" | "gap" | "window" | "paused" | "sent_unknown" | "backed_off") | null;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description Went out, or is on its way */
      sent: number;
      /** @description Will go out, if nobody answers */
      toCome: number;
      /** @description What all campaigns and people have used of the cap */
      used: number;
    };
    MailboxTodayInput: {
      cap: number;
      /**
       * Format: date
       * @description The mailbox's local day
       */
      day: string;
      /** @description What keeps more from going out today; null: nothing more wants to */
      limitedBy: ("cap" | "quota" | "gap" | "window" | "paused" | "sent_unknown" | "backed_off") | null;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description Went out, or is on its way */
      sent: number;
      /** @description Will go out, if nobody answers */
      toCome: number;
      /** @description What all campaigns and people have used of the cap */
      used: number;
    };
    MailContent: {
      /** @description Names in small letters */
      readonly headers: {
        name: string;
        value: string;
      }[];
      /** @description As it was written. Hostile: show it only in a sandbox */
      html: string | null;
      /** @description The mail as it was transferred, cut where it is very long */
      raw: string;
      rawTruncated: boolean;
      /** @description The words, of HTML only the words, too */
      text: string;
    };
    MailContentInput: {
      /** @description Names in small letters */
      readonly headers: {
        name: string;
        value: string;
      }[];
      /** @description As it was written. Hostile: show it only in a sandbox */
      html: string | null;
      /** @description The mail as it was transferred, cut where it is very long */
      raw: string;
      rawTruncated: boolean;
      /** @description The words, of HTML only the words, too */
      text: string;
    };
    MailServer: {
      hasPassword: boolean;
      host: string;
      /**
       * @description By what it logs in
       * @enum {string}
       */
      login: "none" | "password" | "oauth";
      /** @description At whom its owner agreed, where it logs in by OAuth */
      oauth: ("google" | "microsoft" | "custom") | null;
      port: number;
      /** @enum {string} */
      security: "tls" | "starttls" | "none";
      username: string | null;
    };
    MailServerInput: {
      hasPassword: boolean;
      host: string;
      /**
       * @description By what it logs in
       * @enum {string}
       */
      login: "none" | "password" | "oauth";
      /** @description At whom its owner agreed, where it logs in by OAuth */
      oauth: ("google" | "microsoft" | "custom") | null;
      port: number;
      /** @enum {string} */
      security: "tls" | "starttls" | "none";
      username: string | null;
    };
    Member: {
      /** Format: date-time */
      createdAt: string;
      email: string;
      hasSecondFactor: boolean;
      name: string;
      /** @enum {string} */
      role: "owner" | "admin" | "member" | "viewer";
      /** Format: uuid */
      userId: string;
    };
    MemberInput: {
      /** Format: date-time */
      createdAt: string;
      email: string;
      hasSecondFactor: boolean;
      name: string;
      /** @enum {string} */
      role: "owner" | "admin" | "member" | "viewer";
      /** Format: uuid */
      userId: string;
    };
    Message: {
      attempts: number;
      campaign: string | null;
      campaignId: string | null;
      /** Format: date-time */
      createdAt: string;
      enrollmentId: string | null;
      /** Format: uuid */
      id: string;
      inReplyTo: string | null;
      /** @enum {string} */
      kind: "step" | "answer" | "test" | "notice";
      leadId: string | null;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description The Message-ID of its header */
      messageId: string;
      nextAttemptAt: string | null;
      /** @description Why it failed, waits, is uncertain or was cancelled */
      reason: string | null;
      recipient: string;
      sentAt: string | null;
      /** @description The version of the sequence that it was written from; null for what is no step */
      sequenceVersion: number | null;
      /**
       * Format: date-time
       * @description The moment that the planner gave it
       */
      slotAt: string;
      /** @description What the server said last */
      smtpResponse: string | null;
      /** @enum {string} */
      state: "queued" | "claimed" | "transmitting" | "sent" | "deferred" | "failed" | "uncertain" | "cancelled";
      /** @description The name of its step */
      step: string | null;
      stepId: string | null;
      /** @description Null before it was written */
      subject: string | null;
      visit: number | null;
    };
    MessageInput: {
      attempts: number;
      campaign: string | null;
      campaignId: string | null;
      /** Format: date-time */
      createdAt: string;
      enrollmentId: string | null;
      /** Format: uuid */
      id: string;
      inReplyTo: string | null;
      /** @enum {string} */
      kind: "step" | "answer" | "test" | "notice";
      leadId: string | null;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description The Message-ID of its header */
      messageId: string;
      nextAttemptAt: string | null;
      /** @description Why it failed, waits, is uncertain or was cancelled */
      reason: string | null;
      recipient: string;
      sentAt: string | null;
      /** @description The version of the sequence that it was written from; null for what is no step */
      sequenceVersion: number | null;
      /**
       * Format: date-time
       * @description The moment that the planner gave it
       */
      slotAt: string;
      /** @description What the server said last */
      smtpResponse: string | null;
      /** @enum {string} */
      state: "queued" | "claimed" | "transmitting" | "sent" | "deferred" | "failed" | "uncertain" | "cancelled";
      /** @description The name of its step */
      step: string | null;
      stepId: string | null;
      /** @description Null before it was written */
      subject: string | null;
      visit: number | null;
    };
    MessageNumbers: {
      messages: number;
      /** @enum {string} */
      state: "queued" | "claimed" | "transmitting" | "sent" | "deferred" | "failed" | "uncertain" | "cancelled";
    };
    MessageNumbersInput: {
      messages: number;
      /** @enum {string} */
      state: "queued" | "claimed" | "transmitting" | "sent" | "deferred" | "failed" | "uncertain" | "cancelled";
    };
    MessageWithContent: {
      attempts: number;
      campaign: string | null;
      campaignId: string | null;
      /** @description Null before it was written */
      content: components["schemas"]["MailContent"] | null;
      /** Format: date-time */
      createdAt: string;
      enrollmentId: string | null;
      /** Format: uuid */
      id: string;
      inReplyTo: string | null;
      /** @enum {string} */
      kind: "step" | "answer" | "test" | "notice";
      leadId: string | null;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description The Message-ID of its header */
      messageId: string;
      nextAttemptAt: string | null;
      /** @description Why it failed, waits, is uncertain or was cancelled */
      reason: string | null;
      recipient: string;
      sentAt: string | null;
      /** @description The version of the sequence that it was written from; null for what is no step */
      sequenceVersion: number | null;
      /**
       * Format: date-time
       * @description The moment that the planner gave it
       */
      slotAt: string;
      /** @description What the server said last */
      smtpResponse: string | null;
      /** @enum {string} */
      state: "queued" | "claimed" | "transmitting" | "sent" | "deferred" | "failed" | "uncertain" | "cancelled";
      /** @description The name of its step */
      step: string | null;
      stepId: string | null;
      /** @description Null before it was written */
      subject: string | null;
      visit: number | null;
    };
    MessageWithContentInput: {
      attempts: number;
      campaign: string | null;
      campaignId: string | null;
      /** @description Null before it was written */
      content: components["schemas"]["MailContentInput"] | null;
      /** Format: date-time */
      createdAt: string;
      enrollmentId: string | null;
      /** Format: uuid */
      id: string;
      inReplyTo: string | null;
      /** @enum {string} */
      kind: "step" | "answer" | "test" | "notice";
      leadId: string | null;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      /** @description The Message-ID of its header */
      messageId: string;
      nextAttemptAt: string | null;
      /** @description Why it failed, waits, is uncertain or was cancelled */
      reason: string | null;
      recipient: string;
      sentAt: string | null;
      /** @description The version of the sequence that it was written from; null for what is no step */
      sequenceVersion: number | null;
      /**
       * Format: date-time
       * @description The moment that the planner gave it
       */
      slotAt: string;
      /** @description What the server said last */
      smtpResponse: string | null;
      /** @enum {string} */
      state: "queued" | "claimed" | "transmitting" | "sent" | "deferred" | "failed" | "uncertain" | "cancelled";
      /** @description The name of its step */
      step: string | null;
      stepId: string | null;
      /** @description Null before it was written */
      subject: string | null;
      visit: number | null;
    };
    NextRun: {
      automation: string;
      /** Format: date-time */
      nextRunAt: string;
      paused: boolean;
    };
    NextRunInput: {
      automation: string;
      /** Format: date-time */
      nextRunAt: string;
      paused: boolean;
    };
    OwnWorkspace: {
      /** Format: uuid */
      id: string;
      name: string;
      /** @description Null: a key, which is no member */
      role: ("owner" | "admin" | "member" | "viewer") | null;
    };
    OwnWorkspaceInput: {
      /** Format: uuid */
      id: string;
      name: string;
      /** @description Null: a key, which is no member */
      role: ("owner" | "admin" | "member" | "viewer") | null;
    };
    /** @description On the mails to come if nobody answers; a campaign that does not run is planned as if it started now */
    PlanEffects: {
      /** @description Steps that leads would get who would not have got them */
      readonly gained: {
        leads: number;
        sequence: string;
        step: string;
      }[];
      readonly lost: {
        leads: number;
        sequence: string;
        step: string;
      }[];
      /** @description Leads whose next mail would go out at another moment */
      nextMail: {
        /** @description That had no mail to come */
        begins: number;
        earlier: number;
        /** @description That have none any more */
        ends: number;
        /** @description The first ten, by the moment of the mail that comes first */
        readonly first: {
          after: {
            /** Format: date-time */
            at: string;
            step: string;
          } | null;
          before: {
            /** Format: date-time */
            at: string;
            step: string;
          } | null;
          lead: string;
          /** Format: uuid */
          leadId: string;
        }[];
        later: number;
      };
    };
    /** @description On the mails to come if nobody answers; a campaign that does not run is planned as if it started now */
    PlanEffectsInput: {
      /** @description Steps that leads would get who would not have got them */
      readonly gained: {
        leads: number;
        sequence: string;
        step: string;
      }[];
      readonly lost: {
        leads: number;
        sequence: string;
        step: string;
      }[];
      /** @description Leads whose next mail would go out at another moment */
      nextMail: {
        /** @description That had no mail to come */
        begins: number;
        earlier: number;
        /** @description That have none any more */
        ends: number;
        /** @description The first ten, by the moment of the mail that comes first */
        readonly first: {
          after: {
            /** Format: date-time */
            at: string;
            step: string;
          } | null;
          before: {
            /** Format: date-time */
            at: string;
            step: string;
          } | null;
          lead: string;
          /** Format: uuid */
          leadId: string;
        }[];
        later: number;
      };
    };
    Preview: {
      from: string;
      readonly headers: {
        name: string;
        value: string;
      }[];
      html: string | null;
      subject: string;
      text: string;
      to: string;
    };
    PreviewInput: {
      from: string;
      readonly headers: {
        name: string;
        value: string;
      }[];
      html: string | null;
      subject: string;
      text: string;
      to: string;
    };
    Problem: {
      /** @description One of docs/reference/errors.md; never changes its meaning */
      code: string;
      /** @description What happened and what to do, for people */
      detail: string;
      /** @description What is wrong with the request, field by field */
      errors?: {
        message: string;
        path: string;
      }[];
      facts?: {
        [key: string]: unknown;
      };
      status: number;
      title: string;
      type: string;
    };
    ProblemInput: {
      /** @description One of docs/reference/errors.md; never changes its meaning */
      code: string;
      /** @description What happened and what to do, for people */
      detail: string;
      /** @description What is wrong with the request, field by field */
      errors?: {
        message: string;
        path: string;
      }[];
      facts?: {
        [key: string]: unknown;
      };
      status: number;
      title: string;
      type: string;
    };
    Readiness: {
      readonly missing: {
        code: string;
        sentence: string;
        todo: string;
      }[];
      ready: boolean;
      /** @description What keeps it from nothing, and is worth knowing */
      readonly warnings: {
        code: string;
        sentence: string;
        todo: string;
      }[];
    };
    ReadinessInput: {
      readonly missing: {
        code: string;
        sentence: string;
        todo: string;
      }[];
      ready: boolean;
      /** @description What keeps it from nothing, and is worth knowing */
      readonly warnings: {
        code: string;
        sentence: string;
        todo: string;
      }[];
    };
    Schedule: {
      readonly days: components["schemas"]["ScheduleDay"][];
      firstAt: string | null;
      lastAt: string | null;
      /** @description One sentence for each mailbox and limit */
      readonly limits: string[];
      /** Format: date-time */
      madeAt: string;
      mails: number;
      /** @enum {string} */
      state: "draft" | "scheduled" | "active" | "paused" | "completed" | "archived";
      unreached: number;
    };
    ScheduleDay: {
      cap: number;
      /** @description The mailbox's local day */
      day: string;
      /** @description What makes mail wait for a later day */
      limitedBy: ("cap" | "quota" | "gap" | "window") | null;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      mails: number;
      /** @description Of other campaigns on the same mailbox */
      others: number;
      /** @description Had gone out when the schedule was made */
      used: number;
    };
    ScheduleDayInput: {
      cap: number;
      /** @description The mailbox's local day */
      day: string;
      /** @description What makes mail wait for a later day */
      limitedBy: ("cap" | "quota" | "gap" | "window") | null;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      mails: number;
      /** @description Of other campaigns on the same mailbox */
      others: number;
      /** @description Had gone out when the schedule was made */
      used: number;
    };
    ScheduledMail: {
      /** Format: date-time */
      at: string;
      lead: string;
      /** Format: uuid */
      leadId: string;
      /** @description In the zone in which the window is meant for this lead */
      localTime: string;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      sequence: string;
      step: string;
      zone: string;
    };
    ScheduledMailInput: {
      /** Format: date-time */
      at: string;
      lead: string;
      /** Format: uuid */
      leadId: string;
      /** @description In the zone in which the window is meant for this lead */
      localTime: string;
      mailbox: string;
      /** Format: uuid */
      mailboxId: string;
      sequence: string;
      step: string;
      zone: string;
    };
    ScheduleInput: {
      readonly days: components["schemas"]["ScheduleDayInput"][];
      firstAt: string | null;
      lastAt: string | null;
      /** @description One sentence for each mailbox and limit */
      readonly limits: string[];
      /** Format: date-time */
      madeAt: string;
      mails: number;
      /** @enum {string} */
      state: "draft" | "scheduled" | "active" | "paused" | "completed" | "archived";
      unreached: number;
    };
    Segment: {
      /** Format: date-time */
      createdAt: string;
      filter: components["schemas"]["LeadFilter"];
      /** Format: uuid */
      id: string;
      name: string;
      /** Format: date-time */
      updatedAt: string;
      version: number;
    };
    SegmentInput: {
      /** Format: date-time */
      createdAt: string;
      filter: components["schemas"]["LeadFilterInput"];
      /** Format: uuid */
      id: string;
      name: string;
      /** Format: date-time */
      updatedAt: string;
      version: number;
    };
    SendingDomain: {
      /** @description What DNS said last */
      readonly checks: components["schemas"]["DomainCheck"][];
      /** Format: date-time */
      createdAt: string;
      domain: string;
      /** Format: uuid */
      id: string;
      /** @description True: its key stayed in another installation; its mail is not sent until it gets another one */
      keyIsMissing: boolean;
      /** @description Null: its mail is not signed here */
      selector: string | null;
    };
    SendingDomainInput: {
      /** @description What DNS said last */
      readonly checks: components["schemas"]["DomainCheckInput"][];
      /** Format: date-time */
      createdAt: string;
      domain: string;
      /** Format: uuid */
      id: string;
      /** @description True: its key stayed in another installation; its mail is not sent until it gets another one */
      keyIsMissing: boolean;
      /** @description Null: its mail is not signed here */
      selector: string | null;
    };
    SendNow: {
      campaign: string;
      /** Format: uuid */
      campaignId: string;
      /** Format: uuid */
      enrollmentId: string;
      lead: string;
      /** Format: uuid */
      leadId: string;
      /** Format: date-time */
      slotAt: string;
      step: string;
    };
    SendNowInput: {
      campaign: string;
      /** Format: uuid */
      campaignId: string;
      /** Format: uuid */
      enrollmentId: string;
      lead: string;
      /** Format: uuid */
      leadId: string;
      /** Format: date-time */
      slotAt: string;
      step: string;
    };
    Sequence: {
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      kind: "main" | "sub";
      name: string;
      /** @description What a reply must say for a lead to enter; null for the main sequence */
      on: ("any" | "positive" | "requested_info" | "objection" | "neutral" | "negative" | "not_now" | "referral" | "wrong_person") | null;
      readonly steps: components["schemas"]["Step"][];
    };
    SequenceInput: {
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      kind: "main" | "sub";
      name: string;
      /** @description What a reply must say for a lead to enter; null for the main sequence */
      on: ("any" | "positive" | "requested_info" | "objection" | "neutral" | "negative" | "not_now" | "referral" | "wrong_person") | null;
      readonly steps: components["schemas"]["StepInput"][];
    };
    SequenceVersion: {
      /** @description Who made it; null when nobody said so */
      by: {
        /** @enum {string} */
        kind: "user" | "api_key" | "command_line";
        name: string;
      } | null;
      /** @description One phrase per change against the version before */
      readonly changes: string[];
      /** Format: date-time */
      createdAt: string;
      isNewest: boolean;
      /** @description That go by it and may still be written to */
      leads: number;
      /** @description Mails that were sent from it */
      sent: number;
      /** @description That it sends */
      steps: number;
      /** @description Counted from 1 */
      version: number;
    };
    SequenceVersionInput: {
      /** @description Who made it; null when nobody said so */
      by: {
        /** @enum {string} */
        kind: "user" | "api_key" | "command_line";
        name: string;
      } | null;
      /** @description One phrase per change against the version before */
      readonly changes: string[];
      /** Format: date-time */
      createdAt: string;
      isNewest: boolean;
      /** @description That go by it and may still be written to */
      leads: number;
      /** @description Mails that were sent from it */
      sent: number;
      /** @description That it sends */
      steps: number;
      /** @description Counted from 1 */
      version: number;
    };
    SequenceVersionWithSteps: {
      /** @description Who made it; null when nobody said so */
      by: {
        /** @enum {string} */
        kind: "user" | "api_key" | "command_line";
        name: string;
      } | null;
      /** @description One phrase per change against the version before */
      readonly changes: string[];
      /** Format: date-time */
      createdAt: string;
      isNewest: boolean;
      /** @description That go by it and may still be written to */
      leads: number;
      /** @description Mails that were sent from it */
      sent: number;
      readonly steps: components["schemas"]["Step"][];
      /** @description Counted from 1 */
      version: number;
    };
    SequenceVersionWithStepsInput: {
      /** @description Who made it; null when nobody said so */
      by: {
        /** @enum {string} */
        kind: "user" | "api_key" | "command_line";
        name: string;
      } | null;
      /** @description One phrase per change against the version before */
      readonly changes: string[];
      /** Format: date-time */
      createdAt: string;
      isNewest: boolean;
      /** @description That go by it and may still be written to */
      leads: number;
      /** @description Mails that were sent from it */
      sent: number;
      readonly steps: components["schemas"]["StepInput"][];
      /** @description Counted from 1 */
      version: number;
    };
    Setting: {
      default: string | number | boolean | null;
      means: string;
      /** @description Dotted, as in the configuration file */
      path: string;
      value: string | number | boolean | null;
    };
    SettingInput: {
      default: string | number | boolean | null;
      means: string;
      /** @description Dotted, as in the configuration file */
      path: string;
      value: string | number | boolean | null;
    };
    Status: {
      /**
       * Format: date-time
       * @description Domain time
       */
      at: string;
      campaigns: components["schemas"]["CampaignNumbers"][] | null;
      inbound: components["schemas"]["InboundNumbers"][] | null;
      mailboxes: components["schemas"]["MailboxState"][] | null;
      messages: components["schemas"]["MessageNumbers"][] | null;
      schedule: components["schemas"]["NextRun"][] | null;
    };
    StatusInput: {
      /**
       * Format: date-time
       * @description Domain time
       */
      at: string;
      campaigns: components["schemas"]["CampaignNumbersInput"][] | null;
      inbound: components["schemas"]["InboundNumbersInput"][] | null;
      mailboxes: components["schemas"]["MailboxStateInput"][] | null;
      messages: components["schemas"]["MessageNumbersInput"][] | null;
      schedule: components["schemas"]["NextRunInput"][] | null;
    };
    Step: {
      /** @description How long after the step before it */
      after: string;
      body: string;
      html: string | null;
      /** Format: uuid */
      id: string;
      /** @description `id` in the file */
      name: string;
      /** @description Null: a follow-up in the thread of the mail before it */
      subject: string | null;
    };
    StepChanges: {
      after?: string;
      body?: string;
      html?: string | null;
      subject?: string | null;
    };
    StepChangesInput: {
      after?: string;
      body?: string;
      html?: string | null;
      subject?: string | null;
    };
    StepInput: {
      /** @description How long after the step before it */
      after: string;
      body: string;
      html: string | null;
      /** Format: uuid */
      id: string;
      /** @description `id` in the file */
      name: string;
      /** @description Null: a follow-up in the thread of the mail before it */
      subject: string | null;
    };
    Suppression: {
      /** @description Null: nobody in the workspace may write to it */
      campaignId: string | null;
      /** Format: date-time */
      createdAt: string;
      evidence: {
        [key: string]: unknown;
      };
      /** Format: uuid */
      id: string;
      /** @description An address in lower case, or a domain */
      key: string;
      /** @enum {string} */
      kind: "address" | "domain";
      /** @enum {string} */
      reason: "unsubscribe" | "bounce" | "complaint" | "import" | "person" | "restore";
    };
    SuppressionInput: {
      /** @description Null: nobody in the workspace may write to it */
      campaignId: string | null;
      /** Format: date-time */
      createdAt: string;
      evidence: {
        [key: string]: unknown;
      };
      /** Format: uuid */
      id: string;
      /** @description An address in lower case, or a domain */
      key: string;
      /** @enum {string} */
      kind: "address" | "domain";
      /** @enum {string} */
      reason: "unsubscribe" | "bounce" | "complaint" | "import" | "person" | "restore";
    };
    Tag: {
      leads: number;
      tag: string;
    };
    TagInput: {
      leads: number;
      tag: string;
    };
    UnreachedLead: {
      lead: string;
      /** Format: uuid */
      leadId: string;
      reason: string;
      sentence: string;
      /** @description The first step that it does not get; null: any */
      step: string | null;
    };
    UnreachedLeadInput: {
      lead: string;
      /** Format: uuid */
      leadId: string;
      reason: string;
      sentence: string;
      /** @description The first step that it does not get; null: any */
      step: string | null;
    };
    Waiting: {
      campaign: string;
      /** Format: uuid */
      campaignId: string;
      /** Format: uuid */
      enrollmentId: string;
      lead: string;
      /** Format: uuid */
      leadId: string;
      /** @enum {string} */
      reason:
        | "campaign_paused"
        | "campaign_not_active"
        | "campaign_ended"
        | "suppressed"
        | "held"
        | "held_by_person"
        | "awaiting_reply"
        | "message_in_flight"
        | "message_uncertain"
        | "message_deferred"
        | "unplanned"
        | "not_due"
        | "domain_paused"
        | "mailbox_paused"
        | "mailbox_lost"
        | "mailbox_backed_off"
        | "sent_unknown"
        | "reply_inbox_unread"
        | "step_without_text"
        | "outside_window"
        | "new_leads"
        | "domain_day"
        | "domain_hour"
        | "company_full"
        | "company_cooling_off"
        | "company_refused"
        | "cap_used"
        | "gap";
      sentence: string;
      /** @description When that reason ends; null: unknown, or a person decides */
      until: string | null;
    };
    WaitingInput: {
      campaign: string;
      /** Format: uuid */
      campaignId: string;
      /** Format: uuid */
      enrollmentId: string;
      lead: string;
      /** Format: uuid */
      leadId: string;
      /** @enum {string} */
      reason:
        | "campaign_paused"
        | "campaign_not_active"
        | "campaign_ended"
        | "suppressed"
        | "held"
        | "held_by_person"
        | "awaiting_reply"
        | "message_in_flight"
        | "message_uncertain"
        | "message_deferred"
        | "unplanned"
        | "not_due"
        | "domain_paused"
        | "mailbox_paused"
        | "mailbox_lost"
        | "mailbox_backed_off"
        | "sent_unknown"
        | "reply_inbox_unread"
        | "step_without_text"
        | "outside_window"
        | "new_leads"
        | "domain_day"
        | "domain_hour"
        | "company_full"
        | "company_cooling_off"
        | "company_refused"
        | "cap_used"
        | "gap";
      sentence: string;
      /** @description When that reason ends; null: unknown, or a person decides */
      until: string | null;
    };
    WhyToday: {
      /** Format: date-time */
      at: string;
      readonly mailboxes: components["schemas"]["MailboxToday"][];
      next: components["schemas"]["ScheduledMail"] | null;
      /** @description All of it in words */
      readonly sentences: string[];
      readonly waits: components["schemas"]["Waiting"][];
    };
    WhyTodayInput: {
      /** Format: date-time */
      at: string;
      readonly mailboxes: components["schemas"]["MailboxTodayInput"][];
      next: components["schemas"]["ScheduledMailInput"] | null;
      /** @description All of it in words */
      readonly sentences: string[];
      readonly waits: components["schemas"]["WaitingInput"][];
    };
    Workspace: {
      /** Format: uuid */
      id: string;
      name: string;
      postalAddress: string | null;
      version: number;
    };
    WorkspaceInput: {
      /** Format: uuid */
      id: string;
      name: string;
      postalAddress: string | null;
      version: number;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  "account.read": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** Format: date-time */
            createdAt: string;
            email: string;
            hasSecondFactor: boolean;
            /** Format: uuid */
            id: string;
            name: string;
            workspaces: {
              permissions: (
                | "leads:read"
                | "leads:write"
                | "campaigns:read"
                | "campaigns:write"
                | "messages:read"
                | "messages:write"
                | "mailboxes:read"
                | "mailboxes:write"
                | "automations:read"
                | "automations:write"
                | "workspace:read"
                | "workspace:write"
                | "members:read"
                | "members:write"
                | "api_keys:read"
                | "api_keys:write"
                | "audit:read"
              )[];
              /** @enum {string} */
              role: "owner" | "admin" | "member" | "viewer";
              /** Format: uuid */
              workspaceId: string;
              workspaceName: string;
            }[];
          };
        };
      };
    };
  };
  "account.rename": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name: string;
        };
      };
    };
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "account.acceptInvitation": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name?: string;
          password?: string;
          token: string;
        };
      };
    };
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "account.readInvitation": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        token: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            email: string;
            /** @description Sign in to join, instead of making an account */
            hasAccount: boolean;
            /** @enum {string} */
            role: "owner" | "admin" | "member" | "viewer";
            workspaceName: string;
          };
        };
      };
    };
  };
  "account.changePassword": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          current: string;
          next: string;
        };
      };
    };
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "account.offerSecondFactor": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          password: string;
        };
      };
    };
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            secret: string;
            uri: string;
          };
        };
      };
    };
  };
  "account.removeSecondFactor": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          password: string;
        };
      };
    };
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "account.confirmSecondFactor": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          code: string;
        };
      };
    };
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            recoveryCodes: string[];
          };
        };
      };
    };
  };
  "account.signIn": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          code?: string;
          email: string;
          password: string;
        };
      };
    };
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "account.signOut": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "account.setUp": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          email: string;
          name: string;
          password: string;
          token: string;
        };
      };
    };
    responses: {
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "account.checkSetup": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        token: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            works: boolean;
          };
        };
      };
    };
  };
  "apiKeys.list": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            items: components["schemas"]["ApiKey"][];
          };
        };
      };
    };
  };
  "apiKeys.create": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          expiresAt?: string | null;
          name: string;
          scopes: (
            | "leads:read"
            | "leads:write"
            | "campaigns:read"
            | "campaigns:write"
            | "messages:read"
            | "messages:write"
            | "mailboxes:read"
            | "mailboxes:write"
            | "automations:read"
            | "automations:write"
            | "workspace:read"
            | "workspace:write"
            | "members:read"
            | "members:write"
            | "api_keys:read"
            | "api_keys:write"
            | "audit:read"
          )[];
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** Format: uuid */
            id: string;
            key: string;
            prefix: string;
          };
        };
      };
    };
  };
  "apiKeys.revoke": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        apiKeyId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "audit.list": {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before */
        cursor?: string;
        /** @description How many at most */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["AuditEntry"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "automationRuns.list": {
    parameters: {
      query?: {
        automation?: string;
        /** @description `nextCursor` of the page before */
        cursor?: string;
        /** @description How many at most */
        limit?: number;
        outcome?: ("running" | "ok" | "failed")[];
        trigger?: ("schedule" | "event" | "person")[];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["AutomationRun"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "automations.list": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            items: components["schemas"]["Automation"][];
          };
        };
      };
    };
  };
  "automations.read": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        automation: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Automation"];
        };
      };
    };
  };
  "automations.change": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        automation: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["AutomationChangesInput"];
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Automation"];
        };
      };
    };
  };
  "automations.run": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        automation: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** @enum {boolean} */
            queued: true;
          };
        };
      };
    };
  };
  "automations.dryRun": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["DryRun"];
        };
      };
    };
  };
  "campaigns.list": {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before */
        cursor?: string;
        /** @description How many at most */
        limit?: number;
        /** @description The whole name, in whatever case */
        name?: string;
        /** @description A part of the name or the goal */
        search?: string;
        state?: ("draft" | "scheduled" | "active" | "paused" | "completed" | "archived")[];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["CampaignSummary"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "campaigns.read": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Campaign"];
        };
      };
    };
  };
  "campaigns.change": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["CampaignChangesInput"];
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Campaign"];
        };
      };
    };
  };
  "campaigns.archive": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Campaign"];
        };
      };
    };
  };
  "campaigns.duplicate": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Campaign"];
        };
      };
    };
  };
  "enrollments.ofCampaign": {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before */
        cursor?: string;
        /** @description How many at most */
        limit?: number;
        /** @description A part of the lead's address */
        search?: string;
        state?: (
          | "active"
          | "held"
          | "awaiting_reply"
          | "finished"
          | "replied"
          | "unsubscribed"
          | "bounced"
          | "complained"
          | "failed"
          | "removed"
        )[];
      };
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["Enrollment"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "enrollments.create": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** Format: uuid */
          leadId: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["EnrollmentWithHistory"];
        };
      };
    };
  };
  "campaigns.export": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** @description YAML */
            file: string;
            version: number;
          };
        };
      };
    };
  };
  "campaigns.history": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            items: components["schemas"]["CampaignEvent"][];
          };
        };
      };
    };
  };
  "campaigns.pause": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Campaign"];
        };
      };
    };
  };
  "messages.preview": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** Format: uuid */
          leadId: string;
          /** @description The name of its sub-sequence; null for the main sequence */
          sequence?: string | null;
          /** @description The name of the step */
          step: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Preview"];
        };
      };
    };
  };
  "campaigns.readiness": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Readiness"];
        };
      };
    };
  };
  "campaigns.schedule": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Schedule"];
        };
      };
    };
  };
  "campaigns.scheduledMails": {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before */
        cursor?: string;
        /** @description How many at most */
        limit?: number;
      };
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["ScheduledMail"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "campaigns.unreached": {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before */
        cursor?: string;
        /** @description How many at most */
        limit?: number;
      };
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["UnreachedLead"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "campaigns.sequences": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            items: components["schemas"]["ListedSequence"][];
            /** @description Of the campaign; the ETag */
            version: number;
          };
        };
      };
    };
  };
  "campaigns.start": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Campaign"];
        };
      };
    };
  };
  "campaigns.changeStep": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
        stepId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": components["schemas"]["StepChangesInput"];
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Campaign"];
        };
      };
    };
  };
  "messages.sendTest": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** Format: uuid */
          leadId: string;
          /** @description The name of its sub-sequence; null for the main sequence */
          sequence?: string | null;
          /** @description The name of the step */
          step: string;
          to: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Message"];
        };
      };
    };
  };
  "campaigns.why": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        campaignId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WhyToday"];
        };
      };
    };
  };
  "campaigns.apply": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** @description The text of a campaign file, YAML or JSON */
          file: string;
          /**
           * @description Leads in a sequence that is edited go over to its new version, or stay in theirs; as `on_edit` in the file when left out. `move` also takes along who stayed before
           * @enum {string}
           */
          leadsInside?: "move" | "stay";
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["AppliedCampaign"];
        };
      };
    };
  };
  "campaigns.plan": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** @description The text of a campaign file, YAML or JSON */
          file: string;
          /**
           * @description Leads in a sequence that is edited go over to its new version, or stay in theirs; as `on_edit` in the file when left out. `move` also takes along who stayed before
           * @enum {string}
           */
          leadsInside?: "move" | "stay";
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CampaignPlan"];
        };
      };
    };
  };
  "domains.list": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            items: components["schemas"]["SendingDomain"][];
          };
        };
      };
    };
  };
  "domains.create": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          domain: string;
          /** @description Your own RSA key, in PEM; made here when it is not given */
          privateKey?: string;
          /** @description Names the DNS record; default: made from the day. A new key needs a new one */
          selector?: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            domain: string;
            record: components["schemas"]["DnsRecord"];
            selector: string;
          };
        };
      };
    };
  };
  "domains.remove": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        domainId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "domains.check": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          domain: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly checks: components["schemas"]["DomainCheck"][];
            domain: string;
          };
        };
      };
    };
  };
  "enrollments.read": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        enrollmentId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["EnrollmentWithHistory"];
        };
      };
    };
  };
  "enrollments.enter": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        enrollmentId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** Format: uuid */
          sequenceId: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["EnrollmentWithHistory"];
        };
      };
    };
  };
  "enrollments.hold": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        enrollmentId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          until?: string | null;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["EnrollmentWithHistory"];
        };
      };
    };
  };
  "enrollments.remove": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        enrollmentId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["EnrollmentWithHistory"];
        };
      };
    };
  };
  "enrollments.resume": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        enrollmentId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["EnrollmentWithHistory"];
        };
      };
    };
  };
  "events.follow": {
    parameters: {
      query?: {
        /** @description false: the present state, and that is all */
        follow?: "true" | "false";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Server-sent events */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/event-stream": components["schemas"]["LiveEvent"];
        };
      };
    };
  };
  "grantRequests.create": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** @description As whom, where that is not the address: a shared mailbox */
          account?: string;
          dailyCap?: number;
          domainDailyCap?: number | null;
          domainHourlyCap?: number | null;
          email: string;
          extraFolders?: string[];
          fromName?: string | null;
          imap?: {
            host: string;
            port: number;
            /** @enum {string} */
            security?: "tls" | "starttls" | "none";
          } | null;
          minGapSeconds?: number;
          /**
           * @description At whom its owner signs in
           * @enum {string}
           */
          oauth: "google" | "microsoft" | "custom";
          /** @enum {string} */
          provider?: "gmail" | "microsoft365" | "hostinger" | "custom";
          rampUp?: {
            /** Format: date */
            from: string;
            start: number;
            step: number;
          } | null;
          replyMailboxId?: string | null;
          /** @enum {string} */
          sentCopies?: "auto" | "provider" | "agent" | "nobody";
          /** @default false */
          skipTest?: boolean;
          smtp?: {
            host: string;
            port: number;
            /** @enum {string} */
            security?: "tls" | "starttls" | "none";
          };
          timeZone?: string;
          username?: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** Format: date-time */
            expiresAt: string;
            /** Format: uuid */
            id: string;
            /**
             * Format: uri
             * @description Works once, in one browser, until it runs out
             */
            link: string;
          };
        };
      };
    };
  };
  "grantRequests.read": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        grantRequestId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["GrantRequest"];
        };
      };
    };
  };
  "imports.list": {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before */
        cursor?: string;
        /** @description How many at most */
        limit?: number;
        state?: ("running" | "completed" | "failed" | "interrupted")[];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["Import"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "imports.create": {
    parameters: {
      query?: {
        /** @description Another tool wrote to them: they go on in this campaign after the last step that the file says was sent */
        continueCampaign?: string;
        /** @description What 03/04/2026 means in the file */
        dates?: "day-first" | "month-first";
        fileName?: string;
        /** @description The list that the leads go into, by its name; made when there is none */
        list?: string;
        /** @description What columns are, as JSON: {"Mail": "email", "Notes": null} */
        mapping?: string;
        /** @description What happens to leads that exist */
        onDuplicate?: "skip" | "fill" | "overwrite";
        /** @description Of a spreadsheet, by its name; its first unless named */
        sheet?: string;
        /** @description Given to every lead of the file */
        tag?: string[];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/octet-stream": string;
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
        "text/csv": string;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Import"];
        };
      };
    };
  };
  "imports.read": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        importId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Import"];
        };
      };
    };
  };
  "imports.rejected": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        importId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "text/csv": string;
        };
      };
    };
  };
  "inbound.list": {
    parameters: {
      query?: {
        campaignId?: string;
        /** @description `nextCursor` of the page before */
        cursor?: string;
        disposition?: ("matched" | "unmatched" | "ignored")[];
        handled?: "true" | "false";
        interestLevel?: (
          | "positive"
          | "requested_info"
          | "objection"
          | "neutral"
          | "negative"
          | "unsubscribe"
          | "not_now"
          | "referral"
          | "wrong_person"
          | "not_analyzed"
          | "needs_review"
        )[];
        leadId?: string;
        /** @description How many at most */
        limit?: number;
        mailboxId?: string;
        verdict?: ("bounce" | "complaint" | "auto_reply" | "unsubscribe_request" | "reply" | "own" | "unrelated")[];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["InboundMessage"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "inbound.read": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        inboundMessageId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["InboundMessageWithContent"];
        };
      };
    };
  };
  "inbound.assign": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        inboundMessageId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /**
           * @description Null: the one that was written to last
           * @default null
           */
          enrollmentId?: string | null;
          /** Format: uuid */
          leadId: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["InboundMessageWithJudgements"];
        };
      };
    };
  };
  "inbound.handle": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        inboundMessageId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** @default true */
          handled?: boolean;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["InboundMessageWithJudgements"];
        };
      };
    };
  };
  "inbound.judge": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        inboundMessageId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** @enum {string} */
          interestLevel:
            | "positive"
            | "requested_info"
            | "objection"
            | "neutral"
            | "negative"
            | "unsubscribe"
            | "not_now"
            | "referral"
            | "wrong_person";
          note?: string | null;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            answeredMessageId: string | null;
            campaign: string | null;
            campaignId: string | null;
            /**
             * @description `ignored`: tied to nothing, and nothing of it was kept
             * @enum {string}
             */
            disposition: "matched" | "unmatched" | "ignored";
            dispositionReason: string;
            enrollmentId: string | null;
            /** @description Whether its lead entered a sub-sequence */
            entered: boolean;
            fromAddress: string | null;
            fromName: string | null;
            /** @description When a person had dealt with it */
            handledAt: string | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            interestLevel:
              | "positive"
              | "requested_info"
              | "objection"
              | "neutral"
              | "negative"
              | "unsubscribe"
              | "not_now"
              | "referral"
              | "wrong_person"
              | "not_analyzed"
              | "needs_review";
            /** @description False: it meant that before */
            judged: boolean;
            /** @description Newest first: the first one counts */
            readonly judgements: components["schemas"]["Judgement"][];
            lead: string | null;
            leadId: string | null;
            mailbox: string;
            /** Format: uuid */
            mailboxId: string;
            /** @description How it was tied to what it answers */
            matchMethod:
              | (
                  | "in_reply_to"
                  | "references"
                  | "plus_address"
                  | "quoted_original"
                  | "original_recipient"
                  | "subject_and_address"
                  | "address"
                  | "person"
                )
              | null;
            /** @description The Message-ID of its header */
            messageId: string | null;
            /** Format: date-time */
            receivedAt: string;
            /** @description What the sender's program says */
            sentDate: string | null;
            subject: string | null;
            suggestedLead: string | null;
            /** @description A guess for a person to confirm */
            suggestedLeadId: string | null;
            /**
             * @description What it is
             * @enum {string}
             */
            verdict: "bounce" | "complaint" | "auto_reply" | "unsubscribe_request" | "reply" | "own" | "unrelated";
            /** @description The rules that decided, with what they saw */
            readonly verdictWhy: string[];
            /** @description The new words: no quote, no signature */
            visibleText: string | null;
          };
        };
      };
    };
  };
  "invitations.list": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            items: components["schemas"]["Invitation"][];
          };
        };
      };
    };
  };
  "invitations.create": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          email: string;
          /** @enum {string} */
          role: "owner" | "admin" | "member" | "viewer";
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** Format: date-time */
            expiresAt: string;
            /** Format: uuid */
            id: string;
            token: string;
          };
        };
      };
    };
  };
  "invitations.revoke": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        invitationId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "leads.list": {
    parameters: {
      query?: {
        /** @description What is known of its address; unrated: nothing */
        addressQuality?: ("good" | "doubtful" | "invalid" | "unrated")[];
        /** @description `nextCursor` of the page before */
        cursor?: string;
        /** @description The whole address, in any spelling */
        email?: string;
        /** @description How many at most */
        limit?: number;
        list?: string;
        reachability?: ("ok" | "bounced" | "unsubscribed" | "complained")[];
        /** @description Whether a person took it out of everything; absent: both */
        removed?: boolean;
        scoreBand?: ("cold" | "warm" | "hot")[];
        /** @description Stands in the address, the name or the company */
        search?: string;
        /** @description A saved filter; what is given beside it takes the place of its filter of the same name */
        segment?: string;
        sort?: "newest" | "email";
        status?: ("new" | "contacted" | "engaged" | "qualified" | "converted" | "lost")[];
        /** @description Has at least one of them */
        tag?: string[];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["ListedLead"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "leads.create": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          company?: string | null;
          /** @description Field by field; null takes one away */
          custom?: {
            [key: string]: string | number | boolean | null;
          };
          email: string;
          firstName?: string | null;
          lastName?: string | null;
          /** @default [] */
          lists?: string[];
          phone?: string | null;
          tags?: string[];
          timeZone?: string | null;
          title?: string | null;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Lead"];
        };
      };
    };
  };
  "leads.read": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        leadId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Lead"];
        };
      };
    };
  };
  "leads.change": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        leadId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          company?: string | null;
          /** @description Field by field; null takes one away */
          custom?: {
            [key: string]: string | number | boolean | null;
          };
          firstName?: string | null;
          lastName?: string | null;
          phone?: string | null;
          /** @enum {string} */
          status?: "new" | "contacted" | "engaged" | "qualified" | "converted" | "lost";
          tags?: string[];
          timeZone?: string | null;
          title?: string | null;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Lead"];
        };
      };
    };
  };
  "enrollments.ofLead": {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before */
        cursor?: string;
        /** @description How many at most */
        limit?: number;
        state?: (
          | "active"
          | "held"
          | "awaiting_reply"
          | "finished"
          | "replied"
          | "unsubscribed"
          | "bounced"
          | "complained"
          | "failed"
          | "removed"
        )[];
      };
      header?: never;
      path: {
        leadId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["Enrollment"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "leads.history": {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before */
        cursor?: string;
        /** @description How many at most */
        limit?: number;
      };
      header?: never;
      path: {
        leadId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["LeadHistoryItem"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "leads.remove": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        leadId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            cancelled: number;
            stopped: number;
          };
        };
      };
    };
  };
  "leads.restore": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        leadId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Lead"];
        };
      };
    };
  };
  "leads.resume": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        leadId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            resumed: number;
          };
        };
      };
    };
  };
  "leads.why": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        leadId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["LeadWhy"];
        };
      };
    };
  };
  "leads.changeMany": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          addTags?: string[];
          /** @default [] */
          addToLists?: string[];
          /** @description All that it finds; {} is every lead */
          filter?: {
            /** @description What is known of its address; unrated: nothing */
            addressQuality?: ("good" | "doubtful" | "invalid" | "unrated")[];
            /** Format: uuid */
            list?: string;
            reachability?: ("ok" | "bounced" | "unsubscribed" | "complained")[];
            /** @description Whether a person took it out of everything; absent: both */
            removed?: boolean;
            scoreBand?: ("cold" | "warm" | "hot")[];
            /** @description Stands in the address, the name or the company */
            search?: string;
            /**
             * Format: uuid
             * @description A saved filter; what is given beside it takes the place of its filter of the same name
             */
            segment?: string;
            status?: ("new" | "contacted" | "engaged" | "qualified" | "converted" | "lost")[];
            /** @description Has at least one of them */
            tag?: string[];
          };
          leadIds?: string[];
          /** @default [] */
          removeFromLists?: string[];
          removeTags?: string[];
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** @description Those that were named or found */
            leads: number;
            listed: number;
            tagsAdded: number;
            tagsRemoved: number;
            unlisted: number;
          };
        };
      };
    };
  };
  "leads.check": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /**
           * Format: uuid
           * @description Only its audience
           */
          campaign?: string;
          /** @description {} is every lead */
          filter?: {
            /** @description What is known of its address; unrated: nothing */
            addressQuality?: ("good" | "doubtful" | "invalid" | "unrated")[];
            /** Format: uuid */
            list?: string;
            reachability?: ("ok" | "bounced" | "unsubscribed" | "complained")[];
            /** @description Whether a person took it out of everything; absent: both */
            removed?: boolean;
            scoreBand?: ("cold" | "warm" | "hot")[];
            /** @description Stands in the address, the name or the company */
            search?: string;
            /**
             * Format: uuid
             * @description A saved filter; what is given beside it takes the place of its filter of the same name
             */
            segment?: string;
            status?: ("new" | "contacted" | "engaged" | "qualified" | "converted" | "lost")[];
            /** @description Has at least one of them */
            tag?: string[];
          };
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["CheckedAddresses"];
        };
      };
    };
  };
  "leads.count": {
    parameters: {
      query?: {
        /** @description What is known of its address; unrated: nothing */
        addressQuality?: ("good" | "doubtful" | "invalid" | "unrated")[];
        list?: string;
        reachability?: ("ok" | "bounced" | "unsubscribed" | "complained")[];
        /** @description Whether a person took it out of everything; absent: both */
        removed?: boolean;
        scoreBand?: ("cold" | "warm" | "hot")[];
        /** @description Stands in the address, the name or the company */
        search?: string;
        /** @description A saved filter; what is given beside it takes the place of its filter of the same name */
        segment?: string;
        status?: ("new" | "contacted" | "engaged" | "qualified" | "converted" | "lost")[];
        /** @description Has at least one of them */
        tag?: string[];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            leads: number;
          };
        };
      };
    };
  };
  "lists.list": {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before */
        cursor?: string;
        /** @description How many at most */
        limit?: number;
        search?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["LeadList"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "lists.create": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["LeadList"];
        };
      };
    };
  };
  "lists.read": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        listId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["LeadList"];
        };
      };
    };
  };
  "lists.delete": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        listId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "lists.rename": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        listId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["LeadList"];
        };
      };
    };
  };
  "lists.addLeads": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        listId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          leadIds: string[];
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            added: number;
          };
        };
      };
    };
  };
  "lists.removeLeads": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        listId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          leadIds: string[];
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            removed: number;
          };
        };
      };
    };
  };
  "mailboxes.presets": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            items: {
              hint: string;
              imap: {
                host: string;
                port: number;
                /** @enum {string} */
                security: "tls" | "starttls" | "none";
              };
              /** @enum {string} */
              provider: "gmail" | "microsoft365" | "hostinger";
              smtp: {
                host: string;
                port: number;
                /** @enum {string} */
                security: "tls" | "starttls" | "none";
              };
            }[];
          };
        };
      };
    };
  };
  "mailboxes.list": {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before */
        cursor?: string;
        /** @description The whole address, in any spelling */
        email?: string;
        /** @description How many at most */
        limit?: number;
        state?: "active" | "paused";
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["Mailbox"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "mailboxes.create": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          dailyCap?: number;
          domainDailyCap?: number | null;
          domainHourlyCap?: number | null;
          email: string;
          extraFolders?: string[];
          fromName?: string | null;
          imap?: {
            host: string;
            port: number;
            /** @enum {string} */
            security?: "tls" | "starttls" | "none";
          } | null;
          imapPassword?: string;
          minGapSeconds?: number;
          password?: string | null;
          /** @enum {string} */
          provider?: "gmail" | "microsoft365" | "hostinger" | "custom";
          rampUp?: {
            /** Format: date */
            from: string;
            start: number;
            step: number;
          } | null;
          replyMailboxId?: string | null;
          /** @enum {string} */
          sentCopies?: "auto" | "provider" | "agent" | "nobody";
          /** @default false */
          skipTest?: boolean;
          smtp?: {
            host: string;
            port: number;
            /** @enum {string} */
            security?: "tls" | "starttls" | "none";
          };
          timeZone?: string;
          username?: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            mailbox: components["schemas"]["Mailbox"];
            /** @description Null: not tested */
            tests: components["schemas"]["MailboxTests"] | null;
          };
        };
      };
    };
  };
  "mailboxes.read": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        mailboxId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Mailbox"];
        };
      };
    };
  };
  "mailboxes.remove": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        mailboxId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "mailboxes.change": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        mailboxId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          dailyCap?: number;
          domainDailyCap?: number | null;
          domainHourlyCap?: number | null;
          extraFolders?: string[];
          fromName?: string | null;
          imap?: {
            host: string;
            port: number;
            /** @enum {string} */
            security?: "tls" | "starttls" | "none";
          } | null;
          imapPassword?: string;
          minGapSeconds?: number;
          password?: string | null;
          /** @enum {string} */
          provider?: "gmail" | "microsoft365" | "hostinger" | "custom";
          rampUp?: {
            /** Format: date */
            from: string;
            start: number;
            step: number;
          } | null;
          replyMailboxId?: string | null;
          /** @enum {string} */
          sentCopies?: "auto" | "provider" | "agent" | "nobody";
          /** @default false */
          skipTest?: boolean;
          smtp?: {
            host: string;
            port: number;
            /** @enum {string} */
            security?: "tls" | "starttls" | "none";
          };
          timeZone?: string;
          username?: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            mailbox: components["schemas"]["Mailbox"];
            /** @description Null: not tested */
            tests: components["schemas"]["MailboxTests"] | null;
          };
        };
      };
    };
  };
  "mailboxes.pause": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        mailboxId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          reason?: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Mailbox"];
        };
      };
    };
  };
  "mailboxes.resume": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        mailboxId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** @default false */
          force?: boolean;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Mailbox"];
        };
      };
    };
  };
  "mailboxes.sync": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        mailboxId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** @enum {boolean} */
            queued: true;
          };
        };
      };
    };
  };
  "mailboxes.test": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        mailboxId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MailboxTests"];
        };
      };
    };
  };
  "mailboxes.why": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        mailboxId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WhyToday"];
        };
      };
    };
  };
  "members.list": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            items: components["schemas"]["Member"][];
          };
        };
      };
    };
  };
  "members.remove": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        userId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "members.changeRole": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        userId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** @enum {string} */
          role: "owner" | "admin" | "member" | "viewer";
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "members.leave": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "messages.list": {
    parameters: {
      query?: {
        campaignId?: string;
        /** @description `nextCursor` of the page before */
        cursor?: string;
        leadId?: string;
        /** @description How many at most */
        limit?: number;
        mailboxId?: string;
        state?: ("queued" | "claimed" | "transmitting" | "sent" | "deferred" | "failed" | "uncertain" | "cancelled")[];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["Message"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "messages.read": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        messageId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["MessageWithContent"];
        };
      };
    };
  };
  "messages.cancel": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        messageId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Message"];
        };
      };
    };
  };
  "messages.sendAgain": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        messageId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Message"];
        };
      };
    };
  };
  "messages.wasSent": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        messageId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Message"];
        };
      };
    };
  };
  "messages.sendDue": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": Record<string, never>;
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** @description Those that have due mail */
            mailboxes: number;
          };
        };
      };
    };
  };
  "segments.list": {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before */
        cursor?: string;
        /** @description How many at most */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["Segment"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "segments.create": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          filter: {
            /** @description What is known of its address; unrated: nothing */
            addressQuality?: ("good" | "doubtful" | "invalid" | "unrated")[];
            /** Format: uuid */
            list?: string;
            reachability?: ("ok" | "bounced" | "unsubscribed" | "complained")[];
            /** @description Whether a person took it out of everything; absent: both */
            removed?: boolean;
            scoreBand?: ("cold" | "warm" | "hot")[];
            /** @description Stands in the address, the name or the company */
            search?: string;
            status?: ("new" | "contacted" | "engaged" | "qualified" | "converted" | "lost")[];
            /** @description Has at least one of them */
            tag?: string[];
          };
          name: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Segment"];
        };
      };
    };
  };
  "segments.read": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        segmentId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Segment"];
        };
      };
    };
  };
  "segments.delete": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        segmentId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "segments.change": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        segmentId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          filter?: {
            /** @description What is known of its address; unrated: nothing */
            addressQuality?: ("good" | "doubtful" | "invalid" | "unrated")[];
            /** Format: uuid */
            list?: string;
            reachability?: ("ok" | "bounced" | "unsubscribed" | "complained")[];
            /** @description Whether a person took it out of everything; absent: both */
            removed?: boolean;
            scoreBand?: ("cold" | "warm" | "hot")[];
            /** @description Stands in the address, the name or the company */
            search?: string;
            status?: ("new" | "contacted" | "engaged" | "qualified" | "converted" | "lost")[];
            /** @description Has at least one of them */
            tag?: string[];
          };
          name?: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Segment"];
        };
      };
    };
  };
  "sequences.versions": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        sequenceId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            items: components["schemas"]["SequenceVersion"][];
          };
        };
      };
    };
  };
  "sequences.version": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        sequenceId: string;
        version: number;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["SequenceVersionWithSteps"];
        };
      };
    };
  };
  "settings.list": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            items: components["schemas"]["Setting"][];
          };
        };
      };
    };
  };
  "status.read": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Status"];
        };
      };
    };
  };
  "suppressions.list": {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before */
        cursor?: string;
        kind?: "address" | "domain";
        /** @description How many at most */
        limit?: number;
        reason?: ("unsubscribe" | "bounce" | "complaint" | "import" | "person" | "restore")[];
        /** @description Stands in the address or domain */
        search?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["Suppression"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "suppressions.create": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          note?: string;
          /** @description ann@bakery.example, or @bakery.example for everybody there */
          target: string;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            /** @description False when it stood already; the first reason is kept */
            added: boolean;
            /** @description Mails that will not go out */
            cancelled: number;
            /** @description Enrollments that ended */
            stopped: number;
            suppression: components["schemas"]["Suppression"];
          };
        };
      };
    };
  };
  "suppressions.delete": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        suppressionId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "suppressions.lift": {
    parameters: {
      query?: never;
      header?: never;
      path: {
        suppressionId: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          /** @description How that is known; kept in the audit log */
          evidence: string;
          /** @enum {boolean} */
          force: true;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Done */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  "tags.list": {
    parameters: {
      query?: {
        /** @description `nextCursor` of the page before */
        cursor?: string;
        /** @description How many at most */
        limit?: number;
        search?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            readonly items: components["schemas"]["Tag"][];
            /** @description Null on the last page */
            nextCursor: string | null;
          };
        };
      };
    };
  };
  "status.why": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["WhyToday"];
        };
      };
    };
  };
  "workspace.read": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Workspace"];
        };
      };
    };
  };
  "workspace.change": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name?: string;
          postalAddress?: string | null;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Workspace"];
        };
      };
    };
  };
  "workspaces.list": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": {
            items: components["schemas"]["OwnWorkspace"][];
          };
        };
      };
    };
  };
  "workspaces.create": {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        "application/json": {
          name: string;
          postalAddress?: string | null;
        };
      };
    };
    responses: {
      /** @description Refused */
      "4XX": {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/problem+json": components["schemas"]["Problem"];
        };
      };
      /** @description Default Response */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          "application/json": components["schemas"]["Workspace"];
        };
      };
    };
  };
}
