import { posix } from "node:path";
import { type Document, type Entity, entitiesOf } from "../model/document.ts";
import type { Location, Source } from "../model/source.ts";
import { outlineOfHcl } from "../parse/hcl.ts";
import { pointAt } from "../parse/lines.ts";
import type { Judged } from "./suppression.ts";

/** What a comment can stand at: a resource, another block of Terraform, or a statement. */
export interface Unit {
  file: string;
  line: number;
  endLine: number;
  /** It is a statement: what is found elsewhere about its resource is no matter of it. */
  statement: boolean;
  /** The resources that it is, as reports call them. */
  resources: Set<string>;
  /** The addresses below which its resources are: of a call of a module. */
  modules: string[];
}

export const covers = ({ file, line, endLine, resources, modules }: Unit, finding: Judged): boolean =>
  (finding.location.file === file && line <= finding.location.line && finding.location.line <= endLine) ||
  (finding.file === file && resources.has(finding.resource)) ||
  modules.some((address) => isWithin(finding.resource, address));

const isWithin = (resource: string, module: string): boolean =>
  resource.startsWith(module) && /^[.[]/.test(resource.slice(module.length));

/** The units of all files of a document. */
export class Units {
  readonly #statements = new Map<string, Unit[]>();
  readonly #entities = new Map<string, Entity[]>();
  /** The addresses of the module instances that a directory is, where something of them is known. */
  readonly #modules = new Map<string, Set<string>>();

  constructor(document: Document) {
    for (const entity of entitiesOf(document)) {
      const { location, resource, id } = entity;
      push(this.#entities, location.file, entity);
      const module = /^(module\.(?:[^.["]|\["[^"]*"\]|\[\d+\])+\.)+(?=\w)/.exec(resource)?.[0] ?? "";
      add(this.#modules, directoryOf(location.file), module);
      // The id of Terraform's resources starts with the directory of the root module.
      if (id.endsWith(`#${resource}`))
        add(this.#modules, posix.normalize(id.slice(0, -resource.length - 1)), "");
    }
    for (const location of statementsOf(document)) {
      const { file, line, endLine } = location;
      push(this.#statements, file, {
        file,
        line,
        endLine,
        statement: true,
        resources: new Set<string>(),
        modules: [],
      });
    }
  }

  /** Of a YAML text: what the document knows of. */
  ofYaml({ path, text }: Source): Unit[] {
    const lines = text.split(/\r\n|\r|\n/);
    const byPlace = new Map<string, Unit>();
    for (const { location, resource } of this.#entities.get(path) ?? []) {
      const { file, line, endLine } = location;
      const place = `${line} ${endLine}`;
      const unit: Unit = byPlace.get(place) ?? {
        file,
        line,
        endLine,
        statement: false,
        resources: new Set(),
        modules: [],
      };
      byPlace.set(place, unit);
      unit.resources.add(resource);
    }
    // The dash of an item may stand on a line of its own.
    const fromDash = (unit: Unit): Unit =>
      /^\s*-\s*(#.*)?$/.test(lines[unit.line - 2] ?? "") ? { ...unit, line: unit.line - 1 } : unit;
    return [...byPlace.values(), ...(this.#statements.get(path) ?? []).map(fromDash)];
  }

  /** Of Terraform's source: all blocks at its top. */
  ofHcl(source: Source): Unit[] {
    const file = source.path;
    const blocks = outlineOfHcl(source.text).blocks.map(({ header, span }): Unit => {
      const [line, endLine] = span.map((offset) => pointAt(source, offset).line) as [number, number];
      const inside = (this.#entities.get(file) ?? []).filter(
        ({ location }) => line <= location.line && location.line <= endLine,
      );
      const called = header[0] === "module" ? [...(this.#modules.get(directoryOf(file)) ?? [])] : [];
      return {
        file,
        line,
        endLine,
        statement: false,
        resources: new Set(inside.map(({ resource }) => resource)),
        modules: called.map((module) => `${module}module.${header[1]}`),
      };
    });
    return [...blocks, ...(this.#statements.get(file) ?? [])];
  }
}

/** Where statements stand, the malformed ones too. */
function statementsOf({ keys, identityPolicies }: Document): Location[] {
  const malformed = keys.flatMap(({ policy }) => policy.problems.map(({ location }) => location));
  return [
    ...keys.flatMap(({ policy }) => policy.statements.map(({ location }) => location)),
    ...malformed.filter(({ pointer }) => /\/Statement\/\d+$/.test(pointer)),
    ...identityPolicies.flatMap(({ statements }) => statements.map(({ location }) => location)),
  ];
}

const directoryOf = (path: string): string => posix.normalize(posix.dirname(path));

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

const add = (map: Map<string, Set<string>>, key: string, value: string): unknown =>
  map.set(key, (map.get(key) ?? new Set()).add(value));
