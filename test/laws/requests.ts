/** Draws requests that a statement might match: who calls, from where, and with which context. */
import { inRange } from "./address.ts";
import type { Context } from "./conditions.ts";
import { actionMatches, type Caller, type Request, type Statement } from "./iam.ts";
import { actionKeys, actions, grantOperations } from "./kms.ts";
import { conditionsOf, isSmall, type Mentions } from "./mentions.ts";
import { owner } from "./policies.ts";
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
  secureTransport: string;
}

export interface Drawn extends Request {
  /** What identifies the caller, to tell whether two callers are unrelated. */
  identity: { account: string; organization?: string; network?: string };
}

/** KMS accepts TLS only, so an insecure request is possible in theory alone. */
export function drawWorld({ values }: Mentions, random: Random, inTheory: boolean): World {
  const literal = (key: string) => (values.get(key) ?? []).filter((value) => !/[*?$]/.test(value));
  const organizations = [...literal("aws:resourceorgid"), ...literal("aws:principalorgid")];
  const dates = literal("aws:currenttime").map((date) =>
    new Date(Date.parse(date) + 1000 * (random.integer(3) - 1)).toISOString(),
  );
  return {
    organization: random.pick([undefined, "o-ownerowner", ...organizations]),
    region: random.pick(["eu-central-1", "us-east-1", "ap-south-1"]),
    secureTransport: String(!(inTheory && random.chance(0.2))),
    time: random.pick(["2027-03-01T12:00:00Z", ...dates]),
  };
}

/** Returns a request, or undefined if the draw does not fit the role. */
export function drawRequest(
  role: Role,
  statement: Statement,
  mentions: Mentions,
  world: World,
  random: Random,
): Drawn | undefined {
  const matched = matchedActions(statement);
  if (matched.length === 0) return undefined;
  const action = random.pick(matched);
  const own = valuesOf(statement);
  /** Returns a value that the policy mentions for a key, with its wildcards and variables filled in. */
  const mentioned = (key: string, account: string, fillers?: string): string | undefined => {
    const values = random.chance(0.7) ? (own.get(key) ?? mentions.values.get(key)) : mentions.values.get(key);
    return values === undefined || values.length === 0
      ? undefined
      : filled(random.pick(values), account, random, fillers);
  };
  const anonymous = (value: string | undefined): boolean =>
    value === undefined || role === "owner" || role === "foreigner" || !mentions.text.includes(value);

  const account = drawAccount(role, mentions, random);
  const draw = { role, action, statement, mentions, world, random, mentioned, account };
  return role === "service" ? drawService(draw, anonymous) : drawPrincipal(draw, anonymous);
}

interface Draw {
  role: Role;
  action: string;
  statement: Statement;
  mentions: Mentions;
  world: World;
  random: Random;
  mentioned: (key: string, account: string, fillers?: string) => string | undefined;
  account: string;
}

