/** What conftest's forms say, as one sorted line for each result: `failure|warning FILE MESSAGE`. */
export const readers: { [form: string]: (output: string) => string[] } = {
  stdout: (output) =>
    output
      .split("\n")
      .flatMap((line) =>
        match(/^(?:\u001B\[\d+m)?(WARN|FAIL|SKIP)(?:\u001B\[0m)? - (\S+) - main - (.*)$/, line),
      )
      .map(([, word, file, message]) => line(word === "FAIL", file, message)),

  json: (output) =>
    (JSON.parse(output) as CheckResult[]).flatMap(({ filename, namespace, ...lists }) => {
      if (namespace !== "main") throw new Error(`namespace ${namespace}`);
      const { failures = [], warnings = [], skipped = [] } = lists;
      return [
        ...failures.map(({ msg }) => line(true, filename, msg)),
        ...[...warnings, ...skipped].map(({ msg }) => line(false, filename, msg)),
      ];
    }),

  tap(output) {
    const lines = output.trimEnd().split("\n");
    const tests = lines.filter((text) => /^(not )?ok \d+ /.test(text));
    if (lines[0] !== `1..${tests.length}`) throw new Error(`the plan is ${lines[0]}`);
    let [section, last] = ["", ""];
    return lines.slice(1).flatMap((text) => {
      const [, number, file = "", message] =
        match(/^(?:not )?ok (\d+) - (\S+) - main - (.*?)(?: # SKIP)?$/, text)[0] ?? [];
      if (number === undefined) section = text;
      else if (tests.indexOf(text) !== Number(number) - 1) throw new Error(`out of order: ${text}`);
      // Failures come first, and without a headline.
      else if (file !== last) section = lines[lines.indexOf(text) - 1]?.startsWith("#") ? section : "";
      if (number !== undefined) last = file;
      return number === undefined || message === "SUCCESS" ? [] : [line(section === "", file, message)];
    });
  },

  table(output) {
    const rows = output.split("\n").filter((text) => text.startsWith("│"));
    const cells = rows.map((row) =>
      row
        .split("│")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    if (cells[0]?.join() !== "RESULT,FILE,NAMESPACE,MESSAGE") throw new Error(`the head is ${rows[0]}`);
    return cells
      .slice(1)
      .filter(([result]) => result !== "success")
      .map(([result, file, , message]) => line(result === "failure", file, message));
  },

  // The form tells no failure from a warning.
  junit: (output) => {
    if (!output.includes(' name="conftest.main"')) throw new Error("no suite conftest.main");
    return output
      .split("<testcase ")
      .slice(1)
      .flatMap((test) => {
        const [, file] = /name="(\S+?)(?: - |")/.exec(test) ?? [];
        const message = /<failure [^>]*>([^<]*)</.exec(test) ?? /<skipped message="([^"]*)"/.exec(test);
        return message === null ? [] : [line(false, file, unescaped(message[1] as string))];
      });
  },

  github: (output) =>
    output
      .split("\n")
      .flatMap((text) => match(/^::(error|warning|notice) file=([^,]+),[^:]*::(.*)$/, text))
      .filter(([, , , message]) => !message?.startsWith("Number of successful checks: "))
      .map(([, level, file, message]) =>
        line(
          level === "error",
          file,
          decodeURIComponent((message as string).replace("Test was skipped: ", "")),
        ),
      ),

  azuredevops: (output) =>
    output
      .split("\n")
      .flatMap((text) => [
        ...match(/^##vso\[task\.logissue type=(\w+)[^\]]*\] file=(\S+) --> (.*)$/, text),
        ...match(/^(skipped) file=(\S+) (.*)$/, text),
      ])
      .map(([, type, file, message]) => line(type === "error", file, message)),
};

interface CheckResult {
  filename: string;
  namespace: string;
  skipped?: { msg: string }[];
  warnings?: { msg: string }[];
  failures?: { msg: string }[];
}

const match = (pattern: RegExp, text: string): string[][] => {
  const found = pattern.exec(text);
  return found === null ? [] : [[...found]];
};

const line = (failure: boolean, file = "", message = ""): string =>
  `${failure ? "failure" : "warning"} ${file} ${message}`;

const unescaped = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replace(/&#34;|&quot;/g, '"')
    .replace(/&#39;|&apos;/g, "'")
    .replaceAll("&amp;", "&");
