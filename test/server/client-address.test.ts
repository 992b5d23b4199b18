import assert from "node:assert/strict";
import type { BlockList } from "node:net";
import { test } from "node:test";
import { clientAddress } from "../../src/hosts/server/client-address.ts";
import { parseTrustedProxies } from "../../src/session/trusted-proxies.ts";

const trusted = parseTrustedProxies(["10.0.0.0/8", "192.0.2.1", "fd00::/8"]) as BlockList;
const PROXY = "10.0.0.1";
const CLIENT = "203.0.113.9";

const cases: [what: string, peer: string | undefined, header: string | undefined, address: string][] = [
  ["no header", PROXY, undefined, PROXY],
  ["an empty header", PROXY, "  ", PROXY],
  ["one proxy", PROXY, CLIENT, CLIENT],
  [
    "an address before that of the client, which the client sent itself",
    PROXY,
    `198.51.100.1, ${CLIENT}`,
    CLIENT,
  ],
  ["two trusted proxies", PROXY, `${CLIENT}, 10.2.3.4`, CLIENT],
  ["a trusted address that the client sent itself", PROXY, `10.9.9.9, ${CLIENT}`, CLIENT],
  ["a proxy that is a single address", "192.0.2.1", CLIENT, CLIENT],
  ["the neighbor of that address", "192.0.2.2", CLIENT, "192.0.2.2"],
  ["a client that is not a proxy", CLIENT, "198.51.100.1", CLIENT],
  ["a chain of trusted proxies only", PROXY, "10.1.1.1, 10.2.2.2", "10.1.1.1"],
  ["an IPv6 client", PROXY, "2001:DB8:0:0::1", "2001:db8::1"],
  ["an IPv6 proxy", "fd12::1", CLIENT, CLIENT],
  ["an IPv4-mapped proxy", "::ffff:10.0.0.1", CLIENT, CLIENT],
  ["an IPv4-mapped proxy in hexadecimal", "::ffff:a00:1", CLIENT, CLIENT],
  ["an IPv4-mapped client", PROXY, `::ffff:${CLIENT}`, CLIENT],
  ["an IPv4-mapped proxy in the header", PROXY, `${CLIENT}, ::ffff:10.1.1.1`, CLIENT],
  ["an IPv4-mapped peer without a header", "::ffff:198.51.100.7", undefined, "198.51.100.7"],
  ["ports, which some load balancers append", PROXY, `${CLIENT}:4711, [fd00::1]:443`, CLIENT],
  ["brackets without a port", PROXY, "[2001:db8::1]", "2001:db8::1"],
  ["spaces around addresses", PROXY, `\t${CLIENT} ,  10.1.1.1 `, CLIENT],
  [
    "an entry that is not an address: the walk ends at the proxy that wrote it",
    PROXY,
    `${CLIENT}, unknown`,
    PROXY,
  ],
  ["such an entry further left", PROXY, `${CLIENT}, unknown, 10.1.1.1`, "10.1.1.1"],
  ["an empty entry", PROXY, `${CLIENT}, , 10.1.1.1`, "10.1.1.1"],
  ["a trailing comma", PROXY, `${CLIENT},`, PROXY],
  ["octal digits", PROXY, "203.0.113.009", PROXY],
  ["a decimal address", PROXY, "3405803785", PROXY],
  ["a zone", PROXY, "fe80::1%eth0", "fe80::1"],
  ["a line break", PROXY, `${CLIENT}\n`, CLIENT],
  ["markup", PROXY, "<script>", PROXY],
  ["a very long header", PROXY, `${"1.1.1.1,".repeat(2000)}${CLIENT}`, CLIENT],
  ["a Unix socket, whose peer has no address", undefined, CLIENT, ""],
];
for (const [what, remoteAddress, header, address] of cases)
  test(`the client's address with ${what}`, () => {
    const headers = header === undefined ? {} : { "x-forwarded-for": header };
    assert.equal(clientAddress({ socket: { remoteAddress }, headers }, trusted), address);
  });

test("without trusted proxies, no header changes the client's address", () => {
  for (const [, remoteAddress, header] of cases) {
    const socket = { remoteAddress };
    const headers = header === undefined ? {} : { "x-forwarded-for": header };
    assert.equal(
      clientAddress({ socket, headers }, undefined),
      clientAddress({ socket, headers: {} }, undefined),
    );
  }
});

for (const [block, message] of [
  ["10.0.0.0/33", /"10\.0\.0\.0\/33" is not an address or a CIDR block/],
  ["fd00::/129", /is not an address/],
  ["10.0.0.0/8/8", /is not an address/],
  ["10.0.0.0/-1", /is not an address/],
  ["10.0.0.0/", /is not an address/],
  ["fe80::1%eth0/64", /is not an address/],
  ["proxy.example.com", /is not an address/],
  ["", /is not an address/],
  ["0.0.0.0/0", /contains every address, so that clients could choose their own/],
  ["::/0", /contains every address/],
] as const)
  test(`--trusted-proxies rejects "${block}"`, () => {
    assert.match(String(parseTrustedProxies(["10.0.0.0/8", block])), message);
  });
