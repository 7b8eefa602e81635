import fc from "fast-check";
import { expect, test } from "vitest";
import { anyCampaignFile, meaningOf } from "../../test/support/any-campaign-file.ts";
import { writeCampaign } from "../core/written-campaign.ts";
import { campaignYaml } from "./export-campaign.ts";
import { readCampaignFile, readWrittenCampaign } from "./read-campaign-file.ts";

test("any campaign, written into a file and read again, is the same campaign", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(anyCampaignFile({ mailboxes: ["anna@team.example", "Bob@Team.example"], lists: ["Bakeries", "yes"] }), (values) => {
      const file = readWrittenCampaign(JSON.parse(JSON.stringify(values)));
      const again = readCampaignFile(campaignYaml(writeCampaign(file)));
      expect(meaningOf(again)).toEqual(meaningOf(file));
      expect(writeCampaign(again)).toEqual(writeCampaign(file));
    }),
    { numRuns: 150 },
  );
});
