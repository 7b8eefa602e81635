// The generated references: what each file under docs/reference holds. A test fails when one is stale; `npm run references` writes them.
import { writeFileSync } from "node:fs";
import { z } from "zod";
import { environmentVariable, settingPaths } from "../src/app/config.ts";
import { CHECK_GROUPS } from "../src/app/doctor/doctor.ts";
import { campaignJsonSchema } from "../src/core/campaign-file.ts";
import { ERROR_CODES } from "../src/core/errors.ts";
import { settingsSchema } from "../src/core/settings.ts";
import { openApiDocument } from "../src/http/api/openapi.ts";

export const REFERENCES: Readonly<Record<string, () => string | Promise<string>>> = {
  "campaign.schema.json": campaignJsonSchema,
  "configuration.md": configuration,
  "doctor.md": doctor,
  "errors.md": errors,
  "openapi.json": async () => `${JSON.stringify(await openApiDocument(), null, 2)}\n`,
};

export function referenceUrl(name: string): URL {
  return new URL(`../docs/reference/${name}`, import.meta.url);
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly default?: unknown;
  readonly description?: string;
}

function configuration(): string {
  const schema = z.toJSONSchema(settingsSchema, { io: "input", unrepresentable: "any" }) as JsonSchema;
  const rows = settingPaths().map((path) => {
    const setting = path.split(".").reduce<JsonSchema | undefined>((at, key) => at?.properties?.[key], schema);
    const fallback = setting?.default === undefined ? "" : `\`${JSON.stringify(setting.default)}\``;
    return `| \`${path}\` | \`${environmentVariable(path)}\` | ${fallback} | ${setting?.description ?? ""} |`;
  });
  return `# Settings

Defaults ← \`marketing-agent.yaml\` (or \`--config FILE\`) ← environment. Secrets may also come from a file named by the variable with \`_FILE\` appended.

| setting | variable | default | meaning |
|---|---|---|---|
${rows.join("\n")}
`;
}

function errors(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
  return `# Error codes

Every error names one of these codes; it never changes its meaning. Messages are for people and may change.

| code | meaning |
|---|---|
${rows.join("\n")}
`;
}

function doctor(): string {
  const groups = CHECK_GROUPS.map(({ name, checks }) => {
    const sections = checks.map(({ id, looksAt, fix }) => `### ${id}\n\n${looksAt}\n\n**Fix.** ${fix}\n`);
    return `## ${name}\n\n${sections.join("\n")}`;
  });
  return `# Checks of the installation

\`doctor\` looks at all of them, also when the database does not answer. It ends with exit code 1 when a check failed, else with 0; \`--json\` gives every finding with its id, its fix and its place in this file.

${groups.join("\n")}`;
}

if (import.meta.main) for (const [name, write] of Object.entries(REFERENCES)) writeFileSync(referenceUrl(name), await write());
