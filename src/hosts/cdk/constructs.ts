/** A construct of the app, as far as it matters here. */
export interface Construct {
  path: string;
  metadata: { type: string; data?: unknown }[];
  /** Of a CloudFormation element. */
  logicalId?: string;
  /** The path of the stack that it is in. */
  stackPath?: string;
  /** Of a stack: the name of its template's file. */
  templateFile?: string;
  /** Of a nested stack: the path of the one around it. */
  nestedIn?: string;
}

/** What the CDK's constructs have, by the public names of `constructs` and `aws-cdk-lib`. */
interface Raw {
  node: { path: string; metadata: { type: string; data?: unknown }[]; findAll(): Raw[] };
  logicalId?: unknown;
  stack?: { node: { path: string }; resolve(value: unknown): unknown };
  templateFile?: unknown;
  nestedStackParent?: { node: { path: string } };
}

/** The construct that is given and all below it; none where it is no construct. */
export function constructsIn(root: object | undefined): Construct[] {
  const { node } = (root ?? {}) as Partial<Raw>;
  return (node?.findAll() ?? []).map(({ node, logicalId, stack, templateFile, nestedStackParent }) => {
    const id = typeof logicalId === "string" ? stack?.resolve(logicalId) : undefined;
    return {
      path: node.path,
      metadata: node.metadata,
      ...(typeof id === "string" ? { logicalId: id } : {}),
      ...(stack === undefined ? {} : { stackPath: stack.node.path }),
      ...(typeof templateFile === "string" ? { templateFile } : {}),
      ...(nestedStackParent === undefined ? {} : { nestedIn: nestedStackParent.node.path }),
    };
  });
}
