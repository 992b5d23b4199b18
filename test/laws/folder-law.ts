/**
 * The folder law: a file that does not pass when named is not silent when the folder is named.
 * Runs the command line in this process, on files on disk.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { main } from "../../src/hosts/cli/main.ts";
import { drawHole, print } from "./hole-law.ts";
import { damaged } from "./holes/corrupt.ts";
import type { Files } from "./holes/policy.ts";
import type { Law } from "./law.ts";
import { minimizeFiles } from "./minimize.ts";
import { Random } from "./random.ts";

const project = new URL("../../", import.meta.url);

const others: Files = {
  "README.md": "# Keys\n",
  "package.json": '{ "name": "keys", "dependencies": {} }\n',
  "values.yaml": "replicas: 3\nimage: nginx\n",
  "b/notes.txt": "Nothing about keys.\n",
};

export const folders: Law = {
  name: "folders",
  *run(count, seed) {
    const directory = mkdtempSync(join(tmpdir(), "keywarden-laws-"));
    const minimized = new Set<string>();
    try {
      for (let i = 0; i < count; i++) {
        const random = new Random(seed + i);
        const { format, files } = drawHole(random);
        const input = random.chance(0.7) ? damaged(files, random) : files;
        if (!isBroken(directory, input)) {
          yield { checked: 1, broken: [] };
          continue;
        }
        const isStill = (candidate: Files): boolean =>
          concernsKms(candidate) && isBroken(directory, candidate);
        const smallest = minimized.has(format) ? input : minimizeFiles(input, isStill, 200);
        minimized.add(format);
        const what = `passes in its folder: ${format}`;
        yield {
          checked: 1,
          broken: [{ what, input: print(smallest), detail: "", seed: seed + i, count: 1 }],
        };
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
};

/** A directory may contain broken files of other tools, about which Keywarden says nothing. */
const concernsKms = (files: Files): boolean =>
  Object.values(files).some((text) => {
    const plain = text.replace(/\\+(?:u00|x)(..)/gi, (_, code) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    return /kms:/i.test(plain) && /principal/i.test(plain);
  });

/** Returns whether the first file does not pass when named, and its folder passes. */
function isBroken(directory: string, files: Files): boolean {
  const folder = mkdtempSync(join(directory, "input-"));
  try {
    for (const [path, text] of Object.entries({ ...others, ...files })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const [first] = Object.keys(files) as [string];
    return speaks(folder, first) && !speaks(folder, ".");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const assets = new Map<string, Uint8Array>();

/** Returns whether the command line fails, or names something that it could not judge. */
function speaks(cwd: string, path: string): boolean {
  const asset = (name: string): Uint8Array => {
    const bytes = assets.get(name) ?? readFileSync(new URL(name, project));
    assets.set(name, bytes);
    return bytes;
  };
  let output = "";
  const write = (text: string): void => {
    output += text;
  };
  const code = main(["test", "-o", "json", join(cwd, path)], {
    stdout: write,
    stderr: write,
    env: {},
    cwd,
    stderrIsTerminal: false,
    asset,
  });
  return code !== 0 || /"verdict": "unknown"|unseen|not checked/.test(output);
}
