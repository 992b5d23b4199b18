import type { Statement, Target } from "../model/document.ts";
import { type Hole, locationOf, type Node } from "../model/node.ts";
import { type Coded, coded, decode, hasHole, holeAt, matches } from "./pattern.ts";

type Kind = Target["kind"];

/** One value of Resource or NotResource in an identity policy: what of KMS it can match. */
export function targetOf(node: Node, address: string): Target {
  const text = coded(node) ?? { code: "", holes: [] };
  return {
    text: decode(text),
    kind: node.type === "unknown" ? ofHole(node.hole) : ofText(text),
    location: locationOf(node.at, address),
  };
}

/** Whether some key is among the targets, or, under NotResource, left by them. */
export function onSomeKey(targets: Target[], notResource: boolean): Statement["matchesKey"] {
  const kinds = targets.map((target) => target.kind);
  if (kinds.includes("every-key")) return notResource ? "no" : "yes";
  if (!notResource && kinds.includes("key")) return "yes";
  if (kinds.includes("unknown")) return "unknown";
  return notResource ? "yes" : "no";
}

const ofHoleType: { [type in NonNullable<Hole["type"]>]: Kind } = {
  "key-arn": "key",
  "alias-arn": "alias",
  "alias-name": "alias-name",
  "key-id": "key-id",
  "account-id": "other",
  partition: "other",
  region: "other",
  "dns-suffix": "other",
  "role-arn": "other",
  "user-arn": "other",
  "assumed-role-arn": "other",
  arn: "other",
  name: "other",
};

const ofHole = ({ type }: Hole): Kind => (type === undefined ? "unknown" : ofHoleType[type]);

const ids = ["1234abcd-12ab-34cd-56ef-1234567890ab", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"];

function ofText(text: Coded): Kind {
  const { code } = text;
  if (/^\*+$/.test(code) || code === "key/*") return "every-key";
  if (code.startsWith("alias/")) return "alias-name";
  if (/^(key\/)?(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(code)) return "key-id";
  if (hasHole(code[0] ?? "")) return ofTail(text);
  if (!/^(arn:|[^:]*[*?])/.test(code)) return "other";
  const like = arnsLike(code);
  if (like.some((arn) => ids.every((id) => matches(code, `${arn}:key/${id}`)))) return "every-key";
  const [, , service, , , ...rest] = code.split(":");
  // A star may take in the segments that are not there.
  const ofKms = service === undefined ? /\*/.test(code) : hasHole(service) || matches(service, "kms");
  if (!ofKms) return "other";
  if (/[:*]alias(\/|$)/.test(code)) return "alias";
  if (/[:*]key\//.test(code)) return "key";
  const resource = rest.join(":");
  // A hole may be the kind of resource, or all that follows.
  if (hasHole(resource[0] ?? "") || (rest.length === 0 && hasHole(code))) return "unknown";
  return like.some((arn) => someMatch(code, `${arn}:key/`)) ? "key" : "other";
}

/** Beginnings of key ARNs in the partition, Region and account that a pattern names. */
function arnsLike(code: string): string[] {
  const [, partition = "", service = "", region = "", account = "", ...rest] = code.split(":");
  const some = (segment: string, or: string) => segment.replaceAll("*", "").replaceAll("?", "x") || or;
  const kms = hasHole(service) ? service : "kms";
  // Where a star takes in a segment, the account is not the fifth.
  const owner = rest.length > 0 || !account.includes("/") ? some(account, "111122223333") : "111122223333";
  const exact = ["arn", some(partition, "aws"), kms, some(region, "eu-west-1"), owner];
  return [exact.join(":"), `arn:aws:${kms}:eu-west-1:111122223333`];
}

/** Whether a pattern whose star takes in a beginning goes on as an id may: `…:*1234`. */
const someMatch = (pattern: string, beginning: string): boolean =>
  [...pattern.matchAll(/\*/g)].some(
    ({ index }) =>
      matches(pattern.slice(0, index + 1), beginning) && /^[0-9a-z*?-]*$/i.test(pattern.slice(index + 1)),
  );

/** A text that begins with a hole: the rest tells what it is of, or the kind of the hole does. */
function ofTail(text: Coded): Kind {
  const first = holeAt(text, text.code[0] as string)?.type;
  const tail = text.code.slice(1);
  if (first === "name" || first === "alias-name") return "other";
  if (first !== undefined && first !== "partition") return "other";
  const [, kind, name = ""] = /(?:^|:)(key|alias)\/(.*)$/.exec(tail) ?? [];
  if (kind === "alias") return "alias";
  if (kind === "key") return ids.every((id) => matches(name, id)) ? "every-key" : "key";
  return /(^|:)(s3|iam|sqs|sns|dynamodb|lambda|logs|ec2):/.test(tail) ? "other" : "unknown";
}
