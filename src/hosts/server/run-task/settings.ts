import type { UrlGuard } from "../../../node/http-client.ts";
import type { FailMode } from "../../../session/server-options.ts";

export interface RunTaskSettings {
  /** The HMAC key of the run task. Never empty: whoever reaches the server could ask otherwise. */
  key: string | Uint8Array;
  /** The hosts that plans come from and results go to: names, with a port where it is not 443. */
  hosts: readonly string[];
  mode: FailMode;
  /** How many runs are taken on at most, the waiting ones among them; 64 without it. */
  most?: number;
  /** How many plans are held and judged at once; 4 without it. */
  atOnce?: number;
  /** The largest plan, in bytes; 256 MiB without it. */
  maxPlan?: number;
  /** Milliseconds; tests take less. */
  times?: Partial<Times>;
  /** Plain http to this machine, which tests use. */
  insecure?: boolean;
}

export interface Times {
  /** From the request to the last attempt to send the result: HCP Terraform waits for ten minutes. */
  all: number;
  /** Of it, until there is a result. */
  decision: number;
  /** Of that, until the plan is here. */
  plan: number;
  /** For one request. */
  request: number;
  /** Before something is tried again the first time; twice as long each time after. */
  pause: number;
  /** Between two signs of life. */
  alive: number;
}

export const times: Times = {
  all: 590_000,
  decision: 540_000,
  plan: 300_000,
  request: 120_000,
  pause: 1_000,
  alive: 60_000,
};

/** Requests go to the hosts that are named and to no other: what a run says about addresses is not trusted. */
export function guardFor({ hosts, insecure = false }: Pick<RunTaskSettings, "hosts" | "insecure">): UrlGuard {
  const named = new Set(hosts.map((host) => host.toLowerCase().replace(/:443$/, "")));
  return ({ protocol, username, password, host, hostname }) => {
    const local =
      insecure && protocol === "http:" && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
    if (protocol !== "https:" && !local) return `${host} is asked for without TLS: only https is.`;
    if (username !== "" || password !== "") return `The URL of ${host} has a user or a password.`;
    return named.has(host) ? undefined : `${host} is not among the hosts of the run task (run-task-host).`;
  };
}
