/** Rules that are newer than the tests with complete lists of findings: those tests ignore them. See test/cases/README.md. */
import { readFileSync } from "node:fs";

const root = new URL("..", import.meta.url);
const readJson = (path: string) => JSON.parse(readFileSync(new URL(path, root), "utf8"));

export const labeledFile = new URL("test/cases/labeled-rules.json", root);
export const labeledRules: string[] = readJson("test/cases/labeled-rules.json");
export const allRules: string[] = readJson("bundles/rules.json").map(({ id }: { id: string }) => id);
export const newRules: string[] = allRules.filter((rule) => !labeledRules.includes(rule));
