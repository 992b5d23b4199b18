/** The names of protocols in `--require-content`. `hooks` are CloudFormation Hooks. */
export const contentProtocols = [
  "check",
  "gatekeeper-external-data",
  "hooks",
  "kubernetes-admission",
  "opa",
  "run-task",
] as const;

/** Every hook invocation has a template or a resource, and every run task has a plan. */
const defaultProtocols = ["hooks", "run-task"];

/** Returns the protocols for which an input without content is undecided, or an error message. */
export function protocolsRequiringContent(names: readonly string[] = defaultProtocols): string[] | string {
  if (names.length === 1 && names[0] === "all") return [...contentProtocols];
  if (names.length === 1 && names[0] === "none") return [];
  const unknown = names.find((name) => !contentProtocols.some((protocol) => protocol === name));
  if (unknown === undefined) return [...names];
  return `--require-content: "${unknown}" is not a protocol. Use a list of ${contentProtocols.join(", ")}; or only all or none.`;
}
