/** An IP range as the first and the last address it contains. */
export interface AddressRange {
  version: 4 | 6;
  first: bigint;
  last: bigint;
}

/** Returns the range of an address or a CIDR block, or undefined if the text is neither. */
export function rangeOf(text: string): AddressRange | undefined {
  const [address = "", written] = text.split("/");
  const version = address.includes(":") ? 6 : 4;
  const bits = version === 6 ? 128 : 32;
  const number = version === 6 ? numberOf6(address) : numberOf4(address);
  const length = written === undefined ? bits : Number(written);
  if (number === undefined || !Number.isInteger(length) || length < 0 || length > bits) return undefined;
  const host = BigInt(bits - length);
  const first = (number >> host) << host;
  return { version, first, last: first + (1n << host) - 1n };
}

export function inRange(address: string, block: string): boolean {
  const [one, range] = [rangeOf(address), rangeOf(block)];
  return (
    one !== undefined &&
    range !== undefined &&
    one.version === range.version &&
    one.first >= range.first &&
    one.last <= range.last
  );
}

function numberOf4(text: string): bigint | undefined {
  const parts = text.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part < 256))) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function numberOf6(text: string): bigint | undefined {
  const [head = "", tail] = text.split("::");
  const groups = (part: string | undefined): string[] => (part ? part.split(":") : []);
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [
    ...groups(head),
    ...(tail === undefined ? [] : Array(Math.max(missing, 0)).fill("0")),
    ...groups(tail),
  ];
  if (all.length !== 8 || all.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return all.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}
