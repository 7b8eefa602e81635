// Writes docs/reference/campaign.schema.json, which editors check campaign files with, from the schema that the product reads them with.
import { writeFileSync } from "node:fs";
import { campaignJsonSchema } from "../src/core/campaign-file.ts";

writeFileSync(new URL("../docs/reference/campaign.schema.json", import.meta.url), campaignJsonSchema());
