import { changeSetFamilies, templateFamilies } from "./cloudformation.ts";
import type { Family } from "./family.ts";
import { kubernetesFamilies } from "./kubernetes.ts";
import { planFamilies } from "./plan.ts";
import { policyFamilies } from "./policies.ts";
import { suppressionFamilies } from "./suppressions.ts";
import { yamlFamilies } from "./yaml.ts";

export const families: readonly Family[] = [
  ...policyFamilies,
  ...yamlFamilies,
  ...templateFamilies,
  ...changeSetFamilies,
  ...planFamilies,
  ...kubernetesFamilies,
  ...suppressionFamilies,
];
