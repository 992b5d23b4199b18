/** Returns Terraform plans for the examples of a new rule, in the form of `terraform show -json`. */

interface Expression {
  constant_value?: unknown;
  references?: string[];
}

export interface PlannedResource {
  type: string;
  name: string;
  values: { [argument: string]: unknown };
  /** Arguments that are known only after apply, by the address of the attribute that they refer to. */
  unknown?: { [argument: string]: string };
  /** Replaces the expressions that follow from `values` and `unknown`. */
  expressions?: { [argument: string]: unknown };
  /** Replaces the unknown values that follow from `unknown`. */
  afterUnknown?: { [argument: string]: unknown };
  mode?: "managed" | "data";
}

export const constant = (value: unknown): Expression => ({ constant_value: value });

/** Returns the expression that refers to an attribute. */
export const reference = (attribute: string): Expression => ({
  references: [attribute, attribute.slice(0, attribute.lastIndexOf("."))],
});

const mapValues = (object: object, change: (value: never) => unknown) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value as never)]));

export function planOf(resources: PlannedResource[]): string {
  const all = resources.map((resource) => {
    const { type, name, mode = "managed" } = resource;
    return { ...resource, mode, address: `${mode === "data" ? "data." : ""}${type}.${name}` };
  });
  const provider = (type: string) =>
    type === "terraform_data" ? "terraform.io/builtin/terraform" : "registry.terraform.io/hashicorp/aws";
  const plan = {
    format_version: "1.2",
    terraform_version: "1.11.4",
    planned_values: {
      root_module: {
        resources: all
          .filter(({ mode }) => mode === "managed")
          .map(({ address, mode, type, name, values }) => ({
            address,
            mode,
            type,
            name,
            provider_name: provider(type),
            schema_version: 0,
            values,
            sensitive_values: {},
          })),
      },
    },
    resource_changes: all.map(({ address, mode, type, name, values, unknown = {}, afterUnknown }) => ({
      address,
      mode,
      type,
      name,
      provider_name: provider(type),
      change: {
        actions: [mode === "data" ? "read" : "create"],
        before: null,
        after: values,
        after_unknown: afterUnknown ?? { id: true, ...mapValues(unknown, () => true) },
        before_sensitive: false,
        after_sensitive: {},
      },
    })),
    configuration: {
      provider_config: {
        aws: {
          name: "aws",
          full_name: "registry.terraform.io/hashicorp/aws",
          version_constraint: "~> 6.0",
          expressions: { region: constant("eu-west-1") },
        },
      },
      root_module: {
        resources: all.map(({ address, mode, type, name, values, unknown = {}, expressions }) => ({
          address,
          mode,
          type,
          name,
          provider_config_key: type === "terraform_data" ? "terraform" : "aws",
          expressions: expressions ?? { ...mapValues(values, constant), ...mapValues(unknown, reference) },
          schema_version: 0,
        })),
      },
    },
  };
  return `${JSON.stringify(plan, null, 2)}\n`;
}
