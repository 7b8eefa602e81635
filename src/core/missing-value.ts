// What stands in a template where a lead has nothing: it is false to `if`, filled by `default`, passed on by every other filter, and refused
// where it would be printed. Liquid's strictVariables refuses too early: `{{ nickname | capitalize | default: "you" }}` and
// `default: nickname` would fail although everything is there.
import { type Comparable, Drop } from "liquidjs";

export class MissingValue extends Drop implements Comparable {
  readonly variable: string;

  constructor(variable: string) {
    super();
    this.variable = variable;
  }

  /** `company.size` lacks a company. */
  override liquidMethodMissing(): this {
    return this;
  }

  /** What `if`, `default` and comparisons see. */
  override valueOf(): null {
    return null;
  }

  /** `company == nil`, `== blank` and `== empty` are true; two missing values are equal. */
  equals(other: unknown): boolean {
    return other === null || other === undefined || other === "" || other instanceof Drop;
  }

  gt(): boolean {
    return false;
  }

  geq(): boolean {
    return false;
  }

  lt(): boolean {
    return false;
  }

  leq(): boolean {
    return false;
  }
}

/** Thrown where a template prints a value that is not there. */
export class MissingValueError extends Error {
  /** Null for a value that no variable stands for, such as the second word of one word. */
  readonly variable: string | null;

  constructor(variable: string | null) {
    super(variable === null ? "a value is missing" : `${variable} is missing`);
    this.name = "MissingValueError";
    this.variable = variable;
  }
}
