/** The properties of a CDK construct that the plugin reads. */
export interface Construct {
  path: string;
  metadata: { type: string; data?: unknown }[];
  /** Only for CloudFormation elements. */
  logicalId?: string;
  /** The path of the stack that contains the construct. */
  stackPath?: string;
  /** Only for stacks: the file name of the template. */
  templateFile?: string;
  /** Only for nested stacks: the path of the parent stack. */
  nestedIn?: string;
}

/** The public properties of `constructs` and `aws-cdk-lib` that the plugin uses. */
interface CdkConstruct {
  node: { path: string; metadata: { type: string; data?: unknown }[]; findAll(): CdkConstruct[] };
  logicalId?: unknown;
  stack?: { node: { path: string }; resolve(value: unknown): unknown };
  templateFile?: unknown;
  nestedStackParent?: { node: { path: string } };
}

/** Returns a construct and its descendants; nothing if the value is not a construct. */
export function constructsIn(root: object | undefined): Construct[] {
  const { node } = (root ?? {}) as Partial<CdkConstruct>;
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