function drawPrincipal(draw: Draw, anonymous: (value: string | undefined) => boolean): Drawn | undefined {
  const { role, mentions, world, random, mentioned, account, action } = draw;
  if (role !== "owner" && account === owner) return undefined;
  if (role === "stranger" && mentions.text.includes(account)) return undefined;
  const name = random.pick(["visitor", "admin", owner, ...mentions.names]);
  const caller = drawCaller(account, name, random);
  const values = new Map<string, readonly string[]>();
  const organization =
    role === "owner"
      ? world.organization
      : random.pick([
          undefined,
          `o-${random.letters(10)}`,
          mentioned("aws:principalorgid", account),
          mentioned("aws:principalorgpaths", account)?.split("/")[0],
        ]);
  if (!anonymous(organization) || (organization !== undefined && !/^o-[a-z0-9]{10,32}$/.test(organization)))
    return undefined;
  if (organization !== undefined) {
    values.set("aws:principalorgid", [organization]);
    values.set("aws:principalorgpaths", [
      `${organization}/${random.pick(["r-zz99/ou-zz99-00000000/", "r-ab12/ou-ab12-11111111/"])}`,
    ]);
  }
  const network = drawNetwork(draw, values);
  if (network === undefined) return undefined;
  values.set("kms:calleraccount", [account]);
  values.set("aws:principalaccount", [account]);
  values.set("aws:principalarn", [caller.arn as string]);
  values.set("aws:principalisawsservice", ["false"]);
  const id = random.letters(16).toUpperCase();
  const [kind = "", resource] = (caller.arn as string).split(/[:/]/).slice(5);
  values.set("aws:principaltype", [kind === "root" ? "Account" : kind === "user" ? "User" : "AssumedRole"]);
  values.set("aws:userid", [kind === "root" ? account : kind === "user" ? `AIDA${id}` : `AROA${id}:session`]);
  if (role === "owner" && kind !== "root") {
    const named = mentioned("aws:userid", account);
    if (named !== undefined && random.chance(0.5)) values.set("aws:userid", [named]);
  }
  if (kind === "user") values.set("aws:username", [resource as string]);
  addTags(draw, values);
  addActionKeys(draw, values);
  if (kind !== "root" || role === "stranger") {
    const present = random.pick([undefined, "true", "false"]);
    if (present !== undefined) values.set("aws:multifactorauthpresent", [present]);
    if (present === "true")
      values.set("aws:multifactorauthage", [
        drawNumber(mentioned("aws:multifactorauthage", account), random),
      ]);
  } else if (random.chance(0.5)) values.set("aws:multifactorauthpresent", ["true"]);
  return {
    caller,
    action,
    context: { values: addResource(values, world), undocumented: new Set() },
    identity: {
      account,
      network,
      ...(organization === undefined ? {} : { organization }),
    },
  };
}

function drawCaller(account: string, name: string, random: Random): Caller {
  const kind = random.pick(["root", "user", "role"]);
  if (kind === "root") return { account, arn: `arn:aws:iam::${account}:root` };
  const arn = `arn:aws:iam::${account}:${kind}/${name}`;
  return kind === "user"
    ? { account, arn }
    : { account, arn, session: `arn:aws:sts::${account}:assumed-role/${name}/session` };
}

const undocumentedForServices: ReadonlySet<string> = new Set(
  (
    "kms:calleraccount aws:principalaccount aws:principalarn aws:principalorgid aws:principalorgpaths " +
    "aws:principaltype aws:userid aws:sourceip aws:sourcevpc aws:sourcevpce aws:viaawsservice " +
    "aws:multifactorauthpresent"
  ).split(" "),
);

/** Adds the keys of a service that acts for an account, or for itself. */
function drawService(draw: Draw, anonymous: (value: string | undefined) => boolean): Drawn | undefined {
  const { statement, mentions, world, random, mentioned, action } = draw;
  let { account } = draw;
  const { Principal } = statement;
  const everyone =
    Principal === undefined || Principal === "*" || [Principal["AWS"] ?? []].flat().includes("*");
  const named = everyone ? "sns.amazonaws.com" : Principal["Service"];
  if (named === undefined) return undefined;
  const service = random.pick([named].flat());
  const values = new Map<string, readonly string[]>();
  const arn = random.pick([
    undefined,
    `arn:aws:sns:eu-central-1:${account}:orders`,
    mentioned("aws:sourcearn", account, account),
  ]);
  const ofArn = arn?.split(":")[4];
  if (ofArn !== undefined && /^\d{12}$/.test(ofArn)) account = ofArn;
  else if (ofArn !== undefined && ofArn !== "") return undefined;
  const organization = random.pick([
    undefined,
    `o-${random.letters(10)}`,
    mentioned("aws:sourceorgid", account),
  ]);
  if (account === owner || mentions.text.includes(account) || !anonymous(arn) || !anonymous(organization))
    return undefined;
  if (arn !== undefined) values.set("aws:sourcearn", [arn]);
  values.set("aws:sourceaccount", [account]);
  if (organization !== undefined) {
    values.set("aws:sourceorgid", [organization]);
    values.set("aws:sourceorgpaths", [`${organization}/r-zz99/ou-zz99-00000000/`]);
  }
  values.set("aws:principalisawsservice", ["true"]);
  values.set("aws:principalservicename", [service]);
  values.set("aws:principalservicenameslist", [service]);
  addActionKeys({ ...draw, account }, values);
  return {
    caller: { service },
    action,
    context: {
      values: addResource(values, world),
      undocumented: undocumentedForServices,
    },
    identity: { account, ...(organization === undefined ? {} : { organization }) },
  };
}

