import { messageOf } from "../../core/model/message.ts";
import type { RuleBundle } from "../../gate/rule-bundle.ts";
import { watchFiles } from "../../node/watch.ts";
import type { WorkerPool } from "./pool.ts";
import type { Telemetry } from "./telemetry/types.ts";
import type { WorkerStart } from "./worker-messages.ts";

type RulesTelemetry = Pick<Telemetry, "log" | "count" | "setRevision">;

/** The rules and the config that the workers use. */
export class RulesInUse {
  private readonly pool: Pick<WorkerPool, "use">;
  private readonly start: Omit<WorkerStart, "bundle">;
  private readonly telemetry: RulesTelemetry;
  private readonly onChange: (revision: string) => void;
  private bundle: RuleBundle | undefined;
  /** Undefined until the workers use rules. */
  private unwatchConfig: (() => void) | undefined;
  /** Serializes changes of the rules and the config. */
  private lastChange: Promise<void> = Promise.resolve();

  /** Calls `onChange` with the revision of the rules each time that the workers use new rules or a new config. */
  constructor(
    pool: Pick<WorkerPool, "use">,
    start: Omit<WorkerStart, "bundle">,
    telemetry: RulesTelemetry,
    onChange: (revision: string) => void,
  ) {
    this.pool = pool;
    this.start = start;
    this.telemetry = telemetry;
    this.onChange = onChange;
  }

  /**
   * Uses a bundle, or the rules in the package, with the current config from now on. Rejects, and changes nothing, if
   * they are not valid.
   */
  use(bundle: RuleBundle | undefined): Promise<void> {
    return this.serialize(() => this.replaceWorkers(bundle));
  }

  /** Loads the config again. If it is not valid, the old one stays in use. Never rejects. */
  async reloadConfig(): Promise<void> {
    // Before the first bundle, the workers would start with the rules in the package. They read the config with the bundle.
    if (this.unwatchConfig === undefined) return;
    const { telemetry } = this;
    try {
      await this.serialize(() => this.replaceWorkers(this.bundle));
      telemetry.count("reloaded");
    } catch (error) {
      telemetry.count("reload_failed");
      telemetry.log.error(
        { reason: messageOf(error) },
        "The config is not valid; the old config stays in use",
      );
    }
  }

  stopWatching(): void {
    this.unwatchConfig?.();
  }

  private async replaceWorkers(bundle: RuleBundle | undefined): Promise<void> {
    const { revision, files } = await this.pool.use({
      ...this.start,
      ...(bundle === undefined ? {} : { bundle }),
    });
    this.bundle = bundle;
    this.onChange(revision);
    this.telemetry.setRevision(revision);
    this.telemetry.log.info({ revision }, "Rules loaded");
    this.unwatchConfig?.();
    this.unwatchConfig = watchFiles(files, () => void this.reloadConfig());
  }

  private serialize(change: () => Promise<void>): Promise<void> {
    const result = this.lastChange.then(change);
    this.lastChange = result.catch(() => {});
    return result;
  }
}
