import type { IncomingMessage } from "node:http";
import { type BlockList, isIP, SocketAddress } from "node:net";

/** A connection; all that matters is the address at its other end. */
interface Connection {
  remoteAddress?: string | undefined;
}

/** Returns the IP address at the other end of a connection; empty for a Unix socket. */
export const peerAddress = ({ remoteAddress = "" }: Connection): string =>
  canonicalAddress(remoteAddress) ?? remoteAddress;

/**
 * Returns the IP address of the client; empty for a Unix socket. Each proxy appends the address that it received the
 * request from to X-Forwarded-For, and everything before that is what the client sent. The address is therefore the
 * last one that is not a trusted proxy. Without trusted proxies, the header has no effect.
 */
export function clientAddress(
  { socket, headers }: Pick<IncomingMessage, "headers"> & { socket: Connection },
  trustedProxies: BlockList | undefined,
): string {
  let address = peerAddress(socket);
  if (trustedProxies === undefined || isIP(address) === 0) return address;
  const isTrusted = (text: string) => trustedProxies.check(text, isIP(text) === 4 ? "ipv4" : "ipv6");
  for (const entry of forwardedFor(headers).reverse()) {
    if (!isTrusted(address)) break;
    const next = canonicalAddress(addressIn(entry));
    // The proxy did not write an address, so the rest of the header is not reliable either.
    if (next === undefined) break;
    address = next;
  }
  return address;
}

const forwardedFor = ({ "x-forwarded-for": header = "" }: IncomingMessage["headers"]): string[] => {
  const text = String(header);
  return text.trim() === "" ? [] : text.split(",");
};

/** Returns the part of an entry before a port, which some proxies append: `192.0.2.7:4711`, `[2001:db8::1]:4711`. */
function addressIn(entry: string): string {
  const text = entry.trim();
  const [, ipv4, ipv6] = /^(?:([\d.]+)|\[([\da-f:.]+)\])(?::\d{1,5})?$/i.exec(text) ?? [];
  return ipv4 ?? ipv6 ?? text;
}

/** Returns an address in its shortest form, IPv4-mapped addresses as IPv4; undefined if it is not an address. */
function canonicalAddress(text: string): string | undefined {
  const version = isIP(text);
  if (version === 0) return undefined;
  if (version === 4) return text;
  const { address } = new SocketAddress({ address: text, family: "ipv6" });
  const ipv4 = address.replace(/^::ffff:/, "");
  return isIP(ipv4) === 4 ? ipv4 : address;
}
