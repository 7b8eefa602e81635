// How does a mail that did not go out give its budget back? A piece of the statements that take it out of a day.

/**
 * Gives the budget back for mails that did not go out, day by day. Rows of `gone` need workspace_id, mailbox_id, budget_day, quota_periods. The
 * quotas follow the budget, as in a claim, so that the two never wait for each other. The update of the message
 * must join `gone`: where it finds the row by itself it comes first, and a row that the same statement has changed is not in `gone` any more.
 */
export const REFUND = `
  refund as (
    update send_budget budget set used = used - gone.mails
    from (select workspace_id, mailbox_id, budget_day, count(*) as mails from gone where budget_day is not null group by 1, 2, 3) gone
    where budget.workspace_id = gone.workspace_id and budget.mailbox_id = gone.mailbox_id and budget.day = gone.budget_day
    returning budget.mailbox_id),
  refund_quota as (
    update send_quota quota set used = quota.used - gone.mails
    from (
      select workspace_id, mailbox_id, period, count(*) as mails from gone cross join unnest(quota_periods) as period
      where budget_day is not null group by 1, 2, 3) gone
    where quota.workspace_id = gone.workspace_id and quota.mailbox_id = gone.mailbox_id and quota.period = gone.period
      and (select count(*) from refund) >= 0)`;
