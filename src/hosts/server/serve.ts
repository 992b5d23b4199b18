/** The entry of the server, which `keywarden serve` loads when it is asked for. */

import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../core/model/message.ts";
import type { Policy } from "../../gate/policy.ts";
import type { Request } from "../../gate/protocol.ts";
import { protocolNamed } from "../../gate/protocols/index.ts";
import { readBytes } from "../../node/files.ts";
import { packageFiles } from "../../node/package.ts";
import { watchFiles } from "../../node/watch.ts";
import { packageVersion } from "../../session/assets.ts";
import { isLocal, type ServerOptions, type ServerStart } from "../../session/server-options.ts";
import { type BundleSource, bundleSource } from "./bundle/index.ts";
import type { ServerContext } from "./context.ts";
import { readSecrets, secretFiles } from "./credentials.ts";
import { askFor, respond } from "./http.ts";
import { listen, listenerOf, renew, shut } from "./listener.ts";
import { threadMemory } from "./memory.ts";
import { Pool } from "./pool.ts";
import { runTask } from "./run-task/index.ts";
import { telemetryOf } from "./telemetry/index.ts";
import type { Telemetry } from "./telemetry.ts";

const asset = packageFiles(import.meta.url);

/** How long an answer may take after a server takes no more requests, milliseconds, above the time of a decision. */
const LAST = 25_000;
/** Bytes that the bodies of all requests may have together: enough for hundreds of usual ones. */
const ROOM = 64 * 2 ** 20;
/** A plan may have a hundred megabytes, and HCP Terraform waits for ten minutes. */
const RUN_TASK = 120_000;

/** Runs until a signal ends it. Where it cannot start, that is said and the exit code is 3. Never rejects. */
export async function run(settings: ServerOptions, start: ServerStart): Promise<void> {
  // From the beginning: the first process of a container would not hear of it otherwise.
  let end = (_delay: number): unknown => process.exit(0);
  process.on("SIGTERM", () => end(settings.shutdownDelay));
  // Somebody at a keyboard waits for it, and no load balancer.
  process.once("SIGINT", () => end(0));
  try {
    const gate = new Gate(settings, start);
    await gate.open();
    process.on("SIGHUP", () => gate.renewAll());
    end = (delay) => gate.end(delay);
  } catch (error) {
    process.stderr.write(`keywarden: ${messageOf(error)}\n`);
    process.exit(3);
  }
}

class Gate {
  private readonly settings: ServerOptions;
  private readonly start: ServerStart;
  private readonly telemetry: Telemetry;
  private readonly context: ServerContext;
  private readonly server: Server;
  private readonly bundle: BundleSource | undefined;
  private policy: Policy | undefined;
  private connections = 0;
  private unwatch = (): void => {};
  private readonly unwatchSecrets: () => void;
  /** One change of rules after the other. */
  private changing: Promise<void> = Promise.resolve();

  constructor(settings: ServerOptions, start: ServerStart) {
    const { tls, mode, logLevel, decisionLog, workers, queue } = settings;
    this.settings = settings;
    this.start = start;
    const about = { id: randomUUID(), version: packageVersion({ asset }) };
    const secrets = readSecrets(settings);
    this.telemetry = telemetryOf({
      level: logLevel,
      labels: about,
      ...(decisionLog === undefined ? {} : { decisionLog }),
    });
    const entry = new URL("worker.js", import.meta.url);
    const memory = threadMemory(workers);
    const pool = new Pool(
      { workers, queue, timeout: settings.decisionTimeout, memory, entry },
      this.telemetry,
    );
    this.context = {
      pool,
      telemetry: this.telemetry,
      mode,
      maxBody: settings.maxBody,
      bodyBudget: { left: Math.max(ROOM, 4 * settings.maxBody) },
      anonymous: new Set(settings.anonymous),
      credentials: secrets.credentials,
      version: about.version,
      stopping: false,
      ...this.runTasks(pool),
    };
    this.server = listenerOf(
      (request, response) => void respond(this.context, request, response),
      secrets.tls,
    );
    this.server.on("connection", (socket) => {
      this.connections += 1;
      socket.once("close", () => (this.connections -= 1));
    });
    this.bundle = this.bundles();
    this.unwatchSecrets = watchFiles(secretFiles(settings), () => this.renew());
    this.telemetry.watch(() => ({
      requests_waiting: pool.queued,
      requests_running: pool.running,
      workers: pool.workers,
      connections: this.connections,
    }));
    this.warn(tls !== undefined);
  }

