import type { UrlGuard } from "../../../node/http-client.ts";
import type { FailMode } from "../../../session/server-options.ts";

export interface RunTaskOptions {
  /** The HMAC key of the run task, which may change. Must not be empty: without it, anyone could send requests. */
  key: () => string;
  /** Hosts of plans and callbacks: names, with a port unless it is 443. */
  hosts: readonly string[];
  failMode: FailMode;
  /** Maximum number of accepted runs, including those that wait. Default: 64. */
  maxRuns?: number;
  /** Maximum number of plans in memory. Default: 4. */
  maxConcurrentPlans?: number;
  /** Default: 256 MiB. */
  maxPlanBytes?: number;
  /** Overrides the default timing, for tests. */
  timing?: Partial<RunTaskTiming>;
  /** Allows plain HTTP to this machine, for tests. */
  insecure?: boolean;
}

/** Timeouts and intervals in milliseconds. */
export interface RunTaskTiming {
  /** From the request to the last attempt to send the result. HCP Terraform waits for ten minutes. */
  totalMs: number;
  /** From the request to the decision. */
  decisionMs: number;
  /** For the download of the plan, including retries. */
  planMs: number;
  /** For one request to HCP Terraform. */
  requestMs: number;
  /** Pause before the first retry. It doubles after each further failure. */
  retryDelayMs: number;
  /** Between two progress updates. */
  progressIntervalMs: number;
}

export const defaultTiming: RunTaskTiming = {
  totalMs: 590_000,
  decisionMs: 540_000,
  planMs: 300_000,
  requestMs: 120_000,
  retryDelayMs: 1_000,
  progressIntervalMs: 60_000,
};

/** Returns a guard that allows only the configured hosts, because the addresses in a request are not trusted. */
export function hostGuard({ hosts, insecure = false }: Pick<RunTaskOptions, "hosts" | "insecure">): UrlGuard {
  const allowedHosts = new Set(hosts.map((host) => host.toLowerCase().replace(/:443$/, "")));
  return ({ protocol, username, password, host, hostname }) => {
    const isAllowedHttp =
      insecure && protocol === "http:" && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
    if (protocol !== "https:" && !isAllowedHttp)
      return `Only https URLs are allowed, not ${protocol}//${host}.`;
    if (username !== "" || password !== "") return `The URL of ${host} contains a user name or password.`;
    return allowedHosts.has(host)
      ? undefined
      : `${host} is not an allowed host of the run task (--run-task-host).`;
  };
}
