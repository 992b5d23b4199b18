import type { CompletedCommand, CompletedFlag, Completions } from "./completions.ts";

/** Returns a completion script for zsh, to source or to install as `_keywarden` in a directory of $fpath. */
export function zshCompletion({ commands }: Completions): string {
  const simple = commands.filter(({ name }) => !name.includes(" "));
  const descriptions = [
    ...simple.map(({ name, summary }) => `${name}:${summary}`),
    "config:Print the config that applies to a file",
    "help:Print the help of a command",
  ];
  return `#compdef keywarden
# zsh completion for keywarden: source <(keywarden completion zsh)
_keywarden() {
  local -a commands=(
${descriptions.map((description) => `    ${quoted(description)}`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  if [[ $command == help ]]; then
    _describe command commands
    return
  fi
  if [[ $command == config ]]; then
    if (( CURRENT == 3 )); then
      compadd print
      return
    fi
    command="config print"
    shift words
    (( CURRENT-- ))
  fi
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(commandCase).join("\n")}
  esac
}

if [[ $funcstack[1] == _keywarden ]]; then
  _keywarden "$@"
else
  compdef _keywarden keywarden
fi
`;
}

function commandCase({ name, flags, arguments: argumentValues }: CompletedCommand): string {
  const last = argumentValues === "files" ? "*:path:_files" : `*:argument:(${argumentValues.join(" ")})`;
  const specs = [...flags.flatMap(flagSpecs), ...(argumentValues.length === 0 ? [] : [last])];
  return `    ${JSON.stringify(name)})
      _arguments -s \\
${specs.map((spec) => `        ${quoted(spec)}`).join(" \\\n")} ;;`;
}

/** One specification for each spelling; flags may be repeated. */
function flagSpecs({ name, short, help, value }: CompletedFlag): string[] {
  const description = help.replace(/[[\]:\\]/g, "\\$&");
  const action = value === "none" ? "" : `:value:${actionOf(value)}`;
  return [
    ...(short === undefined ? [] : [`*-${short}${value === "none" ? "" : "+"}[${description}]${action}`]),
    `*--${name}${value === "none" ? "" : "="}[${description}]${action}`,
  ];
}

function actionOf(value: Exclude<CompletedFlag["value"], "none">): string {
  if (value === "files") return "_files";
  return value === "text" ? " " : `(${(value as readonly string[]).join(" ")})`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
