/** What a drawn request consists of. */
import type { Request, Statement } from "./iam.ts";
import type { Mentions } from "./mentions.ts";
import type { Random } from "./random.ts";

/**
 * stranger: a caller of an account, an organization and a network that the policy does not name.
 * foreigner: any account but the owner, from a network that the policy does not name.
 * service: a service that acts for an account that the policy does not name.
 */
export type Role = "stranger" | "foreigner" | "owner" | "service";

/** What two requests to one key have in common. */
export interface World {
  organization: string | undefined;
  region: string;
  time: string;
  /** Also draws requests that AWS rules out or does not document: KMS refuses requests without TLS. */
  inTheory: boolean;
}

export interface Drawn extends Request {
  /** What identifies the caller, to tell whether two callers are unrelated. */
  identity: { account: string; organization?: string; network?: string };
}

export interface Draw {
  role: Role;
  action: string;
  statement: Statement;
  mentions: Mentions;
  world: World;
  random: Random;
  mentioned: (key: string, account: string, fillers?: string) => string | undefined;
  account: string;
}
