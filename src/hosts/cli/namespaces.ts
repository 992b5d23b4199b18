import type { Values } from "../../session/flags/values.ts";

/** The namespace of the rules, as conftest calls their package. */
const NAMESPACE = "main";

/**
 * Whether the rules are asked for. An unknown namespace is wrong, for nothing would be checked and the run would pass;
 * with conftest's own behaviour (`compat`) it is a namespace without rules.
 */
export function readNamespaces(values: Values, compat: boolean): { name: string; rules: boolean } | string {
  const patterns = values.namespace ?? [NAMESPACE];
  if (values["all-namespaces"] === true) return { name: NAMESPACE, rules: true };
  const isOurs = (pattern: string) => glob(pattern).test(NAMESPACE);
  const unknown = patterns.find((pattern) => !isOurs(pattern));
  if (unknown === undefined || (compat && patterns.some(isOurs))) return { name: NAMESPACE, rules: true };
  if (compat) return { name: unknown, rules: false };
  return `there is no namespace ${unknown}: the rules are in ${NAMESPACE}, and other policies are run by conftest`;
}

/** Go's `path.Match`, in which a dot is a character like others. */
function glob(pattern: string): RegExp {
  const source = pattern.replace(/\[\^?[^\]]*\]|[\s\S]/g, (part) => {
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    return part.length > 1 ? part.replace(/\\/g, "\\\\") : part.replace(/[\\^$.|+()[\]{}]/, "\\$&");
  });
  return new RegExp(`^${source}$`);
}
