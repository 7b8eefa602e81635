// What an operation says about something that is not there, or is another workspace's: the same.
import { AgentError } from "../../core/errors.ts";

export function found<Value>(value: Value | null): Value {
  if (value === null) throw new AgentError("not_found", "There is no such thing in this workspace.");
  return value;
}
