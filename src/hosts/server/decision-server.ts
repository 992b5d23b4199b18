import { randomUUID } from "node:crypto";
import type { Server, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../core/model/message.ts";
import type { ProtocolRequest } from "../../gate/protocol.ts";
import { protocolNamed, protocols } from "../../gate/protocols/index.ts";
import type { RuleBundle } from "../../gate/rule-bundle.ts";
import { packageFiles } from "../../node/package.ts";
import { packageVersion } from "../../session/assets.ts";
import { isLocal, type ServerOptions, type ServerStart } from "../../session/server-options.ts";
import type { Credentials } from "./authentication.ts";
import { type BundleSource, createBundleSource } from "./bundle/index.ts";
import { ClientBudget } from "./client-budget.ts";
import { ConcurrencyLimit } from "./concurrency-limit.ts";
import { limitConnections } from "./connections.ts";
import type { ServerContext } from "./context.ts";
import { respond, runInPool } from "./http.ts";
import { warnOfInsecureOptions } from "./insecure-options.ts";
import { closeGracefully, createListener, listen, renewTls } from "./listener.ts";
import { workerMemory } from "./memory.ts";
import { WorkerPool } from "./pool.ts";
import { recordRejections } from "./rejection.ts";
import { RulesInUse } from "./rules-in-use.ts";
import { createRunTaskHandler, type RunTaskHandler } from "./run-task/index.ts";
import { tlsOptions } from "./secrets/certificates.ts";
import { readSecrets, type Secrets } from "./secrets/index.ts";
import { watchSecrets } from "./secrets/watch.ts";
import { createTelemetry } from "./telemetry/index.ts";
import type { Telemetry } from "./telemetry/types.ts";

const asset = packageFiles(import.meta.url);

/** Time to finish requests after the server stops accepting them, in addition to the decision timeout. */
const SHUTDOWN_TIMEOUT_MS = 25_000;
/** Minimum budget for the bodies of all requests, enough for hundreds of typical requests. */
const MIN_BODY_BUDGET_BYTES = 64 * 2 ** 20;
/** Leaves enough for the largest body of another client if one client uses as much of the budget as it can. */
const MIN_BODIES = 8;
/** A plan may have a hundred megabytes, and HCP Terraform waits ten minutes for the result. */
const RUN_TASK_TIMEOUT_MS = 120_000;

/** The HTTP server with its workers, rules, credentials and telemetry. */
export class DecisionServer {
  private readonly options: ServerOptions;
  private readonly telemetry: Telemetry;
  private readonly context: ServerContext;
  private readonly server: Server;
  private readonly bundleSource: BundleSource | undefined;
  private readonly rules: RulesInUse;
  private readonly unsent = new Set<ServerResponse>();
  private readonly secretsWatch: ReturnType<typeof watchSecrets>;

  /** Throws an Error if a file that the options name cannot be used. */
  constructor(options: ServerOptions, start: ServerStart) {
    const { failMode, logLevel, decisionLog, workers, maxQueued, maxConcurrent, maxBodyBytes } = options;
    this.options = options;
    const labels = { id: randomUUID(), version: packageVersion({ asset }) };
    const secrets = readSecrets(options);
    const { decisionLogToken } = secrets;
    const token = decisionLogToken === undefined ? {} : { token: () => decisionLogToken.value };
    this.telemetry = createTelemetry({
      level: logLevel,
      labels,
      protocols: protocols.map(({ name }) => name),
      ...(decisionLog === undefined ? {} : { decisionLog: { ...decisionLog, ...token } }),
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
    const runTask = createRunTask(options, secrets, pool, this.telemetry);
    this.context = {
      pool,
      telemetry: this.telemetry,
      failMode,
      maxBodyBytes,
      bodyBudget: new ClientBudget(Math.max(MIN_BODY_BUDGET_BYTES, MIN_BODIES * maxBodyBytes)),
      concurrency: new ConcurrencyLimit(maxConcurrent ?? Number.POSITIVE_INFINITY),
      anonymous: new Set(options.anonymous),
      credentials: credentialsFrom(secrets, options),
      version: labels.version,
      stopping: false,
      ...(runTask === undefined ? {} : { runTask }),
      ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
    };
    const { requireContent } = options;
    this.rules = new RulesInUse(pool, { ...start, failMode, requireContent }, this.telemetry, (revision) => {
      this.context.revision = revision;
    });
    const { certificate, clientAuthorities } = secrets;
    const tls = certificate && tlsOptions(certificate.value, clientAuthorities?.value);
    this.server = createListener((request, response) => {
      this.unsent.add(response);
      response.once("close", () => this.unsent.delete(response));
      void respond(this.context, request, response);
    }, tls);
    const connections = limitConnections(this.server, () => this.telemetry.count("connection_dropped"));
    recordRejections(this.server, this.telemetry);
    this.bundleSource = bundleSourceFor(options, secrets, this.telemetry);
    this.applySecrets(secrets);
    this.secretsWatch = watchSecrets(secrets, this.telemetry);
    this.telemetry.setGaugeReader(() => ({
      requests_waiting: pool.queued,
      requests_running: pool.running,
      workers: pool.workers,
      connections: connections(),
    }));
    warnOfInsecureOptions(options, this.telemetry.log);
  }

  /** Resolves when the server accepts requests. Rejects with an Error if the config or the address cannot be used. */
  async open(): Promise<void> {
    process.on("uncaughtException", (error) =>
      this.telemetry.log.error({ reason: messageOf(error), stack: error.stack }, "Unexpected error"),
    );
    const apply = (bundle: RuleBundle) => this.rules.use(bundle);
    if (this.bundleSource === undefined) await this.rules.use(undefined);
    else await this.bundleSource.restore(apply);
    const { address, tls } = this.options;
    const url = await listen(this.server, address, tls === undefined ? "http" : "https");
    this.telemetry.log.info({ url, revision: this.context.revision }, "Listening");
    this.bundleSource?.watch(apply);
  }

  /** Reads all files again, and reopens log files that were moved. */
  reloadAll(): void {
    this.telemetry.reopenLogs();
    this.secretsWatch.reload();
    void this.rules.reloadConfig();
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
    await Promise.all([
      closeGracefully(this.server, this.unsent, deadline),
      context.runTask?.close(deadline),
    ]);
    this.bundleSource?.stop();
    this.rules.stopWatching();
    this.secretsWatch.stop();
    await context.pool.stop();
    telemetry.log.info({}, "Stopped");
    await telemetry.close();
    process.exit(0);
  }

  /** Makes reloaded tokens and certificates take effect. Other secrets are read where they are used. */
  private applySecrets(secrets: Secrets): void {
    const { tokens, certificate, clientAuthorities } = secrets;
    const applyCredentials = () => {
      this.context.credentials = credentialsFrom(secrets, this.options);
    };
    const applyTls = () => {
      if (certificate !== undefined)
        renewTls(this.server, tlsOptions(certificate.value, clientAuthorities?.value));
    };
    tokens?.onReload(applyCredentials);
    certificate?.onReload(applyTls);
    clientAuthorities?.onReload(applyTls);
    clientAuthorities?.onReload(applyCredentials);
  }
}

function credentialsFrom(
  { tokens, clientAuthorities }: Secrets,
  { address }: Pick<ServerOptions, "address">,
): Credentials {
  return {
    allowUnauthenticated: isLocal(address),
    ...(tokens === undefined ? {} : { tokens: tokens.value }),
    ...(clientAuthorities === undefined ? {} : { authorities: clientAuthorities.value.certificates }),
  };
}

function bundleSourceFor(
  { bundle }: ServerOptions,
  { bundleVerifier, bundleToken }: Secrets,
  telemetry: Telemetry,
): BundleSource | undefined {
  if (bundle === undefined) return undefined;
  const { url, intervalMs, stateDir, allowRollback } = bundle;
  return createBundleSource(
    {
      url,
      intervalMs,
      allowRollback,
      ...(stateDir === undefined ? {} : { stateDir }),
      ...(bundleVerifier === undefined ? {} : { verifier: () => bundleVerifier.value }),
      ...(bundleToken === undefined ? {} : { token: () => bundleToken.value }),
    },
    telemetry,
  );
}

function createRunTask(
  { runTask, failMode }: ServerOptions,
  { runTaskKey }: Secrets,
  pool: WorkerPool,
  telemetry: Telemetry,
): RunTaskHandler | undefined {
  if (runTask === undefined || runTaskKey === undefined) return undefined;
  const runInWorker = (name: string, request: ProtocolRequest) =>
    runInPool(pool, protocolNamed(name), failMode, request, {
      client: "run-task",
      timeoutMs: RUN_TASK_TIMEOUT_MS,
    });
  const options = { key: () => runTaskKey.value, hosts: runTask.hosts, failMode };
  return createRunTaskHandler(options, runInWorker, telemetry);
}
