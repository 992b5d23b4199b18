import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../core/model/message.ts";
import type { ProtocolRequest } from "../../gate/protocol.ts";
import { protocolNamed, protocols } from "../../gate/protocols/index.ts";
import type { RuleBundle } from "../../gate/rule-bundle.ts";
import { readBytes } from "../../node/files.ts";
import { packageFiles } from "../../node/package.ts";
import { watchFiles } from "../../node/watch.ts";
import { packageVersion } from "../../session/assets.ts";
import { isLocal, type ServerOptions, type ServerStart } from "../../session/server-options.ts";
import { type BundleSource, createBundleSource } from "./bundle/index.ts";
import type { ServerContext } from "./context.ts";
import { readSecrets, secretFiles } from "./credentials.ts";
import { respond, runInPool } from "./http.ts";
import { closeGracefully, createListener, listen, renewTls } from "./listener.ts";
import { workerMemory } from "./memory.ts";
import { WorkerPool } from "./pool.ts";
import { recordRejections } from "./rejection.ts";
import { createRunTaskHandler, type RunTaskHandler } from "./run-task/index.ts";
import { createTelemetry } from "./telemetry/index.ts";
import type { Logger, Telemetry } from "./telemetry/types.ts";
import { tokenReader } from "./token-file.ts";

const asset = packageFiles(import.meta.url);

/** Time to finish requests after the server stops accepting them, in addition to the decision timeout. */
const SHUTDOWN_TIMEOUT_MS = 25_000;
/** Minimum budget for the bodies of all requests, enough for hundreds of typical requests. */
const MIN_BODY_BUDGET_BYTES = 64 * 2 ** 20;
/** A plan may have a hundred megabytes, and HCP Terraform waits ten minutes for the result. */
const RUN_TASK_TIMEOUT_MS = 120_000;

/** The HTTP server with its workers, rules, credentials and telemetry. */
export class DecisionServer {
  private readonly options: ServerOptions;
  private readonly start: ServerStart;
  private readonly telemetry: Telemetry;
  private readonly context: ServerContext;
  private readonly server: Server;
  private readonly bundleSource: BundleSource | undefined;
  private bundle: RuleBundle | undefined;
  private connections = 0;
  private unwatchConfig = (): void => {};
  private readonly unwatchSecrets: () => void;
  /** Serializes changes of the rules and the config. */
  private lastChange: Promise<void> = Promise.resolve();

  /** Throws an Error if a file that the options name cannot be used. */
  constructor(options: ServerOptions, start: ServerStart) {
    const { tls, failMode, logLevel, decisionLog, workers, maxQueued, maxBodyBytes } = options;
    this.options = options;
    this.start = start;
    const decisionLogToken = tokenReader("--decision-log-token-file", decisionLog?.tokenFile);
    const labels = { id: randomUUID(), version: packageVersion({ asset }) };
    const secrets = readSecrets(options);
    this.telemetry = createTelemetry({
      level: logLevel,
      labels,
      protocols: protocols.map(({ name }) => name),
      ...(decisionLog === undefined ? {} : { decisionLog: { ...decisionLog, ...decisionLogToken } }),
    });
    const pool = new WorkerPool(
      {
        workers,
        maxQueued,
        timeoutMs: options.decisionTimeoutMs,
        memory: workerMemory(workers),
        entry: new URL("worker.js", import.meta.url),
      },
      this.telemetry,
    );
    const runTask = createRunTask(options, pool, this.telemetry);
    this.context = {
      pool,
      telemetry: this.telemetry,
      failMode,
      maxBodyBytes,
      bodyBudget: { remaining: Math.max(MIN_BODY_BUDGET_BYTES, 4 * maxBodyBytes) },
      anonymous: new Set(options.anonymous),
      credentials: secrets.credentials,
      version: labels.version,
      stopping: false,
      ...(runTask === undefined ? {} : { runTask }),
      ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
    };
    this.server = createListener(
      (request, response) => void respond(this.context, request, response),
      secrets.tls,
    );
    this.server.on("connection", (socket) => {
      this.connections += 1;
      socket.once("close", () => (this.connections -= 1));
    });
    recordRejections(this.server, this.telemetry);
    this.bundleSource = bundleSourceFor(options, this.telemetry);
    this.unwatchSecrets = watchFiles(secretFiles(options), () => this.reloadSecrets());
    this.telemetry.setGaugeReader(() => ({
      requests_waiting: pool.queued,
      requests_running: pool.running,
      workers: pool.workers,
      connections: this.connections,
    }));
    warnOfInsecureOptions(options, this.telemetry.log, tls !== undefined);
  }

  /** Resolves when the server accepts requests. Rejects with an Error if the config or the address cannot be used. */
  async open(): Promise<void> {
    process.on("uncaughtException", (error) =>
      this.telemetry.log.error({ reason: messageOf(error), stack: error.stack }, "Unexpected error"),
    );
    if (this.bundleSource === undefined) await this.useRules(undefined);
    const { address, tls } = this.options;
    const url = await listen(this.server, address, tls === undefined ? "http" : "https");
    this.telemetry.log.info({ url, revision: this.context.revision }, "Listening");
    void this.bundleSource?.watch((bundle) => this.serialize(() => this.useRules(bundle)));
  }

