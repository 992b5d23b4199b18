import type { Statement, Target } from "../model/document.ts";
import { locationOf, type Node, type UnknownPart } from "../model/node.ts";
import {
  decodeString,
  type EncodedString,
  encodeString,
  hasUnknownPart,
  matchesPattern,
  unknownPartAt,
} from "./pattern.ts";

type Kind = Target["kind"];

/** Returns which KMS resources one value of Resource or NotResource in an identity policy can match. */
export function targetOf(node: Node, address: string): Target {
  const text = encodeString(node) ?? { encoded: "", unknownParts: [] };
  return {
    text: decodeString(text),
    kind: node.type === "unknown" ? unknownKind(node.part) : stringKind(text),
    location: locationOf(node.at, address),
  };
}

/** Returns whether the targets include a key or, for NotResource, leave one out. */
export function matchesSomeKey(targets: Target[], notResource: boolean): Statement["matchesKey"] {
  const kinds = targets.map((target) => target.kind);
  if (kinds.includes("every-key")) return notResource ? "no" : "yes";
  if (!notResource && kinds.includes("key")) return "yes";
  if (kinds.includes("unknown")) return "unknown";
  return notResource ? "yes" : "no";
}

const kindByType: { [type in NonNullable<UnknownPart["type"]>]: Kind } = {
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
  "principal-arn": "other",
  arn: "other",
  name: "other",
};

const unknownKind = ({ type }: UnknownPart): Kind => (type === undefined ? "unknown" : kindByType[type]);

const sampleKeyIds = ["1234abcd-12ab-34cd-56ef-1234567890ab", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"];

function stringKind(text: EncodedString): Kind {
  const { encoded: code } = text;
  if (/^\*+$/.test(code) || code === "key/*") return "every-key";
  if (code.startsWith("alias/")) return "alias-name";
  if (/^(key\/)?(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.test(code)) return "key-id";
  if (hasUnknownPart(code[0] ?? "")) return tailKind(text);
  if (!/^(arn:|[^:]*[*?])/.test(code)) return "other";
  const samples = sampleArns(code);
  if (samples.some((arn) => sampleKeyIds.every((id) => matchesPattern(code, `${arn}:key/${id}`))))
    return "every-key";
  const [, , service, , , ...rest] = code.split(":");
  // A wildcard may include the missing segments.
  const mayBeKms =
    service === undefined ? /\*/.test(code) : hasUnknownPart(service) || matchesPattern(service, "kms");
  if (!mayBeKms) return "other";
  if (/[:*]alias(\/|$)/.test(code)) return "alias";
  if (/[:*]key\//.test(code)) return "key";
  const resource = rest.join(":");
  // An unknown part may be the resource type, or all that follows.
  if (hasUnknownPart(resource[0] ?? "") || (rest.length === 0 && hasUnknownPart(code))) return "unknown";
  return samples.some((arn) => mayMatchId(code, `${arn}:key/`)) ? "key" : "other";
}

/** Returns prefixes of key ARNs in the partition, Region, and account that a pattern names. */
function sampleArns(code: string): string[] {
  const [, partition = "", service = "", region = "", account = "", ...rest] = code.split(":");
  const sample = (segment: string, fallback: string) =>
    segment.replaceAll("*", "").replaceAll("?", "x") || fallback;
  const kms = hasUnknownPart(service) ? service : "kms";
  // If a wildcard includes a segment, the account is not the fifth segment.
  const owner = rest.length > 0 || !account.includes("/") ? sample(account, "111122223333") : "111122223333";
  const exact = ["arn", sample(partition, "aws"), kms, sample(region, "eu-west-1"), owner];
  return [exact.join(":"), `arn:aws:${kms}:eu-west-1:111122223333`];
}

/** Returns whether a pattern whose wildcard covers the prefix can continue with a key ID: `…:*1234`. */
const mayMatchId = (pattern: string, prefix: string): boolean =>
  [...pattern.matchAll(/\*/g)].some(
    ({ index }) =>
      matchesPattern(pattern.slice(0, index + 1), prefix) && /^[0-9a-z*?-]*$/i.test(pattern.slice(index + 1)),
  );

/** Returns the kind of a string that starts with an unknown part, from the type of that part or from the rest. */
function tailKind(text: EncodedString): Kind {
  const first = unknownPartAt(text, text.encoded[0] as string)?.type;
  const tail = text.encoded.slice(1);
  if (first === "name" || first === "alias-name") return "other";
  if (first !== undefined && first !== "partition") return "other";
  const [, kind, name = ""] = /(?:^|:)(key|alias)\/(.*)$/.exec(tail) ?? [];
  if (kind === "alias") return "alias";
  if (kind === "key") return sampleKeyIds.every((id) => matchesPattern(name, id)) ? "every-key" : "key";
  return /(^|:)(s3|iam|sqs|sns|dynamodb|lambda|logs|ec2):/.test(tail) ? "other" : "unknown";
}
