// The one way to PostgreSQL: a pool, and transactions whose handle every statement of store/ takes first.
import pg from "pg";
import { AgentError } from "../core/errors.ts";

/** Whatever can run a statement: a pool, or a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<pg.QueryResult<Row>>;
}

declare const inTransaction: unique symbol;
/** An open transaction. A function that takes a Tx changes several things that must stand or fall together. */
export interface Tx extends Queryable {
  readonly [inTransaction]: true;
  readonly client: pg.PoolClient;
}

export interface Database extends Queryable {
  readonly pool: pg.Pool;
  /**
   * For the statements of the send loop: planned once per connection, not once per call (planning one of them costs more than running it), and so that
   * rows are found by their keys, whatever the statistics knew of the tables when it was planned.
   */
  readonly hot: Pick<Database, "query" | "transaction">;
  /** Runs `work` in one READ COMMITTED transaction; a throw rolls back. Deadlocks and serialization failures are tried again up to three times. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /** Keeps one connection, outside of any transaction, for as long as `work` takes: what belongs to a session, such as an advisory lock, lasts with it. */
  hold<Result>(work: (held: Queryable) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly connectionString: string;
  readonly maxConnections: number;
  /** Told about errors of idle connections, which otherwise would end the process. */
  readonly onIdleError: (error: Error) => void;
}

/** SQLSTATE 40001 serialization_failure, 40P01 deadlock_detected: PostgreSQL asks for the transaction to be run again. */
const RUN_AGAIN = new Set(["40001", "40P01"]);
const ATTEMPTS = 3;

// bigint columns of ours (UIDs, fences, counts) stay far below 2^53; dates are plain days, not instants.
const DATE_ARRAY = 1182;
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);
types.setTypeParser(pg.types.builtins.DATE, (text: string) => text);
types.setTypeParser(DATE_ARRAY, (text: string) => text.slice(1, -1).split(",").filter(Boolean));

/** For every connection of ours: a process that freezes or vanishes in a transaction must not hold its locks, and with them everybody else, for hours. */
export const SESSION_LIMITS = { idle_in_transaction_session_timeout: 10_000, keepAlive: true } as const;

/** What a server took must be written down: better late, behind everybody else's mail on a slow disk, than not, which would make it uncertain. */
const HOT_PATIENCE_MS = 60_000;
/** Of its connections, how many are for the hot statements: those are short, and more of them only wait for the same processors. */
const HOT_SHARE = 1 / 3;
/**
 * A plan that is kept must be right for every later call, and what names its rows by their keys is right with an index. The planner takes the table
 * itself as long as it is small, and learns minutes later that it has grown.
 */
const BY_KEYS = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_mergejoin = off; set jit = off";

export function openDatabase(options: DatabaseOptions): Database {
  const hotConnections = Math.max(1, Math.floor(options.maxConnections * HOT_SHARE));
  const common = { connectionString: options.connectionString, connectionTimeoutMillis: 10_000, ...SESSION_LIMITS, types };
  const patient = { ...common, connectionTimeoutMillis: HOT_PATIENCE_MS };
  const pool = new pg.Pool({ ...common, max: Math.max(1, options.maxConnections - hotConnections) });
  const hot = new pg.Pool({ ...patient, max: hotConnections, verify: (client, done) => client.query(BY_KEYS, done) });
  let isClosing = false;
  // A pool says that it has ended before its connections have: what the server tells them then is nobody's concern.
  for (const one of [pool, hot]) one.on("error", (error) => isClosing || options.onIdleError(error));
  return {
    pool,
    query: (text, values) => lend(pool, (client) => run(client, text, values)),
    transaction: (work) => again(() => once(pool, run, work)),
    hold: (work) => hold(pool, work),
    hot: {
      query: (text, values) => again(() => lend(hot, (client) => prepared(client, text, values))),
      transaction: (work) => again(() => once(hot, prepared, work)),
    },
    close: async () => {
      isClosing = true;
      await Promise.all([pool.end(), hot.end()]);
    },
  };
}

function run<Row extends pg.QueryResultRow>(on: pg.PoolClient, text: string, values?: readonly unknown[]): Promise<pg.QueryResult<Row>> {
  return on.query<Row>(text, values === undefined ? undefined : [...values]);
}

const NAMES = new Map<string, string>();

/** The same under a name, by which the connection knows its plan from then on. */
function prepared<Row extends pg.QueryResultRow>(
  on: pg.PoolClient,
  text: string,
  values: readonly unknown[] = [],
): Promise<pg.QueryResult<Row>> {
  const name = NAMES.get(text) ?? `hot_${NAMES.size + 1}`;
  NAMES.set(text, name);
  return on.query<Row>({ name, text, values: [...values] });
}

async function again<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !RUN_AGAIN.has(sqlState(error) ?? "")) throw error;
    }
  }
}

function once<Result>(pool: pg.Pool, send: typeof run | typeof prepared, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  return lend(pool, async (client, isBroken) => {
    try {
      await client.query("begin");
      const turns = oneByOne();
      const result = await work({ client, query: (text, values) => turns.take(() => send(client, text, values)) } as Tx);
      await turns.take(() => client.query("commit"));
      return result;
    } catch (error) {
      await client.query("rollback").catch(isBroken);
      throw error;
    }
  });
}