function addResource(
  values: Map<string, readonly string[]>,
  { organization, region, time, secureTransport }: World,
): Context["values"] {
  values.set("aws:resourceaccount", [owner]);
  if (organization !== undefined) values.set("aws:resourceorgid", [organization]);
  values.set("aws:requestedregion", [region]);
  values.set("aws:currenttime", [time]);
  values.set("aws:securetransport", [secureTransport]);
  return values;
}

/** Adds the keys of a network and returns its name, or undefined if the role avoids it. */
function drawNetwork(
  { role, mentions, random, mentioned, account }: Draw,
  values: Map<string, readonly string[]>,
): string | undefined {
  const kind = random.pick(["internet", "internet", "endpoint", "service"]);
  values.set("aws:viaawsservice", [String(kind === "service")]);
  if (kind === "service") {
    const via =
      random.pick(["s3.eu-central-1.amazonaws.com", mentioned("kms:viaservice", account)]) ??
      "s3.us-east-1.amazonaws.com";
    values.set("kms:viaservice", [via]);
    values.set("aws:calledvia", [`${via.split(".")[0]}.amazonaws.com`]);
  }
  if (kind === "endpoint") {
    const id = (prefix: string) => `${prefix}-0${random.letters(16, "0123456789abcdef")}`;
    const endpoint = random.pick([id("vpce"), mentioned("aws:sourcevpce", account)]) ?? id("vpce");
    const vpc = random.pick([id("vpc"), mentioned("aws:sourcevpc", account)]) ?? id("vpc");
    if (!/^vpce-[a-z0-9]+$/.test(endpoint) || !/^vpc-[a-z0-9]+$/.test(vpc)) return undefined;
    values.set("aws:sourcevpce", [endpoint]);
    values.set("aws:sourcevpc", [vpc]);
    return role !== "owner" && [endpoint, vpc].some((one) => mentions.text.includes(one)) ? undefined : vpc;
  }
  const named = mentions.addresses
    .filter((blocks) => role === "owner" || !isSmall(blocks))
    .flat()
    .map((block) => block.split("/")[0] as string);
  const address = random.pick([...addresses, ...named.filter((one) => one !== "::")]);
  const small = mentions.addresses.filter(isSmall).flat();
  values.set("aws:sourceip", [address]);
  return role !== "owner" && small.some((block) => inRange(address, block))
    ? undefined
    : address.split(/[.:]/)[0];
}

const addresses = [
  ...[1, 5, 9, 14, 23, 40, 77, 99, 130, 150, 171, 190, 205, 222].map((first) => `${first}.77.131.9`),
  "2a02:26f0::7",
  "2600:1f18::5",
];

function addTags(
  { mentions, random, mentioned, account }: Draw,
  values: Map<string, readonly string[]>,
): void {
  for (const key of mentions.tags) {
    const value = random.pick([
      undefined,
      mentioned(key, account),
      mentioned(key, account),
      account,
      "orders",
    ]);
    if (value !== undefined) values.set(key, [value]);
  }
  const unit = values.get("aws:principaltag/unit");
  if (unit !== undefined && random.chance(0.7)) values.set("aws:principaltag/team", unit);
  const organization = values.get("aws:principalorgid");
  if (organization !== undefined && random.chance(0.5)) values.set("aws:principaltag/org", organization);
}

