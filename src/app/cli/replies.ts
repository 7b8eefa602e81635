// replies list|judge: what people answered, and what only a person can tell about it.
import { Argument, type Command } from "commander";
import { judgeReply } from "../../automations/judge-reply.ts";
import { AgentError } from "../../core/errors.ts";
import { type InboundMessageId, isId } from "../../core/ids.ts";
import { INTEREST_LEVELS, type InterestLevel } from "../../core/words.ts";
import { listReplies, type Reply } from "../../store/reply-review.ts";
import { limitOf } from "./leads-list.ts";
import { print } from "./output.ts";
import { type GlobalOptions, withSession } from "./session.ts";

export function addReplyCommands(program: Command): void {
  const replies = program.command("replies").description("what people answered, and what it means");
  replies
    .command("list")
    .description("the newest replies with their words")
    .option("--needs-review", "only those that wait for a person's judgement")
    .option("--limit <n>", "how many", "20")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { needsReview?: boolean; limit: string }>();
      const page = { onlyToReview: options.needsReview ?? false, limit: limitOf(options.limit) };
      const found = await withSession(options, ({ agent, workspaceId }) => listReplies(agent.db, workspaceId, page));
      print(found, options.json, (all) => all.map(writeReply).join("\n\n") || "There is none.");
    });
  replies
    .command("judge <id>")
    .description("says what a reply means; its lead goes where such replies lead")
    .addArgument(new Argument("<level>", "its interest level").choices(INTEREST_LEVELS))
    .action(async (id: string, level: InterestLevel, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      if (!isId(id)) throw new AgentError("not_found", `There is no reply ${id}; \`replies list\` shows them.`);
      const done = await withSession(options, ({ agent, workspaceId }) =>
        judgeReply(agent, { workspaceId, inboundMessageId: id as InboundMessageId }, { level }),
      );
      print({ id, level, ...done }, options.json, ({ judged, entered }) => {
        if (!judged) return `It was ${level} before.`;
        return entered ? `It is ${level}; its lead enters the sub-sequence for it.` : `It is ${level}; no sub-sequence follows.`;
      });
    });
}

const WORDS = 600;

function writeReply({ id, receivedAt, fromAddress, campaign, interestLevel, subject, visibleText }: Reply): string {
  const text = (visibleText ?? "").trim();
  const shown = text.length > WORDS ? `${text.slice(0, WORDS)}…` : text;
  const head = `${id}  ${receivedAt.toISOString().slice(0, 16).replace("T", " ")} UTC  ${fromAddress ?? "?"}  ${interestLevel}  ${campaign ?? "no campaign"}`;
  return [head, subject ?? "", ...shown.split("\n")].map((line, index) => (index === 0 ? line : `    ${line}`)).join("\n");
}
