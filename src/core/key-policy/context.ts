import type { UnknownNode } from "../model/node.ts";

/** Describes the key policy that statements belong to. */
export interface PolicyContext {
  /** The address of the resource that contains the policy, for locations. */
  address: string;
  /** The key's own ARN, if the input contains it. */
  arn?: string;
  /** The policy is standalone: a key ARN in it is the ARN of its key. */
  standalone?: boolean;
  /** The address of the resource that attaches the policy, if that is not the key itself. */
  attachedBy?: string;
  /** The policy is sensitive, so its strings must be redacted. */
  sensitive?: boolean;
  /** The policy is an identity policy: its statements have no Principal, and their targets are classified. */
  identity?: boolean;
  /** Called for each statement that is unknown as a whole, if other statements are known. */
  onUnknownStatement?: (statement: UnknownNode) => void;
}