/** Adds keys that describe the request. The caller chooses their values. */
function addActionKeys(
  { role, action, random, mentioned, account }: Draw,
  values: Map<string, readonly string[]>,
): void {
  const carried = actionKeys[action] ?? [];
  const tenant = random.pick([
    undefined,
    mentioned("kms:encryptioncontext:tenant", account),
    account,
    "green",
  ]);
  // A literal account in the encryption context names whom the service acts for.
  if (
    carried.includes("kms:encryptioncontext:*") &&
    tenant !== undefined &&
    !(role === "service" && /\d{12}/.test(tenant) && tenant !== account)
  ) {
    values.set("kms:encryptioncontext:tenant", [tenant]);
    values.set("kms:encryptioncontextkeys", ["tenant"]);
  }
  for (const key of carried) {
    if (key.startsWith("kms:encryptioncontext")) continue;
    if (key === "kms:grantoperations")
      values.set(key, random.chance(0.5) ? grantOperations : [mentioned(key, account) ?? "Decrypt"]);
    else if (
      key === "kms:grantisforawsresource" ||
      key === "kms:reencryptonsamekey" ||
      key === "kms:bypasspolicylockoutsafetycheck"
    )
      values.set(key, [random.pick(["false", "true"])]);
    else if (key === "kms:granteeprincipal")
      values.set(key, [
        random.pick([
          `arn:aws:iam::${account}:role/visitor`,
          mentioned(key, account) ?? `arn:aws:iam::${account}:role/app`,
        ]),
      ]);
    else if (key === "kms:encryptionalgorithm")
      values.set(key, [random.pick(["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_256"])]);
    else if (key === "kms:schedulekeydeletionpendingwindowindays")
      values.set(key, [drawNumber(mentioned(key, account), random)]);
    else {
      const value = random.pick([undefined, mentioned(key, account), mentioned(key, account)]);
      if (value !== undefined) values.set(key, [value]);
      else if (key === "kms:replicaregion") values.set(key, ["eu-west-3"]);
    }
  }
}

const drawNumber = (near: string | undefined, random: Random): string =>
  String(Math.max(0, Number(near ?? 14) + random.integer(3) - 1));

const known = new WeakMap<Statement, Map<string, string[]>>();
function valuesOf(statement: Statement): Map<string, string[]> {
  let values = known.get(statement);
  if (values === undefined) {
    values = new Map(
      conditionsOf(statement)
        .filter(({ operator }) => operator !== "null")
        .map((one) => [one.key, one.values]),
    );
    known.set(statement, values);
  }
  return values;
}

const actionsOfStatement = new WeakMap<Statement, readonly string[]>();
function matchedActions(statement: Statement): readonly string[] {
  let matched = actionsOfStatement.get(statement);
  if (matched === undefined) {
    matched = actions.filter((action) => actionMatches(statement, action));
    actionsOfStatement.set(statement, matched);
  }
  return matched;
}

function drawAccount(role: Role, { accounts, accountPatterns }: Mentions, random: Random): string {
  if (role === "owner") return owner;
  const literal = role === "foreigner" ? accounts : [];
  const drawn = random.pick([random.digits(12), ...literal, ...accountPatterns]);
  const open = drawn.replace(/\?/g, () => random.digits(1));
  const missing = 12 - open.replaceAll("*", "").length;
  return open
    .replace("*", missing > 0 ? random.digits(missing) : "")
    .replaceAll("*", "")
    .slice(0, 12)
    .padEnd(12, "0");
}

/** Fills in wildcards and variables. */
export function filled(pattern: string, account: string, random: Random, star?: string): string {
  return pattern
    .replace(/\$\{\s*([^,}]*)(?:,\s*'([^']*)')?\s*\}/g, (_, name: string, fallback?: string) => {
      if (name === "*" || name === "?") return "\u0001";
      return name.toLowerCase() === "aws:resourceaccount" ? owner : (fallback ?? account);
    })
    .replace(/\?/g, () => random.digits(1))
    .replace(/\*/g, () => star ?? random.letters(10))
    .replaceAll("\u0001", "*");
}
