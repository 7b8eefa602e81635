// Types of the API for the client, with the fingerprint of the document they were made from: a test fails when they are stale.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const document = readFileSync(new URL("../../docs/reference/openapi.json", import.meta.url), "utf8");
const sha256 = createHash("sha256").update(document).digest("hex");
const types = astToString(await openapiTS(document, { alphabetize: true }));
const header = `// Generated from docs/reference/openapi.json (${sha256}) by \`npm run client\`. Not edited by hand.\n`;
writeFileSync(new URL("../../src/client/api-types.ts", import.meta.url), header + types);