  /** Resolves when requests are taken. Rejects with an Error where the configuration or the address is not to be had. */
  async open(): Promise<void> {
    process.on("uncaughtException", (error) =>
      this.telemetry.log.error(
        { reason: messageOf(error), stack: error.stack },
        "An error that nobody expected.",
      ),
    );
    if (this.bundle === undefined) await this.use(undefined);
    const { address, tls } = this.settings;
    const url = await listen(this.server, address, tls === undefined ? "http" : "https");
    this.telemetry.log.info({ url, revision: this.context.revision }, "Listening");
    void this.bundle?.watch((policy) => this.inTurn(() => this.use(policy)));
  }

  /** Looks at every file anew, also at those of logs that were moved away. */
  renewAll(): void {
    this.telemetry.reopen();
    this.renew();
    this.reload();
  }

  /** Reads the configuration anew. Where it is wrong, that of before holds. */
  private reload(): void {
    void this.inTurn(() => this.use(this.policy)).then(
      () => this.telemetry.count("reloaded"),
      (error) => {
        this.telemetry.count("reload_failed");
        this.telemetry.log.error(
          { reason: messageOf(error) },
          "The configuration is wrong: the old one holds.",
        );
      },
    );
  }

  /** Answers what is asked yet, for `delay` milliseconds takes more, and ends the process. */
  async end(delay: number): Promise<void> {
    const { context, telemetry, settings } = this;
    if (context.stopping) return;
    process.once("SIGINT", () => process.exit(130));
    context.stopping = true;
    telemetry.log.info({ delay }, "Stopping: no longer ready");
    await sleep(delay);
    const deadline = Date.now() + settings.decisionTimeout + LAST;
    await Promise.all([shut(this.server, deadline), context.runTask?.close(deadline)]);
    this.bundle?.stop();
    this.unwatch();
    this.unwatchSecrets();
    await context.pool.stop();
    telemetry.log.info({}, "Stopped");
    await telemetry.close();
    process.exit(0);
  }

  /** Decides by rules and the configuration from now on. Rejects where they cannot be used, and nothing changes. */
  private async use(policy: Policy | undefined): Promise<void> {
    const { pool } = this.context;
    const { mode } = this.settings;
    const ready = await pool.use({ ...this.start, mode, ...(policy === undefined ? {} : { policy }) });
    this.policy = policy;
    this.context.revision = ready.revision;
    this.telemetry.revision(ready.revision);
    this.telemetry.log.info({ revision: ready.revision }, "Deciding");
    this.unwatch();
    this.unwatch = watchFiles(ready.files, () => this.reload());
  }

  private inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.changing.then(change);
    this.changing = done.catch(() => {});
    return done;
  }

  /** Reads tokens and certificates anew. */
  private renew(): void {
    try {
      const { credentials, tls } = readSecrets(this.settings);
      if (tls !== undefined) renew(this.server, tls);
      this.context.credentials = credentials;
      this.telemetry.count("reloaded");
      this.telemetry.log.info({}, "Tokens and certificates were read again.");
    } catch (error) {
      this.telemetry.count("reload_failed");
      this.telemetry.log.error(
        { reason: messageOf(error) },
        "Tokens or certificates are wrong: the old ones hold.",
      );
    }
  }

  private bundles(): BundleSource | undefined {
    const { bundle } = this.settings;
    if (bundle === undefined) return undefined;
    const { url, interval, keyFile, tokenFile } = bundle;
    const text = (path: string) => Buffer.from(readBytes(path)).toString().trim();
    return bundleSource(
      {
        url,
        interval,
        ...(keyFile === undefined ? {} : { publicKey: text(keyFile) }),
        ...(tokenFile === undefined ? {} : { token: () => text(tokenFile) }),
      },
      this.telemetry,
    );
  }

  private runTasks(pool: Pool): Pick<ServerContext, "runTask"> {
    const { runTask: given, mode } = this.settings;
    if (given === undefined) return {};
    const key = Buffer.from(readBytes(given.keyFile)).toString().trim();
    if (key === "") throw new Error(`${given.keyFile} is empty: everyone could ask.`);
    const ask = (name: string, request: Request) =>
      askFor(pool, protocolNamed(name), mode, request, { timeout: RUN_TASK });
    return { runTask: runTask({ key, hosts: given.hosts, mode }, ask, this.telemetry) };
  }

  /** What an operator has to know who did not mean it. */
  private warn(tls: boolean): void {
    const { mode, address, tokenFile, anonymous } = this.settings;
    const { log } = this.telemetry;
    if (mode === "open")
      log.warn({ mode }, "FAIL-MODE OPEN: what cannot be decided is let through, bad keys among it.");
    if (!isLocal(address)) {
      if (!tls && tokenFile !== undefined)
        log.warn({}, "Tokens come in the clear: name --tls-cert and --tls-key, or end TLS in front.");
      if (anonymous.length > 0)
        log.warn({ anonymous }, "Everyone who reaches the server may ask for these paths.");
    }
  }
}
