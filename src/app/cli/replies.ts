// replies list|judge: what people answered, and what only a person can tell about it.
import { Argument, type Command } from "commander";
import type { components } from "../../client/api-types.ts";
import { type ApiClient, given, upTo } from "../../client/client.ts";
import { AgentError } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import { INTEREST_LEVELS, type InterestLevel } from "../../core/words.ts";
import { withApi } from "./api.ts";
import { type GlobalOptions, limitOf } from "./options.ts";
import { print } from "./output.ts";

type Reply = components["schemas"]["InboundMessage"];

export function addReplyCommands(program: Command): void {
  const replies = program.command("replies").description("what people answered, and what it means");
  replies
    .command("list")
    .description("the newest replies with their words")
    .option("--needs-review", "only those that wait for a person's judgement")
    .option("--limit <n>", "how many", "20")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { needsReview?: boolean; limit: string }>();
      const limit = limitOf(options.limit);
      const found = await withApi(options, (api) => newest(api, limit, options.needsReview ?? false));
      print(found, options.json, (all) => all.map(writeReply).join("\n\n") || "There is none.");
    });
  replies
    .command("judge <id>")
    .description("says what a reply means; its lead goes where such replies lead")
    .addArgument(new Argument("<level>", "its interest level").choices(INTEREST_LEVELS))
    .action(async (id: string, level: InterestLevel, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      if (!isId(id)) throw new AgentError("not_found", `There is no reply ${id}; \`replies list\` shows them.`);
      const params = { path: { inboundMessageId: id } };
      const done = await withApi(options, async (api) => {
        const { judged, entered } = await given(
          api.POST("/api/v1/inbound-messages/{inboundMessageId}/judge", { params, body: { interestLevel: level } }),
        );
        return { judged, entered };
      });
      print({ id, level, ...done }, options.json, ({ judged, entered }) => {
        if (!judged) return `It was ${level} before.`;
        return entered ? `It is ${level}; its lead enters the sub-sequence for it.` : `It is ${level}; no sub-sequence follows.`;
      });
    });
}

function newest(api: ApiClient, limit: number, onlyToReview: boolean): Promise<Reply[]> {
  const filter = { verdict: ["reply" as const], ...(onlyToReview ? { interestLevel: ["needs_review" as const] } : {}) };
  return upTo(limit, (page) => given(api.GET("/api/v1/inbound-messages", { params: { query: { ...filter, ...page } } })));
}

const WORDS = 600;

function writeReply({ id, receivedAt, fromAddress, campaign, interestLevel, subject, visibleText }: Reply): string {
  const text = (visibleText ?? "").trim();
  const shown = text.length > WORDS ? `${text.slice(0, WORDS)}…` : text;
  const head = `${id}  ${receivedAt.slice(0, 16).replace("T", " ")} UTC  ${fromAddress ?? "?"}  ${interestLevel}  ${campaign ?? "no campaign"}`;
  return [head, subject ?? "", ...shown.split("\n")].map((line, index) => (index === 0 ? line : `    ${line}`)).join("\n");
}
