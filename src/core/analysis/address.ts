import { type Interval, joinIntervals } from "./values.ts";

// IPv4 addresses are the numbers from 0, IPv6 addresses those from 2^128.
const v6 = 1n << 128n;
export const everyAddress: readonly Interval<bigint>[] = [
  [0n, (1n << 32n) - 1n],
  [v6, v6 + (1n << 128n) - 1n],
];

/** Returns the addresses of an IP address or a CIDR range, or null if the text is neither. */
export function addressesOf(text: string): Interval<bigint> | null {
  const [, address = "", length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const number = address.includes(":") ? parseV6(address) : parseV4(address);
  if (number === null) return null;
  const bits = address.includes(":") ? 128 : 32;
  const prefix = Number(length ?? bits);
  if (prefix > bits) return null;
  const size = 1n << BigInt(bits - prefix);
  const base = address.includes(":") ? v6 : 0n;
  const first = number - (number % size);
  return [base + first, base + first + size - 1n];
}

function parseV4(text: string): bigint | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null;
  return parts.reduce((number, part) => number * 256n + BigInt(part), 0n);
}

function parseV6(text: string): bigint | null {
  const [head = "", tail, more] = text.split("::");
  if (more !== undefined) return null;
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const first = groups(head);
  const last = groups(tail ?? "");
  const missing = 8 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...first, ...Array<string>(missing).fill("0"), ...last];
  if (!all.every((group) => /^[\da-f]{1,4}$/i.test(group))) return null;
  return all.reduce((number, group) => number * 65536n + BigInt(`0x${group}`), 0n);
}

// Requests from private networks reach AWS KMS through VPC endpoints, without aws:SourceIp.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
const privateRanges = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "fc00::/7",
  "fe80::/10",
].map((range) => addressesOf(range) as Interval<bigint>);

/** Returns whether public addresses together are at most a /8. */
export function isNarrowNetwork(intervals: readonly Interval[]): boolean {
  const size = ([from, to]: Interval<bigint>, ipv6: boolean): bigint =>
    from >= v6 === ipv6 ? to - from + 1n : 0n;
  const total = (ipv6: boolean): bigint => {
    const all = joinIntervals(intervals) as Interval<bigint>[];
    const isPrivate = ([from, to]: Interval<bigint>) =>
      privateRanges.some(([start, end]) => from >= start && to <= end);
    return all.reduce((sum, range) => (isPrivate(range) ? sum : sum + size(range, ipv6)), 0n);
  };
  return total(false) <= 1n << 24n && total(true) <= 1n << 120n;
}
