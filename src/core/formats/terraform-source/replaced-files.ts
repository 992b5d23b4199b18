import { posix } from "node:path";
import type { UnseenPart } from "../../model/source.ts";
import type { ModuleFiles } from "../../model/terraform-module.ts";
import { mentionsKms } from "../../parse/kms-content.ts";

/**
 * Returns a part for each file about KMS that OpenTofu ignores because of a .tofu file with the same name. Terraform reads
 * it instead, and the source does not say which of the two programs deploys it.
 */
export function replacedFiles(
  directory: string,
  files: ModuleFiles,
  readText: (path: string) => string | undefined,
): UnseenPart[] {
  const names = (files.list(directory) ?? []).map(({ name }) => name);
  return names.flatMap((name): UnseenPart[] => {
    const replaced = name.replace(/\.tofu((?:\.json)?)$/, ".tf$1");
    if (replaced === name || !names.includes(replaced)) return [];
    const [path, other] = [posix.join(directory, replaced), posix.join(directory, name)];
    const text = readText(path);
    if (text === undefined || text === readText(other) || !mentionsKms(text)) return [];
    return [
      {
        kind: "file",
        file: path,
        subject: path,
        message: `The file mentions KMS and was not checked: OpenTofu reads ${other} instead.`,
        remedy: "Check it in a copy of the directory without the .tofu file, or check the plan.",
      },
    ];
  });
}
