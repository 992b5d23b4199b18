import type { KeyUse } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { locationOf } from "../../model/node.ts";
import { deliveriesOf, keyArgumentOfTarget } from "../shared/consumers/service-access.ts";
import { argumentsAt } from "./argument.ts";
import { isCertainlySet, isSetArgument } from "./argument-presence.ts";
import { jsonAt } from "./json.ts";
import { keyReferenceOf } from "./key-reference.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { referencesOf } from "./plan-configuration.ts";

/** Returns the keys of the queues and topics of the plan that the resource makes a service send messages to. */
export const usesOfTargets = (plan: Plan, resource: PlanResource, options: TargetOptions): KeyUse[] =>
  deliveriesOf(resource.type).flatMap(({ path, role, access }) => {
    if (role !== undefined && jsonAt(resource.config, "expressions", role) !== undefined) return [];
    return argumentsAt(plan, resource, path).flatMap((argument) =>
      plan.targetsOf(resource, referencesOf(argument.expression)).flatMap((target) => {
        const name = target.kind === "resource" ? keyArgumentOfTarget(target.type) : undefined;
        if (target.kind !== "resource" || name === undefined) return [];
        return plan.resourcesAt(target).flatMap((other) =>
          argumentsAt(plan, other, [name]).flatMap((keyArgument): KeyUse[] => {
            if (!isSetArgument(keyArgument)) return [];
            const { key, targets } = keyReferenceOf(plan, other, keyArgument, options);
            if (isCertainlySet(plan, keyArgument, targets) !== true) return [];
            const location = argument.location ?? locationOf(resource.at, resource.address);
            return [
              {
                argument: argument.name,
                key,
                main: false,
                asymmetric: false,
                otherRegion: true,
                requires: access,
                through: other.address,
                location,
              },
            ];
          }),
        );
      }),
    );
  });
