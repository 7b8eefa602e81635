// Which version of the product is this?
import { readFileSync } from "node:fs";
import { z } from "zod";

export const PRODUCT_VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"))).version;
