/** What an output contains although only Keywarden may write it. */

/** A control character, a character that reorders text, ends a line or is invisible, or an unpaired surrogate. */
const raw = /(?!\n|\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|\u034F|\u115F|\u1160|\u3164|\uFFA0/u;
/** Some agents compare texts without the characters that have no width. */
const inLine = /#\p{DI}*#\p{DI}*[a-z]*\p{DI}*\[/iu;
const blanks = /^(?:\s|\p{DI}|\u001B\[\d+m)*/u;

const commands: { readonly [format: string]: RegExp } = {
  github:
    /^::(?:endgroup::$|group::|(?:error|warning|notice) file=[^:,]*(?:,(?:line|endLine|title)=[^:,]*)*::)/,
  azuredevops:
    /^##(?:\[section\]|\[group\]|\[endgroup\]|vso\[task\.logissue (?:\w+=[^\];]*;)*\w+=[^\];]*\] )/,
};

/** The start of every line, in formats in which a line is a record. */
const records: { readonly [format: string]: RegExp } = {
  stdout: /^(?:(?:WARN|FAIL|EXCP|SKIP) - |\d+ tests?, |$)/,
  tap: /^(?:1\.\.\d|(?:not )?ok \d+ - |# (?:warnings|exceptions|skip|not checked|successes)$)/,
  table: /^[┌│├└]/,
  github: /^(?:::(?:group|error|warning|notice|endgroup)\b|\d+ tests?, )/,
  azuredevops: /^(?:##|skipped file=|success file=|\d+ tests?, )/,
  atlantis: /^(?:FAIL|ERROR|WARN|NOTE|UNKNOWN|UNSEEN|EXCEPTION|PASS|INCOMPLETE) - /,
};

const elements =
  /<\/?(?:html|head|meta|title|style|body|header|h[123]|ul|li|b|p|main|section|article|div|span|a|code|pre|mark|details|summary|table|thead|tbody|tr|th|td|footer|testsuites?|properties|property|testcase|failure|skipped)(?: [\w.-]+="[^"<>]*")*>|<!doctype html>|<\?xml version="1.0" encoding="UTF-8"\?>/g;

/** Returns each way in which an output in a format obeys its input. `format` may also be `stderr`. */
export function leaks(format: string, output: string): string[] {
  const found: string[] = [];
  const control = raw.exec(output);
  if (control !== null)
    found.push(`raw ${JSON.stringify(output.slice(control.index - 30, control.index + 5))}`);
  for (const line of output.split(/\r\n|\r|\n/)) {
    const command = commands[format]?.exec(line)?.[0];
    if (command === undefined && line.replace(blanks, "").startsWith("::"))
      found.push(`a command at the start of ${JSON.stringify(line.slice(0, 80))}`);
    // The text of GitHub's command `group` may contain anything else.
    const rest = line.slice(format === "azuredevops" ? /^##(?:vso)?\[/.exec(command ?? "")?.[0].length : 0);
    if (inLine.test(rest)) found.push(`a command in ${JSON.stringify(line.slice(0, 200))}`);
    const record = records[format];
    if (record !== undefined && line !== "" && !record.test(line))
      found.push(`a line without a label: ${JSON.stringify(line.slice(0, 80))}`);
  }
  return [...found, ...(syntax[format]?.(output) ?? [])];
}

const json = (output: string): string[] => {
  try {
    JSON.parse(output);
    return [];
  } catch (error) {
    return [`not JSON: ${error}`];
  }
};

function markup(output: string): string[] {
  const rest = output.replace(/<style>[^<]*<\/style>/, "").replace(elements, "");
  return [/[<>]/, /&(?!#x?\w+;)/].flatMap((pattern) => {
    const at = rest.search(pattern);
    return at === -1 ? [] : [`markup: ${rest.slice(Math.max(0, at - 20), at + 60)}`];
  });
}

/** Looks for markup of the input outside of code. */
function markdown(output: string): string[] {
  const prose = output
    .replace(/^( *)(`{3,})[^`\n]*\n[^]*?^\1\2$/gm, "")
    .replace(/(?<![\\`])(`+)(?!`)([^]*?[^`])\1(?!`)/g, "")
    .replace(/<\/?(?:details|summary|sub)>|<br>$|<!-- (?:keywarden )?-->/gm, " ")
    .replace(/\[\]\(https:\/\/github\.com\/keywarden\/keywarden\/[^)]*\)/g, "")
    .replace(/\\[!-/:-@[-`{-~]|&#\d+;/g, " ");
  const patterns = [/[<>`|]/, /\]\(/, /[@#~!%](?=["\w])/, /&/, /\$|:\/\/|www\.|gh-\d/i];
  return patterns.flatMap((pattern) => {
    const at = prose.search(pattern);
    return at === -1 ? [] : [`markup ${pattern}: ${prose.slice(Math.max(0, at - 60), at + 60)}`];
  });
}

const syntax: { readonly [format: string]: (output: string) => string[] } = {
  json,
  sarif: json,
  gitlab: json,
  junit: markup,
  html: markup,
  markdown,
  atlantis: (output) => (/<(?!policy>)[a-z!/?]|\]\(/i.test(output) ? ["markup"] : []),
};
