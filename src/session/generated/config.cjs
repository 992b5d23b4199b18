// Written by scripts/config-schema.ts.
"use strict";
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: !0 });
}, __copyProps = (to, from, except, desc) => {
  if (from && typeof from == "object" || typeof from == "function")
    for (let key of __getOwnPropNames(from))
      !__hasOwnProp.call(to, key) && key !== except && __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  return to;
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: !0 }), mod);

// <stdin>
var stdin_exports = {};
__export(stdin_exports, {
  default: () => stdin_default,
  validate: () => validate
});
module.exports = __toCommonJS(stdin_exports);
var validate = validate10, stdin_default = validate10, schema11 = { $schema: "http://json-schema.org/draft-07/schema#", title: "Keywarden config", type: "object", description: "Config file of Keywarden, such as keywarden.config.yaml", additionalProperties: !1, properties: { $schema: { type: "string", description: "URL of this schema, for editors" }, extends: { type: ["string", "array"], items: { type: "string" }, description: "Paths of config files, and presets, that this config extends" }, preset: { enum: ["cheat-sheet", "recommended", "strict"], default: "recommended", description: "cheat-sheet: Only the recommendations of the AWS KMS cheat sheet; recommended: Every rule at its default level; strict: Every rule, including those that are off by default; notes become warnings" }, levels: { $ref: "#/definitions/levels" }, settings: { type: "object", description: "Settings are grouped by rule" }, account: { type: "string", pattern: "^\\d{12}$", title: "twelve digits in quotes", description: "Account that owns the keys" }, accounts: { type: "object", additionalProperties: { type: "string", pattern: "^\\d{12}$", title: "twelve digits in quotes", description: "Account that owns the keys" }, propertyNames: { type: "string", pattern: "^[^!]", title: "a glob that does not start with !", description: "Relative to the directory of the config file; a glob without a slash matches names at any depth" }, description: "Account that owns the keys, by globs of paths; later entries take precedence" }, region: { type: "string", pattern: "^[a-z]{2}(-[a-z]+)+-\\d$", title: "a Region such as eu-central-1", description: "Region of the deployment" }, regions: { type: "object", additionalProperties: { type: "string", pattern: "^[a-z]{2}(-[a-z]+)+-\\d$", title: "a Region such as eu-central-1", description: "Region of the deployment" }, propertyNames: { type: "string", pattern: "^[^!]", title: "a glob that does not start with !", description: "Relative to the directory of the config file; a glob without a slash matches names at any depth" }, description: "Region of the deployment, by globs of paths; later entries take precedence" }, ignore: { type: ["array", "string"], items: { type: "string", pattern: "^[^!]", title: "a glob that does not start with !", description: "Relative to the directory of the config file; a glob without a slash matches names at any depth" }, description: "Paths to skip in directories: a list of globs, or one regular expression as in conftest" }, overrides: { type: "array", description: "Levels for some files or resources; later entries take precedence", items: { type: "object", description: "If both files and resources are set, both must match", additionalProperties: !1, properties: { files: { type: ["string", "array"], pattern: "^[^!]", title: "a glob that does not start with !", description: "Globs of paths", items: { type: "string", pattern: "^[^!]", title: "a glob that does not start with !", description: "Relative to the directory of the config file; a glob without a slash matches names at any depth" } }, resources: { type: ["string", "array"], items: { type: "string" }, description: "Patterns of resource names; * and ? are wildcards" }, levels: { $ref: "#/definitions/levels" } }, required: ["levels"] } }, suppressions: { type: ["string", "array"], description: "Paths of suppression files", items: { type: "string", description: "Relative to the directory of the config file" } }, baseline: { type: "string", description: "Path of the baseline, whose findings are ignored" } }, definitions: { levels: { type: "object", description: "Levels are keyed by rule", propertyNames: { enum: ["action_unfit_for_key", "administration_denied", "alias_duplicate", "alias_missing", "alias_name_invalid", "alias_not_memorable", "alias_region", "alias_target", "condition_never_matches", "create_grant_unrestricted", "cross_account_delegation", "cross_account_excess", "cross_account_no_effect", "custom_store_shape", "dangling_principal", "duplicate_sid", "full_access", "grant_create_grant", "grant_cross_account", "grant_operations_unfit", "grant_unconstrained", "grant_wildcard_principal", "iam_alias_as_key", "iam_decrypt_all_keys", "iam_full_access", "identity_only_action", "immutable_change", "invalid_principal", "invalid_spec_usage", "key_deletion", "key_disabled", "key_material_in_code", "key_not_retained", "key_unmanageable", "lockout_check_bypassed", "malformed_policy", "multi_region_key", "not_action_allow", "not_principal_allow", "policy_set_twice", "policy_too_large", "policy_unresolved", "policy_version", "public_access", "ram_share_external", "reference_region", "regulated_data_without_cmk", "replica_alias_missing", "replica_policy_drift", "replica_policy_missing", "replica_primary", "replica_region", "replicate_unrestricted", "resource_not_star", "root_access_missing", "rotation_disabled", "rotation_period", "rotation_unsupported", "separation_of_duties", "service_key_not_symmetric", "service_principal_unscoped", "set_operator_misused", "short_deletion_window", "spec_not_in_region", "unknown_action", "unknown_condition_key", "untrusted_account", "unusual_key_spec", "weak_key_spec"] }, additionalProperties: { enum: ["error", "warning", "note", "off"] } } }, patternProperties: { "^(all-namespaces|combine|conftest-compat|fail-on-warn|github-hide-passed|junit-hide-message|no-color|no-fail|no-inline-suppressions|quiet|show-builtin-errors|strict|suppress-exceptions|tls|trace)$": { type: "boolean" }, "^(bundle|bundle-interval|bundle-key|bundle-token-file|capabilities|client-ca|decision-log|decision-timeout|fail-mode|listen|log-level|max-body|parser|queue|rego-version|run-task-key-file|shutdown-delay|stdin-filename|tls-cert|tls-key|token-file|workers)$": { type: "string" }, "^(anonymous|data|namespace|output|policy|proto-file-dirs|run-task-host|update|var|var-file)$": { type: ["string", "array"], items: { type: "string" } } } }, schema12 = { type: "object", description: "Levels are keyed by rule", propertyNames: { enum: ["action_unfit_for_key", "administration_denied", "alias_duplicate", "alias_missing", "alias_name_invalid", "alias_not_memorable", "alias_region", "alias_target", "condition_never_matches", "create_grant_unrestricted", "cross_account_delegation", "cross_account_excess", "cross_account_no_effect", "custom_store_shape", "dangling_principal", "duplicate_sid", "full_access", "grant_create_grant", "grant_cross_account", "grant_operations_unfit", "grant_unconstrained", "grant_wildcard_principal", "iam_alias_as_key", "iam_decrypt_all_keys", "iam_full_access", "identity_only_action", "immutable_change", "invalid_principal", "invalid_spec_usage", "key_deletion", "key_disabled", "key_material_in_code", "key_not_retained", "key_unmanageable", "lockout_check_bypassed", "malformed_policy", "multi_region_key", "not_action_allow", "not_principal_allow", "policy_set_twice", "policy_too_large", "policy_unresolved", "policy_version", "public_access", "ram_share_external", "reference_region", "regulated_data_without_cmk", "replica_alias_missing", "replica_policy_drift", "replica_policy_missing", "replica_primary", "replica_region", "replicate_unrestricted", "resource_not_star", "root_access_missing", "rotation_disabled", "rotation_period", "rotation_unsupported", "separation_of_duties", "service_key_not_symmetric", "service_principal_unscoped", "set_operator_misused", "short_deletion_window", "spec_not_in_region", "unknown_action", "unknown_condition_key", "untrusted_account", "unusual_key_spec", "weak_key_spec"] }, additionalProperties: { enum: ["error", "warning", "note", "off"] } }, func2 = Object.prototype.hasOwnProperty, pattern0 = new RegExp("^(all-namespaces|combine|conftest-compat|fail-on-warn|github-hide-passed|junit-hide-message|no-color|no-fail|no-inline-suppressions|quiet|show-builtin-errors|strict|suppress-exceptions|tls|trace)$", ""), pattern1 = new RegExp("^(bundle|bundle-interval|bundle-key|bundle-token-file|capabilities|client-ca|decision-log|decision-timeout|fail-mode|listen|log-level|max-body|parser|queue|rego-version|run-task-key-file|shutdown-delay|stdin-filename|tls-cert|tls-key|token-file|workers)$", ""), pattern2 = new RegExp("^(anonymous|data|namespace|output|policy|proto-file-dirs|run-task-host|update|var|var-file)$", ""), pattern3 = new RegExp("^\\d{12}$", ""), pattern4 = new RegExp("^[^!]", ""), pattern6 = new RegExp("^[a-z]{2}(-[a-z]+)+-\\d$", "");
function validate10(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    for (let key0 in data)
      if (!(func2.call(schema11.properties, key0) || pattern0.test(key0) || pattern1.test(key0) || pattern2.test(key0))) {
        let err0 = { instancePath, schemaPath: "#/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11, data };
        vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
      }
    if (data.$schema !== void 0) {
      let data0 = data.$schema;
      if (typeof data0 != "string") {
        let err1 = { instancePath: instancePath + "/$schema", schemaPath: "#/properties/%24schema/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.$schema.type, parentSchema: schema11.properties.$schema, data: data0 };
        vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
      }
    }
    if (data.extends !== void 0) {
      let data1 = data.extends;
      if (typeof data1 != "string" && !Array.isArray(data1)) {
        let err2 = { instancePath: instancePath + "/extends", schemaPath: "#/properties/extends/type", keyword: "type", params: { type: schema11.properties.extends.type }, message: "must be string,array", schema: schema11.properties.extends.type, parentSchema: schema11.properties.extends, data: data1 };
        vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
      }
      if (Array.isArray(data1)) {
        let len0 = data1.length;
        for (let i0 = 0; i0 < len0; i0++) {
          let data2 = data1[i0];
          if (typeof data2 != "string") {
            let err3 = { instancePath: instancePath + "/extends/" + i0, schemaPath: "#/properties/extends/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.extends.items.type, parentSchema: schema11.properties.extends.items, data: data2 };
            vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
          }
        }
      }
    }
    if (data.preset !== void 0) {
      let data3 = data.preset;
      if (!(data3 === "cheat-sheet" || data3 === "recommended" || data3 === "strict")) {
        let err4 = { instancePath: instancePath + "/preset", schemaPath: "#/properties/preset/enum", keyword: "enum", params: { allowedValues: schema11.properties.preset.enum }, message: "must be equal to one of the allowed values", schema: schema11.properties.preset.enum, parentSchema: schema11.properties.preset, data: data3 };
        vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
      }
    }
    if (data.levels !== void 0) {
      let data4 = data.levels;
      if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
        for (let key1 in data4) {
          let _errs12 = errors;
          if (!(key1 === "action_unfit_for_key" || key1 === "administration_denied" || key1 === "alias_duplicate" || key1 === "alias_missing" || key1 === "alias_name_invalid" || key1 === "alias_not_memorable" || key1 === "alias_region" || key1 === "alias_target" || key1 === "condition_never_matches" || key1 === "create_grant_unrestricted" || key1 === "cross_account_delegation" || key1 === "cross_account_excess" || key1 === "cross_account_no_effect" || key1 === "custom_store_shape" || key1 === "dangling_principal" || key1 === "duplicate_sid" || key1 === "full_access" || key1 === "grant_create_grant" || key1 === "grant_cross_account" || key1 === "grant_operations_unfit" || key1 === "grant_unconstrained" || key1 === "grant_wildcard_principal" || key1 === "iam_alias_as_key" || key1 === "iam_decrypt_all_keys" || key1 === "iam_full_access" || key1 === "identity_only_action" || key1 === "immutable_change" || key1 === "invalid_principal" || key1 === "invalid_spec_usage" || key1 === "key_deletion" || key1 === "key_disabled" || key1 === "key_material_in_code" || key1 === "key_not_retained" || key1 === "key_unmanageable" || key1 === "lockout_check_bypassed" || key1 === "malformed_policy" || key1 === "multi_region_key" || key1 === "not_action_allow" || key1 === "not_principal_allow" || key1 === "policy_set_twice" || key1 === "policy_too_large" || key1 === "policy_unresolved" || key1 === "policy_version" || key1 === "public_access" || key1 === "ram_share_external" || key1 === "reference_region" || key1 === "regulated_data_without_cmk" || key1 === "replica_alias_missing" || key1 === "replica_policy_drift" || key1 === "replica_policy_missing" || key1 === "replica_primary" || key1 === "replica_region" || key1 === "replicate_unrestricted" || key1 === "resource_not_star" || key1 === "root_access_missing" || key1 === "rotation_disabled" || key1 === "rotation_period" || key1 === "rotation_unsupported" || key1 === "separation_of_duties" || key1 === "service_key_not_symmetric" || key1 === "service_principal_unscoped" || key1 === "set_operator_misused" || key1 === "short_deletion_window" || key1 === "spec_not_in_region" || key1 === "unknown_action" || key1 === "unknown_condition_key" || key1 === "untrusted_account" || key1 === "unusual_key_spec" || key1 === "weak_key_spec")) {
            let err5 = { instancePath: instancePath + "/levels", schemaPath: "#/definitions/levels/propertyNames/enum", keyword: "enum", params: { allowedValues: schema12.propertyNames.enum }, message: "must be equal to one of the allowed values", schema: schema12.propertyNames.enum, parentSchema: schema12.propertyNames, data: key1, propertyName: key1 };
            vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
          }
          var valid4 = _errs12 === errors;
          if (!valid4) {
            let err6 = { instancePath: instancePath + "/levels", schemaPath: "#/definitions/levels/propertyNames", keyword: "propertyNames", params: { propertyName: key1 }, message: "property name must be valid", schema: schema12.propertyNames, parentSchema: schema12, data: data4 };
            vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
          }
        }
        for (let key2 in data4) {
          let data5 = data4[key2];
          if (!(data5 === "error" || data5 === "warning" || data5 === "note" || data5 === "off")) {
            let err7 = { instancePath: instancePath + "/levels/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/levels/additionalProperties/enum", keyword: "enum", params: { allowedValues: schema12.additionalProperties.enum }, message: "must be equal to one of the allowed values", schema: schema12.additionalProperties.enum, parentSchema: schema12.additionalProperties, data: data5 };
            vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
          }
        }
      } else {
        let err8 = { instancePath: instancePath + "/levels", schemaPath: "#/definitions/levels/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema12.type, parentSchema: schema12, data: data4 };
        vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
      }
    }
    if (data.settings !== void 0) {
      let data6 = data.settings;
      if (!(data6 && typeof data6 == "object" && !Array.isArray(data6))) {
        let err9 = { instancePath: instancePath + "/settings", schemaPath: "#/properties/settings/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.settings.type, parentSchema: schema11.properties.settings, data: data6 };
        vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
      }
    }
    if (data.account !== void 0) {
      let data7 = data.account;
      if (typeof data7 == "string") {
        if (!pattern3.test(data7)) {
          let err10 = { instancePath: instancePath + "/account", schemaPath: "#/properties/account/pattern", keyword: "pattern", params: { pattern: "^\\d{12}$" }, message: 'must match pattern "^\\d{12}$"', schema: "^\\d{12}$", parentSchema: schema11.properties.account, data: data7 };
          vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
        }
      } else {
        let err11 = { instancePath: instancePath + "/account", schemaPath: "#/properties/account/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.account.type, parentSchema: schema11.properties.account, data: data7 };
        vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
      }
    }
    if (data.accounts !== void 0) {
      let data8 = data.accounts;
      if (data8 && typeof data8 == "object" && !Array.isArray(data8)) {
        for (let key3 in data8) {
          let _errs21 = errors;
          if (typeof key3 == "string") {
            if (!pattern4.test(key3)) {
              let err12 = { instancePath: instancePath + "/accounts", schemaPath: "#/properties/accounts/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[^!]" }, message: 'must match pattern "^[^!]"', schema: "^[^!]", parentSchema: schema11.properties.accounts.propertyNames, data: key3, propertyName: key3 };
              vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
            }
          } else {
            let err13 = { instancePath: instancePath + "/accounts", schemaPath: "#/properties/accounts/propertyNames/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.accounts.propertyNames.type, parentSchema: schema11.properties.accounts.propertyNames, data: key3, propertyName: key3 };
            vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
          }
          var valid6 = _errs21 === errors;
          if (!valid6) {
            let err14 = { instancePath: instancePath + "/accounts", schemaPath: "#/properties/accounts/propertyNames", keyword: "propertyNames", params: { propertyName: key3 }, message: "property name must be valid", schema: schema11.properties.accounts.propertyNames, parentSchema: schema11.properties.accounts, data: data8 };
            vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
          }
        }
        for (let key4 in data8) {
          let data9 = data8[key4];
          if (typeof data9 == "string") {
            if (!pattern3.test(data9)) {
              let err15 = { instancePath: instancePath + "/accounts/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/accounts/additionalProperties/pattern", keyword: "pattern", params: { pattern: "^\\d{12}$" }, message: 'must match pattern "^\\d{12}$"', schema: "^\\d{12}$", parentSchema: schema11.properties.accounts.additionalProperties, data: data9 };
              vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
            }
          } else {
            let err16 = { instancePath: instancePath + "/accounts/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/accounts/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.accounts.additionalProperties.type, parentSchema: schema11.properties.accounts.additionalProperties, data: data9 };
            vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
          }
        }
      } else {
        let err17 = { instancePath: instancePath + "/accounts", schemaPath: "#/properties/accounts/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.accounts.type, parentSchema: schema11.properties.accounts, data: data8 };
        vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
      }
    }
    if (data.region !== void 0) {
      let data10 = data.region;
      if (typeof data10 == "string") {
        if (!pattern6.test(data10)) {
          let err18 = { instancePath: instancePath + "/region", schemaPath: "#/properties/region/pattern", keyword: "pattern", params: { pattern: "^[a-z]{2}(-[a-z]+)+-\\d$" }, message: 'must match pattern "^[a-z]{2}(-[a-z]+)+-\\d$"', schema: "^[a-z]{2}(-[a-z]+)+-\\d$", parentSchema: schema11.properties.region, data: data10 };
          vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
        }
      } else {
        let err19 = { instancePath: instancePath + "/region", schemaPath: "#/properties/region/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.region.type, parentSchema: schema11.properties.region, data: data10 };
        vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
      }
    }
    if (data.regions !== void 0) {
      let data11 = data.regions;
      if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
        for (let key5 in data11) {
          let _errs30 = errors;
          if (typeof key5 == "string") {
            if (!pattern4.test(key5)) {
              let err20 = { instancePath: instancePath + "/regions", schemaPath: "#/properties/regions/propertyNames/pattern", keyword: "pattern", params: { pattern: "^[^!]" }, message: 'must match pattern "^[^!]"', schema: "^[^!]", parentSchema: schema11.properties.regions.propertyNames, data: key5, propertyName: key5 };
              vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
            }
          } else {
            let err21 = { instancePath: instancePath + "/regions", schemaPath: "#/properties/regions/propertyNames/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.regions.propertyNames.type, parentSchema: schema11.properties.regions.propertyNames, data: key5, propertyName: key5 };
            vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
          }
          var valid8 = _errs30 === errors;
          if (!valid8) {
            let err22 = { instancePath: instancePath + "/regions", schemaPath: "#/properties/regions/propertyNames", keyword: "propertyNames", params: { propertyName: key5 }, message: "property name must be valid", schema: schema11.properties.regions.propertyNames, parentSchema: schema11.properties.regions, data: data11 };
            vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
          }
        }
        for (let key6 in data11) {
          let data12 = data11[key6];
          if (typeof data12 == "string") {
            if (!pattern6.test(data12)) {
              let err23 = { instancePath: instancePath + "/regions/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/regions/additionalProperties/pattern", keyword: "pattern", params: { pattern: "^[a-z]{2}(-[a-z]+)+-\\d$" }, message: 'must match pattern "^[a-z]{2}(-[a-z]+)+-\\d$"', schema: "^[a-z]{2}(-[a-z]+)+-\\d$", parentSchema: schema11.properties.regions.additionalProperties, data: data12 };
              vErrors === null ? vErrors = [err23] : vErrors.push(err23), errors++;
            }
          } else {
            let err24 = { instancePath: instancePath + "/regions/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/properties/regions/additionalProperties/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.regions.additionalProperties.type, parentSchema: schema11.properties.regions.additionalProperties, data: data12 };
            vErrors === null ? vErrors = [err24] : vErrors.push(err24), errors++;
          }
        }
      } else {
        let err25 = { instancePath: instancePath + "/regions", schemaPath: "#/properties/regions/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.regions.type, parentSchema: schema11.properties.regions, data: data11 };
        vErrors === null ? vErrors = [err25] : vErrors.push(err25), errors++;
      }
    }
    if (data.ignore !== void 0) {
      let data13 = data.ignore;
      if (!Array.isArray(data13) && typeof data13 != "string") {
        let err26 = { instancePath: instancePath + "/ignore", schemaPath: "#/properties/ignore/type", keyword: "type", params: { type: schema11.properties.ignore.type }, message: "must be array,string", schema: schema11.properties.ignore.type, parentSchema: schema11.properties.ignore, data: data13 };
        vErrors === null ? vErrors = [err26] : vErrors.push(err26), errors++;
      }
      if (Array.isArray(data13)) {
        let len1 = data13.length;
        for (let i1 = 0; i1 < len1; i1++) {
          let data14 = data13[i1];
          if (typeof data14 == "string") {
            if (!pattern4.test(data14)) {
              let err27 = { instancePath: instancePath + "/ignore/" + i1, schemaPath: "#/properties/ignore/items/pattern", keyword: "pattern", params: { pattern: "^[^!]" }, message: 'must match pattern "^[^!]"', schema: "^[^!]", parentSchema: schema11.properties.ignore.items, data: data14 };
              vErrors === null ? vErrors = [err27] : vErrors.push(err27), errors++;
            }
          } else {
            let err28 = { instancePath: instancePath + "/ignore/" + i1, schemaPath: "#/properties/ignore/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.ignore.items.type, parentSchema: schema11.properties.ignore.items, data: data14 };
            vErrors === null ? vErrors = [err28] : vErrors.push(err28), errors++;
          }
        }
      }
    }
    if (data.overrides !== void 0) {
      let data15 = data.overrides;
      if (Array.isArray(data15)) {
        let len2 = data15.length;
        for (let i2 = 0; i2 < len2; i2++) {
          let data16 = data15[i2];
          if (data16 && typeof data16 == "object" && !Array.isArray(data16)) {
            if (data16.levels === void 0) {
              let err29 = { instancePath: instancePath + "/overrides/" + i2, schemaPath: "#/properties/overrides/items/required", keyword: "required", params: { missingProperty: "levels" }, message: "must have required property 'levels'", schema: schema11.properties.overrides.items.required, parentSchema: schema11.properties.overrides.items, data: data16 };
              vErrors === null ? vErrors = [err29] : vErrors.push(err29), errors++;
            }
            for (let key7 in data16)
              if (!(key7 === "files" || key7 === "resources" || key7 === "levels")) {
                let err30 = { instancePath: instancePath + "/overrides/" + i2, schemaPath: "#/properties/overrides/items/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key7 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.overrides.items, data: data16 };
                vErrors === null ? vErrors = [err30] : vErrors.push(err30), errors++;
              }
            if (data16.files !== void 0) {
              let data17 = data16.files;
              if (typeof data17 != "string" && !Array.isArray(data17)) {
                let err31 = { instancePath: instancePath + "/overrides/" + i2 + "/files", schemaPath: "#/properties/overrides/items/properties/files/type", keyword: "type", params: { type: schema11.properties.overrides.items.properties.files.type }, message: "must be string,array", schema: schema11.properties.overrides.items.properties.files.type, parentSchema: schema11.properties.overrides.items.properties.files, data: data17 };
                vErrors === null ? vErrors = [err31] : vErrors.push(err31), errors++;
              }
              if (typeof data17 == "string" && !pattern4.test(data17)) {
                let err32 = { instancePath: instancePath + "/overrides/" + i2 + "/files", schemaPath: "#/properties/overrides/items/properties/files/pattern", keyword: "pattern", params: { pattern: "^[^!]" }, message: 'must match pattern "^[^!]"', schema: "^[^!]", parentSchema: schema11.properties.overrides.items.properties.files, data: data17 };
                vErrors === null ? vErrors = [err32] : vErrors.push(err32), errors++;
              }
              if (Array.isArray(data17)) {
                let len3 = data17.length;
                for (let i3 = 0; i3 < len3; i3++) {
                  let data18 = data17[i3];
                  if (typeof data18 == "string") {
                    if (!pattern4.test(data18)) {
                      let err33 = { instancePath: instancePath + "/overrides/" + i2 + "/files/" + i3, schemaPath: "#/properties/overrides/items/properties/files/items/pattern", keyword: "pattern", params: { pattern: "^[^!]" }, message: 'must match pattern "^[^!]"', schema: "^[^!]", parentSchema: schema11.properties.overrides.items.properties.files.items, data: data18 };
                      vErrors === null ? vErrors = [err33] : vErrors.push(err33), errors++;
                    }
                  } else {
                    let err34 = { instancePath: instancePath + "/overrides/" + i2 + "/files/" + i3, schemaPath: "#/properties/overrides/items/properties/files/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.overrides.items.properties.files.items.type, parentSchema: schema11.properties.overrides.items.properties.files.items, data: data18 };
                    vErrors === null ? vErrors = [err34] : vErrors.push(err34), errors++;
                  }
                }
              }
            }
            if (data16.resources !== void 0) {
              let data19 = data16.resources;
              if (typeof data19 != "string" && !Array.isArray(data19)) {
                let err35 = { instancePath: instancePath + "/overrides/" + i2 + "/resources", schemaPath: "#/properties/overrides/items/properties/resources/type", keyword: "type", params: { type: schema11.properties.overrides.items.properties.resources.type }, message: "must be string,array", schema: schema11.properties.overrides.items.properties.resources.type, parentSchema: schema11.properties.overrides.items.properties.resources, data: data19 };
                vErrors === null ? vErrors = [err35] : vErrors.push(err35), errors++;
              }
              if (Array.isArray(data19)) {
                let len4 = data19.length;
                for (let i4 = 0; i4 < len4; i4++) {
                  let data20 = data19[i4];
                  if (typeof data20 != "string") {
                    let err36 = { instancePath: instancePath + "/overrides/" + i2 + "/resources/" + i4, schemaPath: "#/properties/overrides/items/properties/resources/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.overrides.items.properties.resources.items.type, parentSchema: schema11.properties.overrides.items.properties.resources.items, data: data20 };
                    vErrors === null ? vErrors = [err36] : vErrors.push(err36), errors++;
                  }
                }
              }
            }
            if (data16.levels !== void 0) {
              let data21 = data16.levels;
              if (data21 && typeof data21 == "object" && !Array.isArray(data21)) {
                for (let key8 in data21) {
                  let _errs55 = errors;
                  if (!(key8 === "action_unfit_for_key" || key8 === "administration_denied" || key8 === "alias_duplicate" || key8 === "alias_missing" || key8 === "alias_name_invalid" || key8 === "alias_not_memorable" || key8 === "alias_region" || key8 === "alias_target" || key8 === "condition_never_matches" || key8 === "create_grant_unrestricted" || key8 === "cross_account_delegation" || key8 === "cross_account_excess" || key8 === "cross_account_no_effect" || key8 === "custom_store_shape" || key8 === "dangling_principal" || key8 === "duplicate_sid" || key8 === "full_access" || key8 === "grant_create_grant" || key8 === "grant_cross_account" || key8 === "grant_operations_unfit" || key8 === "grant_unconstrained" || key8 === "grant_wildcard_principal" || key8 === "iam_alias_as_key" || key8 === "iam_decrypt_all_keys" || key8 === "iam_full_access" || key8 === "identity_only_action" || key8 === "immutable_change" || key8 === "invalid_principal" || key8 === "invalid_spec_usage" || key8 === "key_deletion" || key8 === "key_disabled" || key8 === "key_material_in_code" || key8 === "key_not_retained" || key8 === "key_unmanageable" || key8 === "lockout_check_bypassed" || key8 === "malformed_policy" || key8 === "multi_region_key" || key8 === "not_action_allow" || key8 === "not_principal_allow" || key8 === "policy_set_twice" || key8 === "policy_too_large" || key8 === "policy_unresolved" || key8 === "policy_version" || key8 === "public_access" || key8 === "ram_share_external" || key8 === "reference_region" || key8 === "regulated_data_without_cmk" || key8 === "replica_alias_missing" || key8 === "replica_policy_drift" || key8 === "replica_policy_missing" || key8 === "replica_primary" || key8 === "replica_region" || key8 === "replicate_unrestricted" || key8 === "resource_not_star" || key8 === "root_access_missing" || key8 === "rotation_disabled" || key8 === "rotation_period" || key8 === "rotation_unsupported" || key8 === "separation_of_duties" || key8 === "service_key_not_symmetric" || key8 === "service_principal_unscoped" || key8 === "set_operator_misused" || key8 === "short_deletion_window" || key8 === "spec_not_in_region" || key8 === "unknown_action" || key8 === "unknown_condition_key" || key8 === "untrusted_account" || key8 === "unusual_key_spec" || key8 === "weak_key_spec")) {
                    let err37 = { instancePath: instancePath + "/overrides/" + i2 + "/levels", schemaPath: "#/definitions/levels/propertyNames/enum", keyword: "enum", params: { allowedValues: schema12.propertyNames.enum }, message: "must be equal to one of the allowed values", schema: schema12.propertyNames.enum, parentSchema: schema12.propertyNames, data: key8, propertyName: key8 };
                    vErrors === null ? vErrors = [err37] : vErrors.push(err37), errors++;
                  }
                  var valid20 = _errs55 === errors;
                  if (!valid20) {
                    let err38 = { instancePath: instancePath + "/overrides/" + i2 + "/levels", schemaPath: "#/definitions/levels/propertyNames", keyword: "propertyNames", params: { propertyName: key8 }, message: "property name must be valid", schema: schema12.propertyNames, parentSchema: schema12, data: data21 };
                    vErrors === null ? vErrors = [err38] : vErrors.push(err38), errors++;
                  }
                }
                for (let key9 in data21) {
                  let data22 = data21[key9];
                  if (!(data22 === "error" || data22 === "warning" || data22 === "note" || data22 === "off")) {
                    let err39 = { instancePath: instancePath + "/overrides/" + i2 + "/levels/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/definitions/levels/additionalProperties/enum", keyword: "enum", params: { allowedValues: schema12.additionalProperties.enum }, message: "must be equal to one of the allowed values", schema: schema12.additionalProperties.enum, parentSchema: schema12.additionalProperties, data: data22 };
                    vErrors === null ? vErrors = [err39] : vErrors.push(err39), errors++;
                  }
                }
              } else {
                let err40 = { instancePath: instancePath + "/overrides/" + i2 + "/levels", schemaPath: "#/definitions/levels/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema12.type, parentSchema: schema12, data: data21 };
                vErrors === null ? vErrors = [err40] : vErrors.push(err40), errors++;
              }
            }
          } else {
            let err41 = { instancePath: instancePath + "/overrides/" + i2, schemaPath: "#/properties/overrides/items/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.overrides.items.type, parentSchema: schema11.properties.overrides.items, data: data16 };
            vErrors === null ? vErrors = [err41] : vErrors.push(err41), errors++;
          }
        }
      } else {
        let err42 = { instancePath: instancePath + "/overrides", schemaPath: "#/properties/overrides/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.overrides.type, parentSchema: schema11.properties.overrides, data: data15 };
        vErrors === null ? vErrors = [err42] : vErrors.push(err42), errors++;
      }
    }
    if (data.suppressions !== void 0) {
      let data23 = data.suppressions;
      if (typeof data23 != "string" && !Array.isArray(data23)) {
        let err43 = { instancePath: instancePath + "/suppressions", schemaPath: "#/properties/suppressions/type", keyword: "type", params: { type: schema11.properties.suppressions.type }, message: "must be string,array", schema: schema11.properties.suppressions.type, parentSchema: schema11.properties.suppressions, data: data23 };
        vErrors === null ? vErrors = [err43] : vErrors.push(err43), errors++;
      }
      if (Array.isArray(data23)) {
        let len5 = data23.length;
        for (let i5 = 0; i5 < len5; i5++) {
          let data24 = data23[i5];
          if (typeof data24 != "string") {
            let err44 = { instancePath: instancePath + "/suppressions/" + i5, schemaPath: "#/properties/suppressions/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.suppressions.items.type, parentSchema: schema11.properties.suppressions.items, data: data24 };
            vErrors === null ? vErrors = [err44] : vErrors.push(err44), errors++;
          }
        }
      }
    }
    if (data.baseline !== void 0) {
      let data25 = data.baseline;
      if (typeof data25 != "string") {
        let err45 = { instancePath: instancePath + "/baseline", schemaPath: "#/properties/baseline/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.baseline.type, parentSchema: schema11.properties.baseline, data: data25 };
        vErrors === null ? vErrors = [err45] : vErrors.push(err45), errors++;
      }
    }
    for (let key10 in data)
      if (pattern0.test(key10)) {
        let data26 = data[key10];
        if (typeof data26 != "boolean") {
          let err46 = { instancePath: instancePath + "/" + key10.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(all-namespaces%7Ccombine%7Cconftest-compat%7Cfail-on-warn%7Cgithub-hide-passed%7Cjunit-hide-message%7Cno-color%7Cno-fail%7Cno-inline-suppressions%7Cquiet%7Cshow-builtin-errors%7Cstrict%7Csuppress-exceptions%7Ctls%7Ctrace)%24/type", keyword: "type", params: { type: "boolean" }, message: "must be boolean", schema: schema11.patternProperties["^(all-namespaces|combine|conftest-compat|fail-on-warn|github-hide-passed|junit-hide-message|no-color|no-fail|no-inline-suppressions|quiet|show-builtin-errors|strict|suppress-exceptions|tls|trace)$"].type, parentSchema: schema11.patternProperties["^(all-namespaces|combine|conftest-compat|fail-on-warn|github-hide-passed|junit-hide-message|no-color|no-fail|no-inline-suppressions|quiet|show-builtin-errors|strict|suppress-exceptions|tls|trace)$"], data: data26 };
          vErrors === null ? vErrors = [err46] : vErrors.push(err46), errors++;
        }
      }
    for (let key11 in data)
      if (pattern1.test(key11)) {
        let data27 = data[key11];
        if (typeof data27 != "string") {
          let err47 = { instancePath: instancePath + "/" + key11.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(bundle%7Cbundle-interval%7Cbundle-key%7Cbundle-token-file%7Ccapabilities%7Cclient-ca%7Cdecision-log%7Cdecision-timeout%7Cfail-mode%7Clisten%7Clog-level%7Cmax-body%7Cparser%7Cqueue%7Crego-version%7Crun-task-key-file%7Cshutdown-delay%7Cstdin-filename%7Ctls-cert%7Ctls-key%7Ctoken-file%7Cworkers)%24/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.patternProperties["^(bundle|bundle-interval|bundle-key|bundle-token-file|capabilities|client-ca|decision-log|decision-timeout|fail-mode|listen|log-level|max-body|parser|queue|rego-version|run-task-key-file|shutdown-delay|stdin-filename|tls-cert|tls-key|token-file|workers)$"].type, parentSchema: schema11.patternProperties["^(bundle|bundle-interval|bundle-key|bundle-token-file|capabilities|client-ca|decision-log|decision-timeout|fail-mode|listen|log-level|max-body|parser|queue|rego-version|run-task-key-file|shutdown-delay|stdin-filename|tls-cert|tls-key|token-file|workers)$"], data: data27 };
          vErrors === null ? vErrors = [err47] : vErrors.push(err47), errors++;
        }
      }
    for (let key12 in data)
      if (pattern2.test(key12)) {
        let data28 = data[key12];
        if (typeof data28 != "string" && !Array.isArray(data28)) {
          let err48 = { instancePath: instancePath + "/" + key12.replace(/~/g, "~0").replace(/\//g, "~1"), schemaPath: "#/patternProperties/%5E(anonymous%7Cdata%7Cnamespace%7Coutput%7Cpolicy%7Cproto-file-dirs%7Crun-task-host%7Cupdate%7Cvar%7Cvar-file)%24/type", keyword: "type", params: { type: schema11.patternProperties["^(anonymous|data|namespace|output|policy|proto-file-dirs|run-task-host|update|var|var-file)$"].type }, message: "must be string,array", schema: schema11.patternProperties["^(anonymous|data|namespace|output|policy|proto-file-dirs|run-task-host|update|var|var-file)$"].type, parentSchema: schema11.patternProperties["^(anonymous|data|namespace|output|policy|proto-file-dirs|run-task-host|update|var|var-file)$"], data: data28 };
          vErrors === null ? vErrors = [err48] : vErrors.push(err48), errors++;
        }
        if (Array.isArray(data28)) {
          let len6 = data28.length;
          for (let i6 = 0; i6 < len6; i6++) {
            let data29 = data28[i6];
            if (typeof data29 != "string") {
              let err49 = { instancePath: instancePath + "/" + key12.replace(/~/g, "~0").replace(/\//g, "~1") + "/" + i6, schemaPath: "#/patternProperties/%5E(anonymous%7Cdata%7Cnamespace%7Coutput%7Cpolicy%7Cproto-file-dirs%7Crun-task-host%7Cupdate%7Cvar%7Cvar-file)%24/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.patternProperties["^(anonymous|data|namespace|output|policy|proto-file-dirs|run-task-host|update|var|var-file)$"].items.type, parentSchema: schema11.patternProperties["^(anonymous|data|namespace|output|policy|proto-file-dirs|run-task-host|update|var|var-file)$"].items, data: data29 };
              vErrors === null ? vErrors = [err49] : vErrors.push(err49), errors++;
            }
          }
        }
      }
  } else {
    let err50 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.type, parentSchema: schema11, data };
    vErrors === null ? vErrors = [err50] : vErrors.push(err50), errors++;
  }
  return validate10.errors = vErrors, errors === 0;
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  validate
});
