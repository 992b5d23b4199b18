import { load } from "js-yaml";
import type { Repository } from "../check-supply-chain.ts";

interface Step {
  uses?: string;
  run?: string;
  with?: { [input: string]: unknown };
}

interface Workflow {
  on?: unknown;
  permissions?: unknown;
  jobs?: { [job: string]: { permissions?: unknown; steps?: Step[] } };
}

/** Returns the problems of workflows, and of the workflows that pages show as examples. */
export function workflowProblems({ paths, read }: Repository): string[] {
  const versions = new Map<string, string>();
  return paths.flatMap((path) => {
    if (/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) {
      const text = read(path).toString();
      return [...pins(path, text, versions), ...workflowRules(path, load(text) as Workflow)];
    }
    if (path === "action.yml") return pins(path, read(path).toString(), versions);
    if (!path.endsWith(".md")) return [];
    return [
      ...read(path)
        .toString()
        .matchAll(/^```ya?ml\n([\s\S]*?)^```/gm),
    ]
      .filter(([, text = ""]) => /\buses:/.test(text))
      .flatMap(([, text = ""]) => [
        ...pins(path, text, versions),
        ...commandRules(path, load(text) as Workflow),
      ]);
  });
}

/** A tag can be moved to another commit; a commit can't. An example that uses this action names the tag to choose. */
function pins(path: string, text: string, versions: Map<string, string>): string[] {
  return [...text.matchAll(/\buses:\s*["']?([^\s"'#]+)["']?[^\S\n]*(?:#[^\S\n]*(\S+))?/g)].flatMap(
    ([, uses = "", version = ""]) => {
      if (uses.startsWith("./") || (path.endsWith(".md") && uses.startsWith("keywarden/keywarden@")))
        return [];
      const [action, ref = ""] = uses.split("@");
      if (!/^[\da-f]{40}$/.test(ref)) return [`${path}: Pin ${uses} by its commit.`];
      if (!/^v\d+\.\d+\.\d+$/.test(version))
        return [`${path}: Add the version of ${uses} as a comment: # vX.Y.Z`];
      const repository = (action as string).split("/").slice(0, 2).join("/");
      const known = versions.get(`${repository}@${version}`) ?? ref;
      versions.set(`${repository}@${version}`, known);
      return known === ref ? [] : [`${path}: ${uses} has another commit than ${known} for ${version}.`];
    },
  );
}

/** Triggers that run with the permissions of the base branch, although someone else may have written the code. */
const privileged = ["pull_request_target", "workflow_run", "issue_comment"];

function workflowRules(path: string, workflow: Workflow): string[] {
  const { on, permissions, jobs = {} } = workflow;
  const triggers = typeof on === "string" ? [on] : Array.isArray(on) ? on : Object.keys((on ?? {}) as object);
  return [
    ...triggers
      .filter((trigger) => privileged.includes(String(trigger)))
      .map((trigger) => `${path}: The trigger ${trigger} gives permissions to the code of others.`),
    ...(JSON.stringify(permissions) === '{"contents":"read"}'
      ? []
      : [`${path}: The workflow must have "permissions: contents: read", and jobs may have more.`]),
    ...Object.entries(jobs)
      .filter(([, job]) => typeof job.permissions === "string")
      .map(([name]) => `${path}: List the permissions of the job ${name}.`),
    ...steps(workflow)
      .filter(
        ({ uses, with: inputs }) =>
          uses?.startsWith("actions/checkout@") && inputs?.["persist-credentials"] !== false,
      )
      .map(() => `${path}: Set persist-credentials: false for actions/checkout.`),
    ...commandRules(path, workflow),
  ];
}

/** GitHub inserts expressions into a command before the shell reads it, so a title or branch could be a command. */
const commandRules = (path: string, workflow: Workflow): string[] =>
  steps(workflow)
    .filter(({ run }) => run?.includes("${{"))
    .map(({ run }) => `${path}: Pass expressions to a command in env: ${run?.trim().split("\n")[0]}`);

const steps = ({ jobs = {} }: Workflow): Step[] => Object.values(jobs).flatMap((job) => job.steps ?? []);
