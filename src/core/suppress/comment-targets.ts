import { posix } from "node:path";
import { type Document, type Entity, entitiesIn } from "../model/document.ts";
import { addToGroup } from "../model/groups.ts";
import type { HclBlock } from "../model/hcl-outline.ts";
import type { Location, Source } from "../model/source.ts";
import type { SuppressibleFinding } from "./suppression.ts";

/** A range of lines that a suppression comment can apply to: a resource, another Terraform block, or a statement. */
export interface CommentTarget {
  file: string;
  line: number;
  endLine: number;
  /** Names of the resources in the range, as in reports. Empty for a statement: findings outside it do not match. */
  resources: Set<string>;
  /** Addresses of the module instances that a module block creates. */
  modules: string[];
}

export const targetMatches = (
  { file, line, endLine, resources, modules }: CommentTarget,
  finding: SuppressibleFinding,
): boolean =>
  (finding.location.file === file && line <= finding.location.line && finding.location.line <= endLine) ||
  (finding.file === file && resources.has(finding.resource)) ||
  modules.some((address) => isWithin(finding.resource, address));

const isWithin = (resource: string, module: string): boolean =>
  resource.startsWith(module) && /^[.[]/.test(resource.slice(module.length));

/** Finds the comment targets of each file of a document. */
export class CommentTargets {
  readonly #statements = new Map<string, CommentTarget[]>();
  readonly #entities = new Map<string, Entity[]>();
  /** Known addresses of the module instances of each directory. */
  readonly #modules = new Map<string, Set<string>>();

  constructor(document: Document) {
    for (const entity of entitiesIn(document)) {
      const { location, resource, id } = entity;
      addToGroup(this.#entities, location.file, entity);
      const module = /^(module\.(?:[^.["]|\["[^"]*"\]|\[\d+\])+\.)+(?=\w)/.exec(resource)?.[0] ?? "";
      add(this.#modules, directoryOf(location.file), module);
      // The id of a Terraform resource starts with the directory of the root module.
      if (id.endsWith(`#${resource}`))
        add(this.#modules, posix.normalize(id.slice(0, -resource.length - 1)), "");
    }
    for (const location of statementsOf(document)) {
      const { file, line, endLine } = location;
      addToGroup(this.#statements, file, {
        file,
        line,
        endLine,
        resources: new Set<string>(),
        modules: [],
      });
    }
  }

  /** Returns the resources and statements of the document that are in a YAML source. */
  inYaml({ path, text }: Source): CommentTarget[] {
    const lines = text.split(/\r\n|\r|\n/);
    const byLines = new Map<string, CommentTarget>();
    for (const { location, resource } of this.#entities.get(path) ?? []) {
      const { file, line, endLine } = location;
      const range = `${line} ${endLine}`;
      const target: CommentTarget = byLines.get(range) ?? {
        file,
        line,
        endLine,
        resources: new Set(),
        modules: [],
      };
      byLines.set(range, target);
      target.resources.add(resource);
    }
    // The dash of a list item may be on the line above its value.
    const fromDash = (target: CommentTarget): CommentTarget =>
      /^\s*-\s*(#.*)?$/.test(lines[target.line - 2] ?? "") ? { ...target, line: target.line - 1 } : target;
    return [...byLines.values(), ...(this.#statements.get(path) ?? []).map(fromDash)];
  }

  /** Returns the top-level blocks and the statements of a Terraform file. */
  inHcl(file: string, topLevelBlocks: HclBlock[]): CommentTarget[] {
    const blocks = topLevelBlocks.map(({ type, labels, line, endLine }): CommentTarget => {
      const inside = (this.#entities.get(file) ?? []).filter(
        ({ location }) => line <= location.line && location.line <= endLine,
      );
      const called = type === "module" ? [...(this.#modules.get(directoryOf(file)) ?? [])] : [];
      return {
        file,
        line,
        endLine,
        resources: new Set(inside.map(({ resource }) => resource)),
        modules: called.map((module) => `${module}module.${labels[0]}`),
      };
    });
    return [...blocks, ...(this.#statements.get(file) ?? [])];
  }
}

/** Returns the locations of all statements, including malformed ones. */
function statementsOf({ keys, identityPolicies }: Document): Location[] {
  const malformed = keys.flatMap(({ policy }) => policy.problems.map(({ location }) => location));
  return [
    ...keys.flatMap(({ policy }) => policy.statements.map(({ location }) => location)),
    ...malformed.filter(({ pointer }) => /\/Statement\/\d+$/.test(pointer)),
    ...identityPolicies.flatMap(({ statements }) => statements.map(({ location }) => location)),
  ];
}

const directoryOf = (path: string): string => posix.normalize(posix.dirname(path));

const add = (map: Map<string, Set<string>>, key: string, value: string): unknown =>
  map.set(key, (map.get(key) ?? new Set()).add(value));
