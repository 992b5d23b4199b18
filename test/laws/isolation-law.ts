/** The isolation law: no file takes a finding away from another file. */
import { type Checker, createChecker, type Report } from "../../src/hosts/library/index.ts";
import { drawHole, print, sourcesOf } from "./hole-law.ts";
import { damaged } from "./holes/corrupt.ts";
import { hostile } from "./holes/hostile.ts";
import type { Files } from "./holes/policy.ts";
import type { Law } from "./law.ts";
import { minimizeFiles } from "./minimize.ts";
import { Random } from "./random.ts";

/** Findings that hold whatever else the input has. An alias in another file may resolve `alias_missing`. */
const lasting = new Set(["public_access", "malformed_policy", "policy_unresolved", "rotation_disabled"]);

export const isolation: Law = {
  name: "isolation",
  *run(count, seed) {
    const checker = createChecker();
    for (let i = 0; i < count; i++) {
      const random = new Random(seed + i);
      const files = inFolder("own", drawHole(random).files);
      const drawn = random.pick([
        hostile,
        hostile,
        () => drawHole(random).files,
        () => damaged(drawHole(random).files, random),
      ])(random);
      const added = inFolder(random.pick(["another", "own/another", "a"]), drawn);
      const named = random.chance(0.5);
      const first = random.chance(0.5);
      const lost = (extra: Files): string[] => lostFindings(checker, files, extra, named, first);
      if (lost(added).length === 0) {
        yield { checked: 1, broken: [] };
        continue;
      }
      const smallest = minimizeFiles(added, (candidate) => lost(candidate).length > 0, 200);
      const detail = `lost: ${lost(smallest).join("; ")}`;
      const input = `${print(files)}\nafter adding\n${print(smallest)}`;
      yield { checked: 1, broken: [{ what: "lost findings", input, detail, seed: seed + i, count: 1 }] };
    }
  },
};

const inFolder = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));

function lostFindings(
  checker: Checker,
  files: Files,
  added: Files,
  named: boolean,
  first: boolean,
): string[] {
  const [own, other] = [sourcesOf(files, named), sourcesOf(added, named)];
  const before = reported(checker.check(own));
  const after = reported(checker.check(first ? [...own, ...other] : [...other, ...own]));
  return [...before].filter((each) => !after.has(each));
}

const reported = ({ findings, problems }: Report): Set<string> =>
  new Set([
    ...findings
      .filter(({ rule }) => lasting.has(rule))
      .map(({ rule, resource, location, verdict }) => `${location.file}: ${rule} ${verdict} ${resource}`),
    ...problems.map(({ file, message }) => `${file}: ${message}`),
  ]);