  /** Reads all files again, and reopens log files that were moved. */
  reloadAll(): void {
    this.telemetry.reopenLogs();
    this.reloadSecrets();
    this.reloadConfig();
  }

  /** Finishes requests in progress, accepts new ones for `delayMs`, and exits the process. */
  async stop(delayMs: number): Promise<void> {
    const { context, telemetry, options } = this;
    if (context.stopping) return;
    process.once("SIGINT", () => process.exit(130));
    context.stopping = true;
    telemetry.log.info({ delay_ms: delayMs }, "Stopping: no longer ready");
    await sleep(delayMs);
    const deadline = Date.now() + options.decisionTimeoutMs + SHUTDOWN_TIMEOUT_MS;
    await Promise.all([closeGracefully(this.server, deadline), context.runTask?.close(deadline)]);
    this.bundleSource?.stop();
    this.unwatchConfig();
    this.unwatchSecrets();
    await context.pool.stop();
    telemetry.log.info({}, "Stopped");
    await telemetry.close();
    process.exit(0);
  }

  /** Loads the config again. If it is not valid, the old one stays in use. */
  private reloadConfig(): void {
    void this.serialize(() => this.useRules(this.bundle)).then(
      () => this.telemetry.count("reloaded"),
      (error) => {
        this.telemetry.count("reload_failed");
        this.telemetry.log.error(
          { reason: messageOf(error) },
          "The config is not valid; the old config stays in use",
        );
      },
    );
  }

  /** Reads tokens and certificates again. If they are not valid, the old ones stay in use. */
  private reloadSecrets(): void {
    try {
      const { credentials, tls } = readSecrets(this.options);
      if (tls !== undefined) renewTls(this.server, tls);
      this.context.credentials = credentials;
      this.telemetry.count("reloaded");
      this.telemetry.log.info({}, "Reloaded tokens and certificates");
    } catch (error) {
      this.telemetry.count("reload_failed");
      this.telemetry.log.error(
        { reason: messageOf(error) },
        "The tokens or certificates are not valid; the old ones stay in use",
      );
    }
  }

  /** Uses a rule bundle and the current config from now on. Rejects, and changes nothing, if they are not valid. */
  private async useRules(bundle: RuleBundle | undefined): Promise<void> {
    const { pool } = this.context;
    const { failMode } = this.options;
    const ready = await pool.use({ ...this.start, failMode, ...(bundle === undefined ? {} : { bundle }) });
    this.bundle = bundle;
    this.context.revision = ready.revision;
    this.telemetry.setRevision(ready.revision);
    this.telemetry.log.info({ revision: ready.revision }, "Rules loaded");
    this.unwatchConfig();
    this.unwatchConfig = watchFiles(ready.files, () => this.reloadConfig());
  }

  private serialize(change: () => Promise<void>): Promise<void> {
    const result = this.lastChange.then(change);
    this.lastChange = result.catch(() => {});
    return result;
  }
}

function bundleSourceFor({ bundle }: ServerOptions, telemetry: Telemetry): BundleSource | undefined {
  if (bundle === undefined) return undefined;
  const { url, intervalMs, keyFile, tokenFile } = bundle;
  return createBundleSource(
    {
      url,
      intervalMs,
      ...(keyFile === undefined ? {} : { publicKey: readTrimmed(keyFile) }),
      ...(tokenFile === undefined ? {} : { token: () => readTrimmed(tokenFile) }),
    },
    telemetry,
  );
}

function createRunTask(
  { runTask, failMode }: ServerOptions,
  pool: WorkerPool,
  telemetry: Telemetry,
): RunTaskHandler | undefined {
  if (runTask === undefined) return undefined;
  const key = readTrimmed(runTask.keyFile);
  if (key === "") throw new Error(`${runTask.keyFile} is empty: write the HMAC key of the run task to it`);
  const runInWorker = (name: string, request: ProtocolRequest) =>
    runInPool(pool, protocolNamed(name), failMode, request, { timeoutMs: RUN_TASK_TIMEOUT_MS });
  return createRunTaskHandler({ key, hosts: runTask.hosts, failMode }, runInWorker, telemetry);
}

const readTrimmed = (path: string): string => Buffer.from(readBytes(path)).toString().trim();

function warnOfInsecureOptions(
  { failMode, address, tokenFile, anonymous }: ServerOptions,
  log: Logger,
  usesTls: boolean,
): void {
  if (failMode === "open")
    log.warn(
      { fail_mode: failMode },
      "FAIL-MODE OPEN: requests that cannot be decided are allowed, including keys that violate rules",
    );
  if (isLocal(address)) return;
  if (!usesTls && tokenFile !== undefined)
    log.warn(
      {},
      "Clients send their tokens unencrypted. Set --tls-cert and --tls-key, or terminate TLS in front of the server",
    );
  if (anonymous.length > 0)
    log.warn({ anonymous }, "Every client can use these paths without authentication");
}
