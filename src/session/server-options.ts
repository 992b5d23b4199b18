import { type BlockList, isIP } from "node:net";
import { flags } from "./flags/flags.ts";
import type { FlagValues } from "./flags/values.ts";
import { parseHeaders } from "./log-headers.ts";
import { protocolsRequiringContent } from "./require-content.ts";
import { parseTrustedProxies } from "./trusted-proxies.ts";

/** `closed`: a request that cannot be decided is denied; `open`: it is allowed. */
export type FailMode = "closed" | "open";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Arguments from which each worker loads its config. */
export interface ServerStart {
  /** Flags of the command line and the environment. The workers read the config themselves. */
  explicitFlags: FlagValues;
  cwd: string;
}

/** Options of `keywarden serve`. */
export interface ServerOptions {
  address: Address;
  /** Paths of PEM files. */
  tls?: { cert: string; key: string };
  /** Path of a PEM file: clients need a certificate. */
  clientCa?: string;
  tokenFile?: string;
  /** Paths of requests that need neither token nor certificate. */
  anonymous: string[];
  failMode: FailMode;
  /** Protocols for which an input without anything that Keywarden recognizes is undecided. */
  requireContent: string[];
  workers: number;
  /** Maximum number of requests that wait for a worker. */
  maxQueued: number;
  /** Maximum number of requests that one client has in progress; unlimited by default. */
  maxConcurrent?: number;
  maxBodyBytes: number;
  decisionTimeoutMs: number;
  shutdownDelayMs: number;
  logLevel: LogLevel;
  /** The destination is a path, `-` for standard output, or the URL of a server, which gets the token and headers. */
  decisionLog?: { destination: string; tokenFile?: string; headers?: { [name: string]: string } };
  /** Proxies whose X-Forwarded-For header contains the client's address. */
  trustedProxies?: BlockList;
  bundle?: BundleServer;
  runTask?: { keyFile: string; hosts: string[] };
}

/** A server of rule bundles. */
export interface BundleServer {
  url: string;
  keyFile?: string;
  tokenFile?: string;
  intervalMs: number;
  /** Directory of the bundle that was activated last. */
  stateDir?: string;
  /** Accepts signed bundles that are older than the active one. */
  allowRollback: boolean;
}

export type Address = { path: string } | { host: string; port: number };

