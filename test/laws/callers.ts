/** Draws principals of an account and services, with the keys that they carry. */
import { inRange } from "./address.ts";
import { owner } from "./condition-keys.ts";
import type { Context } from "./conditions.ts";
import type { Draw, Drawn, World } from "./draw.ts";
import type { Caller } from "./iam.ts";
import { isSmall } from "./mentions.ts";
import type { Random } from "./random.ts";
import { addActionKeys, addTags, drawNumber } from "./request-keys.ts";

export function drawPrincipal(
  draw: Draw,
  anonymous: (value: string | undefined) => boolean,
): Drawn | undefined {
  const { role, mentions, world, random, mentioned, account, action } = draw;
  if (role !== "owner" && account === owner) return undefined;
  if (role === "stranger" && mentions.text.includes(account)) return undefined;
  const caller =
    namedCaller(draw) ??
    drawCaller(account, random.pick(["visitor", "admin", owner, ...mentions.names]), random);
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
  const present = random.pick([undefined, "true", "false"]);
  if (present !== undefined) values.set("aws:multifactorauthpresent", [present]);
  if (present === "true")
    values.set("aws:multifactorauthage", [drawNumber(mentioned("aws:multifactorauthage", account), random)]);
  return {
    caller,
    action,
    context: { values: addResource(values, world, random), undocumented: new Set() },
    identity: {
      account,
      network,
      ...(organization === undefined ? {} : { organization }),
    },
  };
}

/** Returns a user or a role that the statement names, half of the time. */
function namedCaller({ statement, account, random }: Draw): Caller | undefined {
  if (statement.Principal === undefined || statement.Principal === "*" || random.chance(0.5))
    return undefined;
  const name = random.pick([statement.Principal["AWS"] ?? []].flat());
  const [, kind, resource = ""] =
    new RegExp(`^arn:aws:\\w+::${account}:(user|role|assumed-role)/([^/]+)`).exec(name ?? "") ?? [];
  return kind === undefined ? undefined : callerOf(account, kind === "user" ? "user" : "role", resource);
}

function drawCaller(account: string, name: string, random: Random): Caller {
  const kind = random.pick(["root", "user", "role"] as const);
  return kind === "root" ? { account, arn: `arn:aws:iam::${account}:root` } : callerOf(account, kind, name);
}

function callerOf(account: string, kind: "user" | "role", name: string): Caller {
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
export function drawService(
  draw: Draw,
  anonymous: (value: string | undefined) => boolean,
): Drawn | undefined {
  const { statement, mentions, world, random, mentioned, action } = draw;
  let { account } = draw;
  const { Principal } = statement;
  const everyone =
    Principal === undefined || Principal === "*" || [Principal["AWS"] ?? []].flat().includes("*");
  const named = everyone ? ["sns.amazonaws.com", "lambda.amazonaws.com"] : Principal["Service"];
  if (named === undefined) return undefined;
  const service = random.pick([named].flat());
  const values = new Map<string, readonly string[]>();
  const arn = random.pick([
    undefined,
    `arn:aws:sns:eu-central-1:${account}:orders`,
    mentioned("aws:sourcearn", account, account),
  ]);
  if (arn !== undefined && !/^arn:aws:[a-z0-9]+:[a-z0-9-]*:\d*:./.test(arn)) return undefined;
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
  if (!world.inTheory || random.chance(0.8)) values.set("aws:sourceaccount", [account]);
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
      values: addResource(values, world, random),
      undocumented: undocumentedForServices,
    },
    identity: { account, ...(organization === undefined ? {} : { organization }) },
  };
}

function addResource(
  values: Map<string, readonly string[]>,
  { organization, region, time, inTheory }: World,
  random: Random,
): Context["values"] {
  values.set("aws:resourceaccount", [owner]);
  if (organization !== undefined) values.set("aws:resourceorgid", [organization]);
  values.set("aws:requestedregion", [region]);
  values.set("aws:currenttime", [time]);
  values.set("aws:securetransport", [String(!inTheory || !random.chance(0.2))]);
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
      random.pick([
        "s3.eu-central-1.amazonaws.com",
        "ec2.eu-central-1.amazonaws.com",
        mentioned("kms:viaservice", account),
      ]) ?? "s3.us-east-1.amazonaws.com";
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
  const found = named.filter((one) => one !== "::");
  const address = random.pick(found.length > 0 && random.chance(0.5) ? found : addresses);
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
