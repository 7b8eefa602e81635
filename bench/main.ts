// `npm run bench [-- NAME…] [--json] [options]`: all benchmarks, or those that are named. A new one is a line in BENCHES.
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { type Bench, type Options, type Report, report } from "./bench.ts";
import { claim } from "./claim.ts";
import { imported } from "./import.ts";
import { planner } from "./planner.ts";
import { send } from "./send.ts";
import { sync } from "./sync.ts";

const BENCHES: Readonly<Record<string, Bench>> = { planner, claim, send, sync, import: imported };

function named(name: string): Bench {
  const bench = BENCHES[name];
  if (!bench) throw new Error(`There is no benchmark "${name}"; there are ${Object.keys(BENCHES).join(", ")}.`);
  return bench;
}

function commandLine(): { names: readonly string[]; json: boolean; options: Options } {
  const json: ParseArgsOptionsConfig = { json: { type: "boolean" } };
  const known: ParseArgsOptionsConfig = Object.assign(json, ...Object.values(BENCHES).map((bench) => bench.options));
  const { positionals, values } = parseArgs({ allowPositionals: true, options: known });
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  return { names, json: values["json"] === true, options: values as Options };
}

function print({ bench, title, machine, figures }: Report): void {
  const { processor, cores, memoryGb, load, loadAfter, versions } = machine;
  console.log(`\n${bench}: ${title}`);
  console.log(`${processor}, ${cores} cores, ${memoryGb} GB, load ${load} before and ${loadAfter} after`);
  console.log(
    Object.entries(versions)
      .map((version) => version.join(" "))
      .join(", "),
  );
  console.table(figures.map(({ rounds, ...row }) => ({ ...row, rounds: (rounds as readonly number[]).join(" ") })));
}

const { names, json, options } = commandLine();
const reports: Report[] = [];
for (const [name, bench] of names.map((one) => [one, named(one)] as const)) {
  const made = await report(name, bench, options);
  reports.push(made);
  if (!json) print(made);
}
if (json) console.log(JSON.stringify(reports, null, 2));
