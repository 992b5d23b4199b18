/** Archives that a bundle server sends: tar, compressed with gzip. */
import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { createTar } from "nanotar";
import { MAX_UNPACKED_BYTES, unpackBundle } from "../../../src/hosts/server/bundle/archive.ts";
import { parseRuleBundle } from "../../../src/hosts/server/bundle/rule-bundle.ts";
import { bytesOf, expect, type Target, textOf } from "../harness/target.ts";
import { root } from "../seeds.ts";
import { twisted } from "../twists.ts";

const rules = JSON.parse(readFileSync(`${root}bundles/rules.json`, "utf8")).slice(0, 2);
const data = JSON.stringify({ keywarden: { rules, settings: {} } });

type Contents = [string, Uint8Array][];

const tar = (files: Contents): Uint8Array =>
  createTar(files.map(([name, content]) => ({ name, data: content })));

const typical = (more: Contents = []): Contents => [
  ["/data.json", bytesOf(data)],
  ["/policy.wasm", Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0])],
  ["/.manifest", bytesOf('{"revision":"1"}')],
  ...more,
];

const names = [
  "../x",
  "/etc/passwd",
  "a//b",
  "./a",
  "..",
  "a/../../b",
  "data.json",
  "x".repeat(150),
  "\u202e",
  "a\\..\\b",
];

/** Errors of the reader and of the bundle's checks, which name the bundle. */
const own = /bundle|module of compiled rules|compiled rules/i;

export const bundleTarget: Target = {
  name: "bundle",
  dictionary: [
    "ustar\0",
    "0000644\0",
    "keywarden",
    "rules",
    "settings",
    "revision",
    "policy.wasm",
    "data.json",
    ...names,
  ],
  seeds: () => [tar(typical()), gzipSync(tar(typical())), tar([["/data.json", bytesOf(data)]])],
  generate(random) {
    const twistedData = bytesOf(
      twisted(data, random, ["rules", "settings", "public_access", "error", "off", "level"]),
    );
    const files = typical([[random.pick(names), bytesOf(random.pick(names))]]);
    if (random.chance(0.5)) files[0] = ["/data.json", twistedData];
    const archive = tar(random.shuffled(files));
    return random.chance(0.3) ? gzipSync(archive) : archive;
  },
  async check(input) {
    let files: Map<string, Uint8Array>;
    try {
      files = await unpackBundle(input);
    } catch (error) {
      expect(own.test((error as Error).message), "an archive has an error of another library", () =>
        String((error as Error).stack),
      );
      return;
    }
    let size = 0;
    for (const [path, content] of files) {
      expect(
        !path.split("/").includes("..") && !path.startsWith("/"),
        "a path is outside of the bundle",
        () => path,
      );
      size += content.length;
    }
    expect(
      size <= MAX_UNPACKED_BYTES && size <= lengthOf(input),
      "the files are larger than the archive",
      () => `${size}`,
    );
    try {
      parseRuleBundle(files);
    } catch (error) {
      expect(own.test((error as Error).message), "a bundle has an error of another library", () =>
        String((error as Error).stack),
      );
    }
  },
};

const lengthOf = (input: Uint8Array): number =>
  textOf(input.subarray(0, 1)) === "\u001f"
    ? gunzipSync(input, { maxOutputLength: MAX_UNPACKED_BYTES }).length
    : input.length;
