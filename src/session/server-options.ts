import { isIP } from "node:net";
import type { Values } from "./flags/values.ts";

/** `closed`: a request that cannot be decided is denied; `open`: it is allowed. */
export type FailMode = "closed" | "open";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Arguments from which each worker loads its config. */
export interface ServerStart {
  /** Values from the command line and the environment, without those from the config file. */
  flagValues: Values;
  cwd: string;
}

/** Options of `keywarden serve`. */
export interface ServerOptions {
  address: Address;
  /** Paths of PEM files. */
  tls?: { cert: string; key: string };
  /** Path of a PEM file. If it is set, clients need a certificate. */
  clientCa?: string;
  tokenFile?: string;
  /** Request paths that need neither a token nor a certificate. */
  anonymous: string[];
  failMode: FailMode;
  workers: number;
  /** Maximum number of requests that wait for a worker. */
  maxQueued: number;
  maxBodyBytes: number;
  decisionTimeoutMs: number;
  shutdownDelayMs: number;
  logLevel: LogLevel;
  decisionLog?: string;
  bundle?: { url: string; keyFile?: string; tokenFile?: string; intervalMs: number };
  runTask?: { keyFile: string; hosts: string[] };
}

export type Address = { path: string } | { host: string; port: number };

/** Returns the server options for the values of flags, or an error message. `processors` is the default for `--workers`. */
export function serverOptions(values: Values, processors: number): ServerOptions | string {
  const address = parseAddress(values.listen ?? "127.0.0.1:8181");
  if (address === undefined) return `--listen: "${values.listen}" is not HOST:PORT or unix:PATH`;
  const {
    "tls-cert": cert,
    "tls-key": key,
    "fail-mode": failMode = "closed",
    "log-level": logLevel = "info",
  } = values;
  if ((cert === undefined) !== (key === undefined)) return "--tls-cert and --tls-key must be used together";
  if (values["client-ca"] !== undefined && cert === undefined)
    return "--client-ca requires --tls-cert and --tls-key";
  if (failMode !== "closed" && failMode !== "open") return `--fail-mode: "${failMode}" is not closed or open`;
  if (!isLogLevel(logLevel)) return `--log-level: "${logLevel}" is not debug, info, warn or error`;
  const anonymous = values.anonymous ?? [];
  const invalidPath = anonymous.find((path) => !/^\/[^?#\s]*$/.test(path));
  if (invalidPath !== undefined)
    return `--anonymous: "${invalidPath}" is not a request path. Example: /kubernetes/admission`;
  const { "bundle-key": bundleKey, "bundle-token-file": bundleToken } = values;
  if (values.bundle === undefined && (bundleKey ?? bundleToken) !== undefined)
    return "--bundle-key and --bundle-token-file require --bundle";
  const bundle = values.bundle === undefined ? undefined : parseBundleLocation(values.bundle);
  if (typeof bundle === "string") return `--bundle: ${bundle}`;
  if (values["run-task-host"] !== undefined && values["run-task-key-file"] === undefined)
    return "--run-task-host requires --run-task-key-file";
  const numeric = numericOptions(values, processors);
  if (typeof numeric === "string") return numeric;
  const { bundleIntervalMs, ...serverNumbers } = numeric;
  const options: ServerOptions = {
    address,
    anonymous,
    failMode,
    logLevel,
    ...serverNumbers,
    ...(cert === undefined || key === undefined ? {} : { tls: { cert, key } }),
    ...optional("clientCa", values["client-ca"]),
    ...optional("tokenFile", values["token-file"]),
    ...optional("decisionLog", values["decision-log"]),
    ...(bundle === undefined
      ? {}
      : {
          bundle: {
            url: bundle.href,
            intervalMs: bundleIntervalMs,
            ...optional("keyFile", bundleKey),
            ...optional("tokenFile", bundleToken),
          },
        }),
    ...(values["run-task-key-file"] === undefined
      ? {}
      : {
          runTask: {
            keyFile: values["run-task-key-file"],
            hosts: values["run-task-host"] ?? HCP_TERRAFORM_HOSTS,
          },
        }),
  };
  return accessError(options) ?? options;
}

const isLogLevel = (level: string): level is LogLevel => ["debug", "info", "warn", "error"].includes(level);

/** Plans are on the archivist host: https://developer.hashicorp.com/terraform/cloud-docs/architectural-details/ip-ranges */
const HCP_TERRAFORM_HOSTS = ["app.terraform.io", "archivist.terraform.io"];

const optional = <N extends string>(name: N, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [K in N]?: string };

function numericOptions(values: Values, processors: number) {
  const read = {
    workers: parseInteger(values.workers, processors, 1, 256),
    maxQueued: parseInteger(values.queue, 256, 0, 100_000),
    maxBodyBytes: parseQuantity(values["max-body"], "8MiB", BYTES_PER_UNIT),
    decisionTimeoutMs: parseQuantity(values["decision-timeout"], "5s", MS_PER_UNIT),
    shutdownDelayMs: parseQuantity(values["shutdown-delay"], "5s", MS_PER_UNIT),
    bundleIntervalMs: parseQuantity(values["bundle-interval"], "60s", MS_PER_UNIT),
  };
  if (read.workers === undefined) return `--workers: "${values.workers}" is not a number from 1 to 256`;
  if (read.maxQueued === undefined) return `--queue: "${values.queue}" is not a number from 0 to 100000`;
  if (read.maxBodyBytes === undefined || read.maxBodyBytes < 1 || read.maxBodyBytes > MAX_BODY_LIMIT_BYTES)
    return `--max-body: "${values["max-body"]}" is not a size up to 256MiB. Examples: 8MiB, 512KiB`;
  for (const name of ["decision-timeout", "shutdown-delay", "bundle-interval"] as const) {
    const ms = read[DURATION_OPTIONS[name]];
    if (ms === undefined || ms > MAX_DURATION_MS || (name !== "shutdown-delay" && ms < 1))
      return `--${name}: "${values[name]}" is not a duration up to one hour. Examples: 5s, 500ms`;
  }
  return read as { [N in keyof typeof read]: number };
}

const DURATION_OPTIONS = {
  "decision-timeout": "decisionTimeoutMs",
  "shutdown-delay": "shutdownDelayMs",
  "bundle-interval": "bundleIntervalMs",
} as const;

const MAX_BODY_LIMIT_BYTES = 2 ** 28;
const MAX_DURATION_MS = 3_600_000;

const BYTES_PER_UNIT: { [unit: string]: number } = { B: 1, KB: 1e3, MB: 1e6, KiB: 1024, MiB: 1024 ** 2 };
const MS_PER_UNIT: { [unit: string]: number } = { ms: 1, s: 1000, m: 60_000 };

/** Returns a number with a unit in the base unit, or undefined if the value is not valid. */
function parseQuantity(value: string | undefined, fallback: string, units: { [unit: string]: number }) {
  const [, number = "", unit = ""] = /^(\d{1,9})([A-Za-z]+)$/.exec(value ?? fallback) ?? [];
  return Object.hasOwn(units, unit) ? Number(number) * (units[unit] as number) : undefined;
}

/** Returns an integer between two inclusive limits, or undefined if the value is not valid. */
function parseInteger(value: string | undefined, fallback: number, min: number, max: number) {
  if (value === undefined) return fallback;
  const number = Number(value);
  return /^\d{1,6}$/.test(value) && number >= min && number <= max ? number : undefined;
}

/** Parses `HOST:PORT`, `[IPV6]:PORT`, `:PORT` for all addresses, or `unix:PATH`. */
function parseAddress(value: string): Address | undefined {
  if (value.startsWith("unix:")) return value.length > 5 ? { path: value.slice(5) } : undefined;
  const [, ipv6, name, port] = /^(?:\[([\da-f:.]+)\]|([^:[\]/\s]*)):(\d{1,5})$/i.exec(value) ?? [];
  if (port === undefined || Number(port) > 65_535 || (ipv6 !== undefined && isIP(ipv6) !== 6))
    return undefined;
  return { host: ipv6 ?? (name === "" ? "::" : (name as string)), port: Number(port) };
}

function parseBundleLocation(value: string): URL | string {
  if (!URL.canParse(value)) return `"${value}" is not a URL`;
  const url = new URL(value);
  if (url.username !== "" || url.password !== "")
    return "the URL must not contain a password. Use --bundle-token-file for a token";
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return url;
  return `"${value}" is not an https URL`;
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || /^127(\.\d{1,3}){3}$/.test(host) || host === "::1" || host === "[::1]";

/** Returns whether an address accepts connections only from this machine. */
export const isLocal = (address: Address): boolean => "path" in address || isLoopback(address.host);

/** A server without authentication must not be reachable from other machines by accident. */
function accessError({
  address,
  tokenFile,
  clientCa,
  anonymous,
  runTask,
}: ServerOptions): string | undefined {
  if ("path" in address || isLocal(address)) return undefined;
  if (tokenFile !== undefined || clientCa !== undefined || anonymous.length > 0 || runTask !== undefined)
    return undefined;
  return `--listen: ${address.host}:${address.port} accepts connections from other machines. Set --token-file, --client-ca, or --anonymous for each path that needs no authentication`;
}
