// What reaches the terminal: nothing that steers it, and an exit code that a script can rely on.
import { CommanderError } from "commander";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AgentError } from "../../core/errors.ts";
import { fail, print, table } from "./output.ts";

let out = "";
let err = "";
beforeEach(() => {
  out = "";
  err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterEach(() => void vi.restoreAllMocks());

describe("what strangers wrote", () => {
  const HOSTILE = "Re: \u001b[2J\u009b31m\u202Eevil\u2066\u007f";

  test("does not steer the terminal, in text or in JSON", () => {
    print(HOSTILE, false, (text) => `a line\n\tanother ${text}`);
    expect(out).toBe("a line\n\tanother Re:  [2J 31m evil  \n");
    out = "";
    print({ subject: HOSTILE }, true, () => "");
    expect(out.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e\u2066]/u);
    expect(JSON.parse(out)).toEqual({ subject: HOSTILE });
  });

  test("stays in its row of a table", () => {
    expect(
      table(
        ["Subject", "N"],
        [
          ["a\nb\tc", 1],
          ["long subject", null],
        ],
      ),
    ).toBe("Subject       N\na b c         1\nlong subject");
  });

  test("in an error as well", () => {
    fail(new AgentError("smtp_auth", `The server said: ${HOSTILE}`), false);
    expect(err.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e\u2066]/u);
  });
});

describe("an error", () => {
  test.each([
    ["invalid_input", 2],
    ["not_found", 2],
    ["campaign_not_ready", 3],
    ["data_directory_in_use", 3],
    ["last_owner", 3],
    ["precondition_failed", 3],
    ["too_many_requests", 3],
    ["upload_broken", 4],
    ["database_unusable", 4],
    ["imap_auth", 4],
    ["internal", 1],
  ] as const)("%s ends with %d", (code, exit) => {
    expect(fail(new AgentError(code, "It is so."), false)).toBe(exit);
    expect(err).toContain(`It is so. [${code}]`);
  });

  test("that nobody foresaw is one sentence, no stack", () => {
    expect(fail(new TypeError("x is not a function"), false)).toBe(1);
    expect(err).toBe("x is not a function [internal]\nSet MARKETING_AGENT_LOG_LEVEL=debug to see where it happened.\n");
  });

  test("is JSON on standard output for programs", () => {
    fail(new AgentError("not_found", "There is no lead.", { detail: { id: 1 } }), true);
    expect(JSON.parse(out)).toMatchObject({ error: { code: "not_found", message: "There is no lead.", detail: { id: 1 } } });
    expect(err).toBe("");
  });

  test("names all problems of a file when the sentence has room for some", () => {
    const problems = ["a", "b", "c", "d"].map((path, index) => ({ path, line: index === 0 ? null : index, message: "is wrong" }));
    fail(new AgentError("campaign_file_invalid", "The file cannot be used.", { detail: { problems } }), false);
    expect(err.split("\n").slice(2, 6)).toEqual(["- a is wrong", "- line 1: b is wrong", "- line 2: c is wrong", "- line 3: d is wrong"]);
  });

  test("of the command line itself is 2, and asking for help is none", () => {
    expect(fail(new CommanderError(1, "commander.unknownCommand", "error: unknown command"), false)).toBe(2);
    expect(fail(new CommanderError(0, "commander.helpDisplayed", ""), false)).toBe(0);
  });
});
