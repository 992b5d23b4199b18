import { closest } from "../../session/flags/closest.ts";

/** A form of the result and the file that it goes to; null is standard output. */
export interface Output {
  form: string;
  path: string | null;
}

interface Request {
  given: string[] | undefined;
  known: string[];
  compat: boolean;
}

/** What `-o` asks for, or what is wrong with it. In conftest the last one counts, and what it does not know is stdout. */
export function readOutputs({ given = [], known, compat }: Request): Output[] | string {
  const outputs: Output[] = [];
  for (const text of given) {
    const { form, path } = split(text);
    if (known.includes(form)) outputs.push({ form, path });
    else if (compat) outputs.push({ form: "stdout", path });
    else return `unknown output ${form}${closest(form, known) || `: there are ${known.join(", ")}`}`;
  }
  const paths = outputs.flatMap(({ path }) => (path === null ? [] : [path]));
  const twice = paths.find((path, at) => paths.indexOf(path) !== at);
  if (twice !== undefined) return `two outputs go to ${twice}`;
  const printed = outputs.filter(({ path }) => path === null);
  if (printed.length > 1 && !compat)
    return `${printed.map(({ form }) => form).join(" and ")} both go to standard output: give one a file, -o ${printed[0]?.form}=PATH`;
  if (given.length === 0) return [{ form: compat ? "stdout" : "text", path: null }];
  return outputs.filter((output) => output.path !== null || output === printed.at(-1));
}

function split(text: string): Output {
  const [form = "", ...rest] = text.split("=");
  const path = rest.join("=");
  return { form, path: path === "" || path === "-" ? null : path };
}
