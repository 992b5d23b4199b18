/** Words that try to command what shows them: terminals, browsers, CI systems, and readers of comments. */
import type { Random } from "../random.ts";

/** Each is complete on its own. Together, they also form commands across the border of two words. */
const fragments: readonly string[] = [
  "::error::leak",
  "::set-output name=x::leak",
  "##vso[task.setvariable variable=P]leak",
  "##[error]leak",
  "##teamcity[buildStatus text='leak']",
  "\u001B[31m",
  "\u001B]8;;http://evil.example\u0007leak\u001B]8;;\u0007",
  "\u009B31m",
  "\u202Egpj.exe",
  "\u2066leak\u2069",
  "\u{E0041}\u{E007F}",
  "<script>alert('leak')</script>",
  "<img src=x onerror=leak()>",
  "</details></summary>",
  "<!-- keywarden -->",
  "[leak](javascript:leak)",
  "![leak](https://evil.example/leak.png)",
  "]]>&<!--",
  "| a | b |",
  "```\n# leak\n```",
  "`leak``",
  "@octocat #1 !2 GH-3 $x$ ~leak %leak",
  "www.evil.example",
  "ok 1 - leak # SKIP",
  "FAIL - leak",
  "100%0A::leak",
  ",line=1::leak",
  ";code=leak]leak",
  "\uD800",
  ...["#", "##", "[", "vso[", "]", ":", "::", "\n", "\r", "\r\n", "\n  ", "\t", " ", "\u00A0", "\u3000"],
  ...["\u0000", "\u0008", "\u000B", "\u000C", "\u001C", "\u007F", "\u0085", "\u00AD", "\u061C", "\u180E"],
  ...["\u200B", "\u200D", "\u200E", "\u2028", "\u2029", "\u2060", "\u3164", "\uFE0F", "\uFEFF", "\uFFFE"],
  ...["`", "```", "~~~", "|", "\\", '"', "'", "<", ">", "&", "-", "\u26A0\uFE0F", "\u9375", "x"],
];

export const hostileWord = (random: Random): string =>
  Array.from({ length: 1 + random.integer(4) }, () => random.pick(fragments)).join("");
