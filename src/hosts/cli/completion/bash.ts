import type { CompletedCommand, CompletedFlag, Completions } from "./completions.ts";

/** Returns a completion script for bash 3.2 and later. */
export function bashCompletion({ commands }: Completions): string {
  const firstWords = [...new Set(commands.map(({ name }) => name.split(" ")[0] as string))];
  return `# bash completion for keywarden: source <(keywarden completion bash)
_keywarden() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= word= i
  COMPREPLY=()
  # bash splits --flag=value at the equal sign.
  if [[ $cur == "=" ]]; then cur=
  elif [[ $prev == "=" ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$command:$word" in
      *:-*|:=) ;;
      :*) command=$word ;;
      config:print) command="config print"; break ;;
      *) break ;;
    esac
  done
  case "$command" in
    "") _keywarden_words "${[...firstWords, "help"].join(" ")} --help --version" ;;
    config) _keywarden_words "print" ;;
    help) _keywarden_words "${firstWords.join(" ")}" ;;
${commands.map(commandCase).join("\n")}
  esac
}

_keywarden_words() {
  compopt +o bashdefault +o default 2>/dev/null
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

complete -o bashdefault -o default -F _keywarden keywarden
`;
}

function commandCase({ name, flags, arguments: argumentValues }: CompletedCommand): string {
  const values = flags.filter(({ value }) => value !== "none");
  const cases = values.map((flag) => `        ${spellings(flag).join("|")}) ${valueAction(flag)} ;;`);
  const argumentAction =
    argumentValues === "files" ? "return" : `_keywarden_words "${argumentValues.join(" ")}"`;
  return `    ${JSON.stringify(name)})
      case "$prev" in
${[...cases, "        *)"].join("\n")}
          if [[ $cur == -* ]]; then _keywarden_words "${flags.flatMap(spellings).join(" ")}"
          else ${argumentAction}
          fi ;;
      esac ;;`;
}

function valueAction({ value }: CompletedFlag): string {
  if (value === "files") return "return";
  return `_keywarden_words "${typeof value === "string" ? "" : value.join(" ")}"`;
}

const spellings = ({ name, short }: CompletedFlag): string[] => [
  ...(short === undefined ? [] : [`-${short}`]),
  `--${name}`,
];
