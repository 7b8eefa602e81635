// The job engine: pg-boss on the same PostgreSQL. Jobs only say that something may be due; a claim on our own rows decides.
import { type Job, PgBoss } from "pg-boss";
import type { JobQueue } from "../automations/agent.ts";
import { JOBS, type JobName } from "../automations/catalog.ts";
import { AgentError } from "../core/errors.ts";
import { after, DAY } from "../core/instant.ts";
import { type Queryable, SESSION_LIMITS } from "../store/database.ts";

const DEAD_LETTERS = "dead-letters";
/** A worker that is silent for this long loses its job to another. */
const HEARTBEAT_SECONDS = 10;
const DAY_SECONDS = 86_400;
/**
 * A job may be taken since a week before it came up: were it since that moment, one that waits while the machine's clock is set back would wait until the
 * clock is there again, and with it everything else of its key, of which one waits at most. (pg-boss keeps a job for two weeks after that moment.)
 */
const TAKEN_SINCE_DAYS = 7;

export interface JobEngine extends JobQueue {
  /** Creates what is missing and begins to enqueue; `work` begins to run jobs. */
  start(): Promise<void>;
  /** Runs jobs with `run`, at most `parallel` of a name at once in this process. */
  work(run: (name: JobName, payload: object) => Promise<void>, parallel: number): Promise<void>;
  /** Lets running jobs end (at most `timeoutMs`), then lets go. */
  stop(timeoutMs: number): Promise<void>;
}

export function createJobEngine(options: { connectionString: string; onError: (error: Error) => void }): JobEngine {
  const boss = new PgBoss({
    // Its type does not name these, but they reach the pool: pg-boss gives its whole configuration to pg.
    ...SESSION_LIMITS,
    connectionString: options.connectionString,
    max: 4,
    application_name: "marketing-agent-jobs",
    schedule: false,
    useListenNotify: true,
  });
  boss.on("error", options.onError);
  return {
    start: () => start(boss),
    enqueue: (tx, name, payload, key) => enqueue(boss, tx, name, payload, key),
    work: (run, parallel) => work(boss, run, parallel),
    stop: (timeoutMs) => boss.stop({ graceful: true, timeout: timeoutMs }),
  };
}

async function start(boss: PgBoss): Promise<void> {
  await boss.start();
  await boss.createQueue(DEAD_LETTERS, { deleteAfterSeconds: 30 * DAY_SECONDS });
  for (const name of Object.keys(JOBS) as JobName[]) {
    const { retries, expireInSeconds } = JOBS[name];
    const options = {
      retryLimit: retries,
      retryDelay: 5,
      retryBackoff: true,
      expireInSeconds,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      deadLetter: DEAD_LETTERS,
      deleteAfterSeconds: DAY_SECONDS,
      notify: true,
    };
    // "short": at most one job of a key waits; one that came up while another runs is not lost.
    await boss.createQueue(name, { ...options, policy: "short" });
    await boss.updateQueue(name, options);
  }
}

async function enqueue(boss: PgBoss, tx: Queryable, name: JobName, payload: object, key: string): Promise<void> {
  const checked = JOBS[name].payload.safeParse(payload);
  if (!checked.success) throw new AgentError("internal", `The payload of a ${name} job is malformed.`, { cause: checked.error });
  const db = { executeSql: (text: string, values?: unknown[]) => tx.query(text, values) };
  await boss.send(name, checked.data, { singletonKey: key, startAfter: after(new Date(), -TAKEN_SINCE_DAYS * DAY), db });
}

async function work(boss: PgBoss, run: (name: JobName, payload: object) => Promise<void>, parallel: number): Promise<void> {
  for (const name of Object.keys(JOBS) as JobName[]) {
    const localConcurrency = "mailboxId" in JOBS[name].payload.shape ? parallel : 1;
    await boss.work<object>(name, { localConcurrency, pollingIntervalSeconds: 2 }, async ([job]: Job[]) => {
      if (job) await run(name, JOBS[name].payload.parse(job.data));
    });
  }
}

export interface WaitingJobs {
  /** How long the oldest job waits that could run, real milliseconds. */
  readonly oldestMs: number;
  /** Jobs that failed until they were given up, and are kept for a person to see. */
  readonly givenUp: number;
}

/** Null where the engine never ran. Its schema is its own: only the parts that it documents are read. */
export async function waitingJobs(q: Queryable): Promise<WaitingJobs | null> {
  const { rows: tables } = await q.query("select from pg_class where oid = to_regclass('pgboss.job')");
  if (tables.length === 0) return null;
  const { rows } = await q.query<WaitingJobs>(
    `select coalesce(1000 * extract(epoch from clock_timestamp() - min(greatest(created_on, start_after)) filter (where name <> $1)), 0)::float8 as "oldestMs",
       count(*) filter (where name = $1)::integer as "givenUp"
     from pgboss.job where state in ('created', 'retry') and start_after < clock_timestamp() and created_on < clock_timestamp()`,
    [DEAD_LETTERS],
  );
  return rows[0] ?? null;
}