function hold<Result>(pool: pg.Pool, work: (held: Queryable) => Promise<Result>): Promise<Result> {
  const turns = oneByOne();
  return lend(pool, (client) => work({ query: (text, values) => turns.take(() => run(client, text, values)) }));
}

/**
 * A connection runs one statement at a time. Of two that are handed to it together the driver puts one aside, which its next major version refuses to
 * do; and a statement that nobody waits for would fail after its transaction was committed.
 */
function oneByOne(): { take: <Result>(statement: () => Promise<Result>) => Promise<Result> } {
  let isBusy = false;
  return {
    take: async (statement) => {
      if (isBusy) throw new AgentError("internal", "A statement was begun while another one of the same connection was running.");
      isBusy = true;
      try {
        return await statement();
      } finally {
        isBusy = false;
      }
    },
  };
}

/** While a connection is lent nobody else listens to it; without a listener one that breaks, or is ended by a time-out, would end the process. */
async function lend<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, isBroken: (error: Error) => void) => Promise<Result>,
): Promise<Result> {
  const client = await connect(pool);
  let broken: Error | undefined;
  const isBroken = (error: Error) => {
    broken = error;
  };
  client.on("error", isBroken);
  try {
    return await work(client, isBroken);
  } catch (error) {
    if (endsConnection(error)) isBroken(error);
    throw named(error, broken !== undefined);
  } finally {
    client.off("error", isBroken);
    client.release(broken);
  }
}

/**
 * A database whose every statement belongs to `tx`: what was written for a transaction of its own becomes part of a larger one. An inner
 * transaction that throws undoes only itself.
 */
export function joined(db: Database, tx: Tx): Database {
  return {
    pool: db.pool,
    query: (text, values) => tx.query(text, values),
    transaction: (work) => nested(tx, work),
    hold: (work) => db.hold(work),
    hot: { query: (text, values) => tx.query(text, values), transaction: (work) => nested(tx, work) },
    close: () => Promise.resolve(),
  };
}

async function nested<Result>(tx: Tx, work: (tx: Tx) => Promise<Result>): Promise<Result> {
  await tx.query("savepoint inner_transaction");
  try {
    const result = await work(tx);
    await tx.query("release savepoint inner_transaction");
    return result;
  } catch (error) {
    await tx.query("rollback to savepoint inner_transaction");
    throw error;
  }
}

/** The server said so as its last words: a shutdown, a time-out, an operator. */
function endsConnection(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && (error.severity === "FATAL" || error.severity === "PANIC");
}

/** SQLSTATE disk_full. */
const DISK_FULL = "53100";

/** What passes by itself, or when an operator has acted, gets a code; a broken connection has no SQLSTATE when the server had no time for words. */
function named(error: unknown, isBroken: boolean): unknown {
  if (error instanceof AgentError) return error;
  if (sqlState(error) === DISK_FULL) {
    const message = "The disk of the database is full; free some space. Nothing is lost, and work goes on by itself then.";
    return new AgentError("database_full", message, { cause: error, retryable: true });
  }
  return isBroken ? unavailable(error) : error;
}

function unavailable(cause: unknown): AgentError {
  return new AgentError("database_unavailable", "The database does not answer; is it running?", { cause, retryable: true });
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (cause) {
    throw unavailable(cause);
  }
}

/**
 * `id = $2 and (workspace_id = $1) ${CHECKED}`: rows are found by their own key, which is unique in the installation, and then asked for their
 * workspace. PostgreSQL finds no rows by a condition in this form. Without it, while its statistics know nothing of a workspace, it expects not a row
 * there, takes any index that begins with the workspace, and joins what it finds each with each: 40 mails to try again, among 1,030 leads of the first
 * minute, took 71 s instead of 2 ms. For the same reason joins along a foreign key name the id alone: the key carries the workspace.
 */
export const CHECKED = "is true";

/**
 * The workspace ($1), hidden from the planner: of one that its statistics do not know yet it expects no row, and takes any index that begins with
 * the workspace, even for a row by its key: 15 ms instead of 0.1 among 20,000 messages, and 5 minutes for an import of 20,000 rows.
 */
export const HIDDEN_WORKSPACE = "(select $1::uuid)";

/** The five characters by which PostgreSQL names an error, also where it is the cause of ours; undefined for anything else. */
export function sqlState(error: unknown): string | undefined {
  if (error instanceof AgentError) return sqlState(error.cause);
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

export interface ServerFacts {
  /** As `server_version_num`: 150004 for 15.4. */
  readonly version: number;
  readonly encoding: string;
  readonly user: string;
  readonly database: string;
  /** A standby: nothing can be written. */
  readonly readOnly: boolean;
  /** Tables in the current schema, and the job engine's own schema unless it exists. */
  readonly mayCreate: boolean;
}

export async function serverFacts(q: Queryable): Promise<ServerFacts> {
  const { rows } = await q.query<ServerFacts>(
    `select current_setting('server_version_num')::integer as version, current_setting('server_encoding') as encoding,
       current_user as "user", current_database() as database, pg_is_in_recovery() as "readOnly",
       coalesce(has_schema_privilege(current_schema(), 'create'), false)
         and (to_regnamespace('pgboss') is not null or has_database_privilege(current_database(), 'create')) as "mayCreate"`,
  );
  return only(rows);
}

/** The only row of a result that must have one. */
export function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined || rows.length !== 1) throw new AgentError("internal", `Expected one row, got ${rows.length}.`);
  return row;
}
