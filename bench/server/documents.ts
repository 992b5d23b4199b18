/** Normalized documents that the benchmarks of the server send. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { normalizeInputs } from "../../src/core/pipeline.ts";
import { root } from "./processes.ts";

type Document = ReturnType<typeof normalizeInputs>["document"];

/** Documents of the size of an admission request: the policy, template and Kubernetes examples of the rules. */
export const examples: Document[] = readdirSync(join(root, "policies/kms/rules"))
  .flatMap((rule) => {
    const folder = join(root, "policies/kms/rules", rule, "examples");
    return readdirSync(folder)
      .filter((name) => /\.(policy\.json|cloudformation\.(yaml|json)|kubernetes\.yaml)$/.test(name))
      .map((name) => join(folder, name));
  })
  .map((path) => normalizeInputs([{ path, text: readFileSync(path, "utf8"), named: true }]).document);

/** Returns the document of a template with a number of keys. Each allows its account, an administrator and a service. */
export function documentOf(keys: number): Document {
  const resources = Array.from({ length: keys }, (_, index) => [
    `Key${index}`,
    {
      Type: "AWS::KMS::Key",
      Properties: {
        Description: `Key ${index}`,
        EnableKeyRotation: index % 5 > 0,
        KeyPolicy: {
          Version: "2012-10-17",
          Statement: [
            statement("Root", { AWS: "arn:aws:iam::111122223333:root" }, "kms:*"),
            statement("Admin", { AWS: `arn:aws:iam::111122223333:role/admin-${index}` }, [
              "kms:Create*",
              "kms:Describe*",
              "kms:Enable*",
              "kms:Put*",
              "kms:ScheduleKeyDeletion",
            ]),
            statement("Use", { AWS: `arn:aws:iam::444455556666:role/reader-${index}` }, [
              "kms:Decrypt",
              "kms:GenerateDataKey*",
            ]),
          ],
        },
      },
    },
  ]);
  const text = JSON.stringify({ Resources: Object.fromEntries(resources) });
  return normalizeInputs([{ path: "template.json", text, named: true }]).document;
}

const statement = (Sid: string, Principal: object, Action: string | string[]) => ({
  Sid,
  Effect: "Allow",
  Principal,
  Action,
  Resource: "*",
});

export const bodiesOf = (documents: Document[]) =>
  documents.map((input) => Buffer.from(JSON.stringify({ input })));
