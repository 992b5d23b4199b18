import type { FlagValues } from "../../session/flags/values.ts";

/** conftest's name for the package of the rules. */
const NAMESPACE = "main";

/**
 * Returns the namespace to report and whether to run the rules, or an error message. An unknown namespace is an error:
 * nothing would be checked, and the run would pass. With conftest's behavior (`compat`) it is a namespace without rules.
 */
export function readNamespaces(
  values: FlagValues,
  compat: boolean,
): { name: string; rules: boolean } | string {
  const patterns = values.namespace ?? [NAMESPACE];
  if (values["all-namespaces"] === true) return { name: NAMESPACE, rules: true };
  const isOurs = (pattern: string) => globExpression(pattern).test(NAMESPACE);
  const unknown = patterns.find((pattern) => !isOurs(pattern));
  if (unknown === undefined || (compat && patterns.some(isOurs))) return { name: NAMESPACE, rules: true };
  if (compat) return { name: unknown, rules: false };
  return `--namespace: there is no namespace "${unknown}". The rules are in ${NAMESPACE}; run other policies with conftest.`;
}

/** Translates a pattern of Go's `path.Match`, in which a dot is an ordinary character. */
function globExpression(pattern: string): RegExp {
  const source = pattern.replace(/\[\^?[^\]]*\]|[\s\S]/g, (part) => {
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    return part.length > 1 ? part.replace(/\\/g, "\\\\") : part.replace(/[\\^$.|+()[\]{}]/, "\\$&");
  });
  return new RegExp(`^${source}$`);
}