/** Returns the server options that flags set, or an error message. `processors`: their number on this machine. */
export function serverOptions(values: FlagValues, processors: number): ServerOptions | string {
  const address = addressOf(values.listen ?? flags.listen.default);
  if (address === undefined)
    return `--listen: "${values.listen}" is not an address. Use HOST:PORT or unix:PATH.`;
  const {
    "tls-cert": cert,
    "tls-key": key,
    "fail-mode": failMode = "closed",
    "log-level": logLevel = "info",
  } = values;
  if ((cert === undefined) !== (key === undefined)) return "--tls-cert and --tls-key must be set together.";
  if (values["client-ca"] !== undefined && cert === undefined)
    return "--client-ca requires --tls-cert and --tls-key.";
  if (failMode !== "closed" && failMode !== "open")
    return `--fail-mode: "${failMode}" is not a mode. Use closed or open.`;
  const requireContent = protocolsRequiringContent(values["require-content"]);
  if (typeof requireContent === "string") return requireContent;
  if (!isLevel(logLevel)) return `--log-level: "${logLevel}" is not a level. Use debug, info, warn or error.`;
  const anonymous = values.anonymous ?? [];
  const invalidPath = anonymous.find((path) => !/^\/[^?#\s]*$/.test(path));
  if (invalidPath !== undefined)
    return `--anonymous: "${invalidPath}" is not a request path. Example: /kubernetes/admission`;
  const { "bundle-key": bundleKey, "bundle-token-file": bundleToken, "state-dir": stateDir } = values;
  const allowRollback = values["bundle-allow-rollback"] ?? false;
  if (values.bundle === undefined && ((bundleKey ?? bundleToken ?? stateDir) !== undefined || allowRollback))
    return "--bundle-key, --bundle-token-file, --bundle-allow-rollback and --state-dir require --bundle.";
  const bundle = values.bundle === undefined ? undefined : urlOf(values.bundle);
  if (typeof bundle === "string") return `--bundle: ${bundle}`;
  if (values["run-task-host"] !== undefined && values["run-task-key-file"] === undefined)
    return "--run-task-host requires --run-task-key-file.";
  const decisionLog = decisionLogOptions(values);
  if (typeof decisionLog === "string") return decisionLog;
  const { "trusted-proxies": proxies } = values;
  const trustedProxies = proxies === undefined ? undefined : parseTrustedProxies(proxies);
  if (typeof trustedProxies === "string") return `--trusted-proxies: ${trustedProxies}`;
  const numeric = numericOptions(values, processors);
  if (typeof numeric === "string") return numeric;
  const { bundleIntervalMs, ...limits } = numeric;
  const maxConcurrent = integer(values["max-concurrent"], undefined, 1, 100_000);
  if (values["max-concurrent"] !== undefined && maxConcurrent === undefined)
    return `--max-concurrent: "${values["max-concurrent"]}" is not an integer from 1 to 100000.`;
  const options: ServerOptions = {
    address,
    anonymous,
    failMode,
    requireContent,
    logLevel,
    ...limits,
    ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
    ...(cert === undefined || key === undefined ? {} : { tls: { cert, key } }),
    ...optional("clientCa", values["client-ca"]),
    ...optional("tokenFile", values["token-file"]),
    ...(decisionLog === undefined ? {} : { decisionLog }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    ...(bundle === undefined
      ? {}
      : {
          bundle: {
            url: bundle.href,
            intervalMs: bundleIntervalMs,
            allowRollback,
            ...optional("stateDir", stateDir),
            ...optional("keyFile", bundleKey),
            ...optional("tokenFile", bundleToken),
          },
        }),
    ...(values["run-task-key-file"] === undefined
      ? {}
      : { runTask: { keyFile: values["run-task-key-file"], hosts: values["run-task-host"] ?? hcpHosts } }),
  };
  return exposureProblem(options) ?? options;
}

const isLevel = (level: string): level is LogLevel => ["debug", "info", "warn", "error"].includes(level);

/** Plans come from the archivist: https://developer.hashicorp.com/terraform/cloud-docs/architectural-details/ip-ranges */
const hcpHosts = ["app.terraform.io", "archivist.terraform.io"];

const optional = <N extends string>(name: N, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [K in N]?: string };

function decisionLogOptions(values: FlagValues): ServerOptions["decisionLog"] | string {
  const {
    "decision-log": destination,
    "decision-log-token-file": tokenFile,
    "decision-log-header": lines,
  } = values;
  const url =
    /^https?:/i.test(destination ?? "") && URL.canParse(destination ?? "") ? destination : undefined;
  if (url === undefined && (tokenFile !== undefined || lines !== undefined))
    return "--decision-log-token-file and --decision-log-header require the URL of a server in --decision-log.";
  if (destination === undefined) return undefined;
  const headers = lines === undefined ? undefined : parseHeaders(lines);
  if (typeof headers === "string") return `--decision-log-header: ${headers}`;
  if (tokenFile !== undefined && headers !== undefined && Object.hasOwn(headers, "authorization"))
    return "--decision-log-token-file and --decision-log-header both set authorization. Remove one of them.";
  const { protocol, hostname } = new URL(url ?? "https://localhost");
  if (tokenFile !== undefined && protocol === "http:" && !isLoopback(hostname))
    return "--decision-log-token-file: Keywarden does not send a token unencrypted. Use an https URL in --decision-log.";
  return {
    destination,
    ...optional("tokenFile", tokenFile),
    ...(headers === undefined ? {} : { headers }),
  };
}

function numericOptions(values: FlagValues, processors: number) {
  const read = {
    workers: integer(values.workers, processors, 1, 256),
    maxQueued: integer(values.queue, Number(flags.queue.default), 0, 100_000),
    maxBodyBytes: quantity(values["max-body"] ?? flags["max-body"].default, sizes),
    decisionTimeoutMs: quantity(values["decision-timeout"] ?? flags["decision-timeout"].default, durations),
    shutdownDelayMs: quantity(values["shutdown-delay"] ?? flags["shutdown-delay"].default, durations),
    bundleIntervalMs: quantity(values["bundle-interval"] ?? flags["bundle-interval"].default, durations),
  };
  if (read.workers === undefined) return `--workers: "${values.workers}" is not an integer from 1 to 256.`;
  if (read.maxQueued === undefined) return `--queue: "${values.queue}" is not an integer from 0 to 100000.`;
  if (read.maxBodyBytes === undefined || read.maxBodyBytes < 1 || read.maxBodyBytes > 2 ** 28)
    return `--max-body: "${values["max-body"]}" is not a size up to 256MiB. Example: 512KiB`;
  for (const name of ["decision-timeout", "shutdown-delay", "bundle-interval"] as const) {
    const duration = read[durationOptions[name]];
    if (duration === undefined || duration > 3_600_000 || (name !== "shutdown-delay" && duration < 1))
      return `--${name}: "${values[name]}" is not a duration up to an hour. Example: 500ms`;
  }
  return read as { [N in keyof typeof read]: number };
}

const durationOptions = {
  "decision-timeout": "decisionTimeoutMs",
  "shutdown-delay": "shutdownDelayMs",
  "bundle-interval": "bundleIntervalMs",
} as const;

const sizes: { [unit: string]: number } = { B: 1, KB: 1e3, MB: 1e6, KiB: 1024, MiB: 1024 ** 2 };
const durations: { [unit: string]: number } = { ms: 1, s: 1000, m: 60_000 };

function quantity(text: string, units: { [unit: string]: number }) {
  const [, number = "", unit = ""] = /^(\d{1,9})([A-Za-z]+)$/.exec(text) ?? [];
  return Object.hasOwn(units, unit) ? Number(number) * (units[unit] as number) : undefined;
}

function integer(text: string | undefined, fallback: number | undefined, minimum: number, maximum: number) {
  if (text === undefined) return fallback;
  const number = Number(text);
  return /^\d{1,6}$/.test(text) && number >= minimum && number <= maximum ? number : undefined;
}

/** Parses `HOST:PORT`, `[IPV6]:PORT`, `:PORT` for all addresses, or `unix:PATH`. */
function addressOf(text: string): Address | undefined {
  if (text.startsWith("unix:")) return text.length > 5 ? { path: text.slice(5) } : undefined;
  const [, ipv6, name, port] = /^(?:\[([\da-f:.]+)\]|([^:[\]/\s]*)):(\d{1,5})$/i.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535 || (ipv6 !== undefined && isIP(ipv6) !== 6))
    return undefined;
  return { host: ipv6 ?? (name === "" ? "::" : (name as string)), port: Number(port) };
}

/** Returns a URL that is safe to load rules from, or an error message. */
function urlOf(text: string): URL | string {
  if (!URL.canParse(text)) return `"${text}" is not a URL.`;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "")
    return "the URL must not contain a password. Use --bundle-token-file.";
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return url;
  return `"${text}" is not an https URL.`;
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || /^127(\.\d{1,3}){3}$/.test(host) || host === "::1" || host === "[::1]";

/** Returns whether an address cannot be reached from another machine. */
export const isLocal = (address: Address): boolean => "path" in address || isLoopback(address.host);

/** Returns an error message if anyone who can reach the server may send requests, unless the operator allows that. */
function exposureProblem({
  address,
  tokenFile,
  clientCa,
  anonymous,
  runTask,
}: ServerOptions): string | undefined {
  if ("path" in address || isLocal(address)) return undefined;
  if (tokenFile !== undefined || clientCa !== undefined || anonymous.length > 0 || runTask !== undefined)
    return undefined;
  return `--listen: ${address.host}:${address.port} can be reached from other machines. Set --token-file or --client-ca, or allow paths without credentials with --anonymous.`;
}
