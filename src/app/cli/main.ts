// Where the command line begins. Compiled code is kept between commands: of 1.4 s of CPU until the first one runs it saves a half (hence the late import).
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// Beside the installed packages, where nobody else writes; where we may not either, everything runs without it.
enableCompileCache(fileURLToPath(new URL("../../../node_modules/.cache/marketing-agent", import.meta.url)));
const { run } = await import("./program.ts");
await run();
