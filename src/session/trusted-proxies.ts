import { BlockList, isIP } from "node:net";

/** Returns the list of addresses and CIDR blocks as one that can be searched, or an error message. */
export function parseTrustedProxies(blocks: string[]): BlockList | string {
  const trusted = new BlockList();
  for (const block of blocks) {
    const [address = "", length, ...more] = block.split("/");
    const version = address.includes("%") ? 0 : isIP(address);
    const bits = version === 4 ? 32 : 128;
    const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : -1;
    if (version === 0 || prefix < 0 || prefix > bits || more.length > 0)
      return `"${block}" is not an address or a CIDR block. Example: 10.0.0.0/8`;
    if (prefix === 0)
      return `"${block}" contains every address, so that clients could choose their own. List the addresses of the proxies.`;
    trusted.addSubnet(address, prefix, version === 4 ? "ipv4" : "ipv6");
  }
  return trusted;
}
