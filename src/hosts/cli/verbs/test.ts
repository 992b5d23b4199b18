import { type Reporter, type ReportOptions, reporters } from "../../../reporters/index.ts";
import { version } from "../../../session/assets.ts";
import { optionsFor } from "../../../session/check-options.ts";
import type { Call } from "../../../session/invocation.ts";
import { deliver, refuse, tell } from "../deliver.ts";
import { exitCode } from "../exit.ts";
import { readNamespaces } from "../namespaces.ts";
import { readOutputs } from "../outputs.ts";
import { run } from "../run.ts";
import { traceText } from "../trace.ts";

/** `keywarden test`: what conftest's `test` does. */
export function test(call: Call): number | string {
  const { values, compat, io } = call;
  const outputs = readOutputs({ given: values.output, known: [...reporters.keys()], compat });
  if (typeof outputs === "string") return outputs;
  const namespace = readNamespaces(values, compat);
  if (typeof namespace === "string") return namespace;
  const options = optionsFor(call, values.baseline);
  if ("what" in options) return refuse(call, options);

  const none = { rules: [], evaluate: () => [] };
  const report = run(call, namespace.rules ? options : { ...options, engine: none });
  const exit = { failOnWarn: values["fail-on-warn"] === true, noFail: values["no-fail"] === true, compat };
  const code = exitCode(report, exit);
  // As in conftest, what --no-fail forgives is printed all the same.
  const quiet = values.quiet === true && exitCode(report, { ...exit, noFail: false }) === 0;
  tell(call, quiet ? { ...report, notices: [] } : report);
  if (values.trace === true) io.stderr(traceText(report));

  const told: Omit<ReportOptions, "color" | "width"> = {
    namespace: namespace.name,
    version: version(io),
    passed: code === 0,
    junitHideMessage: values["junit-hide-message"] === true,
    githubHidePassed: values["github-hide-passed"] === true,
    suppressExceptions: values["suppress-exceptions"] === true,
  };
  // A file that a later step of a pipeline takes has to be there.
  const wanted = quiet ? outputs.filter(({ path }) => path !== null) : outputs;
  return deliver(call, wanted, code, (form, look) =>
    (reporters.get(form) as Reporter)(report, { ...told, ...look }),
  );
}
