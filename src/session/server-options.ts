import { isIP } from "node:net";
import type { Values } from "./flags/values.ts";

/** `closed`: a request that cannot be decided is denied; `open`: it is allowed. */
export type FailMode = "closed" | "open";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** What a server starts with. */
export interface ServerStart {
  /** Values of the command line and the environment. The workers read the config themselves. */
  given: Values;
  cwd: string;
}

/** What a server is told when it starts. Times are in milliseconds, sizes in bytes. */
export interface ServerSettings {
  address: Address;
  /** Paths of PEM files. */
  tls?: { cert: string; key: string };
  /** Path of a PEM file: clients need a certificate. */
  clientCa?: string;
  tokenFile?: string;
  /** Paths of requests that need neither token nor certificate. */
  anonymous: string[];
  mode: FailMode;
  workers: number;
  queue: number;
  maxBody: number;
  decisionTimeout: number;
  shutdownDelay: number;
  logLevel: LogLevel;
  decisionLog?: string;
  bundle?: { url: string; keyFile?: string; tokenFile?: string; interval: number };
  runTask?: { keyFile: string; hosts: string[] };
}

export type Address = { path: string } | { host: string; port: number };

/** What flags say about a server, or what is wrong with them. `processors`: of this machine. */
export function serverSettings(values: Values, processors: number): ServerSettings | string {
  const address = addressOf(values.listen ?? "127.0.0.1:8181");
  if (address === undefined) return `--listen ${values.listen} is no HOST:PORT and no unix:PATH`;
  const {
    "tls-cert": cert,
    "tls-key": key,
    "fail-mode": mode = "closed",
    "log-level": logLevel = "info",
  } = values;
  if ((cert === undefined) !== (key === undefined)) return "--tls-cert and --tls-key need each other";
  if (values["client-ca"] !== undefined && cert === undefined)
    return "--client-ca needs --tls-cert and --tls-key";
  if (mode !== "closed" && mode !== "open") return `--fail-mode ${mode} is neither closed nor open`;
  if (!isLevel(logLevel)) return `--log-level ${logLevel} is not one of debug, info, warn, error`;
  const anonymous = values.anonymous ?? [];
  const odd = anonymous.find((path) => !/^\/[^?#\s]*$/.test(path));
  if (odd !== undefined) return `--anonymous ${odd} is no path such as /kubernetes/admission`;
  const { "bundle-key": bundleKey, "bundle-token-file": bundleToken } = values;
  if (values.bundle === undefined && (bundleKey ?? bundleToken) !== undefined)
    return "--bundle-key and --bundle-token-file need --bundle";
  const bundle = values.bundle === undefined ? undefined : urlOf(values.bundle);
  if (typeof bundle === "string") return `--bundle ${bundle}`;
  if (values["run-task-host"] !== undefined && values["run-task-key-file"] === undefined)
    return "--run-task-host needs --run-task-key-file";
  const given = numbers(values, processors);
  if (typeof given === "string") return given;
  const { bundleInterval, ...numeric } = given;
  const settings: ServerSettings = {
    address,
    anonymous,
    mode,
    logLevel,
    ...numeric,
    ...(cert === undefined || key === undefined ? {} : { tls: { cert, key } }),
    ...optional("clientCa", values["client-ca"]),
    ...optional("tokenFile", values["token-file"]),
    ...optional("decisionLog", values["decision-log"]),
    ...(bundle === undefined
      ? {}
      : {
          bundle: {
            url: bundle.href,
            interval: bundleInterval,
            ...optional("keyFile", bundleKey),
            ...optional("tokenFile", bundleToken),
          },
        }),
    ...(values["run-task-key-file"] === undefined
      ? {}
      : { runTask: { keyFile: values["run-task-key-file"], hosts: values["run-task-host"] ?? hcpHosts } }),
  };
  return unprotected(settings) ?? settings;
}

const isLevel = (level: string): level is LogLevel => ["debug", "info", "warn", "error"].includes(level);

/** https://developer.hashicorp.com/terraform/cloud-docs/architectural-details/ip-ranges: plans come from the archivist. */
const hcpHosts = ["app.terraform.io", "archivist.terraform.io"];

const optional = <N extends string>(name: N, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [K in N]?: string };

function numbers(values: Values, processors: number) {
  const read = {
    workers: whole(values.workers, processors, 1, 256),
    queue: whole(values.queue, 256, 0, 100_000),
    maxBody: measured(values["max-body"], "8MiB", sizes),
    decisionTimeout: measured(values["decision-timeout"], "5s", times),
    shutdownDelay: measured(values["shutdown-delay"], "5s", times),
    bundleInterval: measured(values["bundle-interval"], "60s", times),
  };
  if (read.workers === undefined) return `--workers ${values.workers} is no number from 1 to 256`;
  if (read.queue === undefined) return `--queue ${values.queue} is no number from 0 to 100000`;
  if (read.maxBody === undefined || read.maxBody < 1 || read.maxBody > 2 ** 28)
    return `--max-body ${values["max-body"]} is no size up to 256MiB, such as 8MiB or 512KiB`;
  for (const name of ["decision-timeout", "shutdown-delay", "bundle-interval"] as const) {
    const time = read[timeOf[name]];
    if (time === undefined || time > 3_600_000 || (name !== "shutdown-delay" && time < 1))
      return `--${name} ${values[name]} is no time up to an hour, such as 5s or 500ms`;
  }
  return read as { [N in keyof typeof read]: number };
}

const timeOf = {
  "decision-timeout": "decisionTimeout",
  "shutdown-delay": "shutdownDelay",
  "bundle-interval": "bundleInterval",
} as const;

const sizes: { [unit: string]: number } = { B: 1, KB: 1e3, MB: 1e6, KiB: 1024, MiB: 1024 ** 2 };
const times: { [unit: string]: number } = { ms: 1, s: 1000, m: 60_000 };

function measured(given: string | undefined, otherwise: string, units: { [unit: string]: number }) {
  const [, number = "", unit = ""] = /^(\d{1,9})([A-Za-z]+)$/.exec(given ?? otherwise) ?? [];
  return Object.hasOwn(units, unit) ? Number(number) * (units[unit] as number) : undefined;
}

function whole(given: string | undefined, otherwise: number, least: number, most: number) {
  if (given === undefined) return otherwise;
  const number = Number(given);
  return /^\d{1,6}$/.test(given) && number >= least && number <= most ? number : undefined;
}

/** `HOST:PORT`, `[IPV6]:PORT`, `:PORT` for all addresses, or `unix:PATH`. */
function addressOf(given: string): Address | undefined {
  if (given.startsWith("unix:")) return given.length > 5 ? { path: given.slice(5) } : undefined;
  const [, ipv6, name, port] = /^(?:\[([\da-f:.]+)\]|([^:[\]/\s]*)):(\d{1,5})$/i.exec(given) ?? [];
  if (port === undefined || Number(port) > 65_535 || (ipv6 !== undefined && isIP(ipv6) !== 6))
    return undefined;
  return { host: ipv6 ?? (name === "" ? "::" : (name as string)), port: Number(port) };
}

function urlOf(given: string): URL | string {
  if (!URL.canParse(given)) return `${given} is no URL`;
  const url = new URL(given);
  if (url.username !== "" || url.password !== "")
    return "must not hold a password: --bundle-token-file names a token";
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return url;
  return `${given} is no https URL`;
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || /^127(\.\d{1,3}){3}$/.test(host) || host === "::1" || host === "[::1]";

/** Whether nobody reaches an address from another machine. */
export const isLocal = (address: Address): boolean => "path" in address || isLoopback(address.host);

/** Whoever reaches the server could ask it: that has to be meant. */
function unprotected({
  address,
  tokenFile,
  clientCa,
  anonymous,
  runTask,
}: ServerSettings): string | undefined {
  if ("path" in address || isLocal(address)) return undefined;
  if (tokenFile !== undefined || clientCa !== undefined || anonymous.length > 0 || runTask !== undefined)
    return undefined;
  return `--listen ${address.host}:${address.port} can be reached from outside: name --token-file, --client-ca, or the paths that everyone may ask with --anonymous`;
}
