import { type Reporter, type ReportOptions, reporters } from "../../../reporters/index.ts";
import { packageVersion } from "../../../session/assets.ts";
import { createCheckOptions } from "../../../session/check-options.ts";
import type { Invocation } from "../../../session/invocation.ts";
import { exitCode } from "../exit.ts";
import { readNamespaces } from "../namespaces.ts";
import { printProblems, reportFailure, writeOutputs } from "../output.ts";
import { readOutputs } from "../output-flags.ts";
import { runCheck } from "../run.ts";
import { traceText } from "../trace.ts";

/** Runs `keywarden test`, which accepts the flags of `conftest test`. */
export function testCommand(invocation: Invocation): number | string {
  const { flags, compat, io } = invocation;
  const outputs = readOutputs({ requested: flags.output, formats: [...reporters.keys()], compat });
  if (typeof outputs === "string") return outputs;
  const namespace = readNamespaces(flags, compat);
  if (typeof namespace === "string") return namespace;
  const options = createCheckOptions(invocation, flags.baseline);
  if ("summary" in options) return reportFailure(invocation, options);

  const noRules = { rules: [], evaluate: () => [] };
  const report = runCheck(invocation, namespace.rules ? options : { ...options, engine: noRules });
  const exit = {
    failOnWarn: flags["fail-on-warn"] === true,
    noFail: flags["no-fail"] === true,
    compat,
  };
  const code = exitCode(report, exit);
  // As in conftest, --quiet still prints failures that --no-fail ignores.
  const quiet = flags.quiet === true && exitCode(report, { ...exit, noFail: false }) === 0;
  printProblems(invocation, quiet ? { ...report, notices: [] } : report);
  if (flags.trace === true) io.stderr(traceText(report));

  const reportOptions: Omit<ReportOptions, "color" | "width"> = {
    namespace: namespace.name,
    version: packageVersion(io),
    passed: code === 0,
    junitHideMessage: flags["junit-hide-message"] === true,
    githubHidePassed: flags["github-hide-passed"] === true,
    suppressExceptions: flags["suppress-exceptions"] === true,
  };
  // A later step of a pipeline may need the files.
  const written = quiet ? outputs.filter(({ path }) => path !== null) : outputs;
  return writeOutputs(invocation, written, code, (format, style) =>
    (reporters.get(format) as Reporter)(report, { ...reportOptions, ...style }),
  );
}
