// Written by scripts/settings-schema.ts.
// <stdin>
var validate = validate10, stdin_default = validate10, schema11 = { $schema: "http://json-schema.org/draft-07/schema#", title: "Rule settings of Keywarden", type: "object", properties: { keywarden: { type: "object", additionalProperties: !1, properties: { settings: { type: "object", additionalProperties: !1, properties: { alias_not_memorable: { type: "object", additionalProperties: !1, properties: { pattern: { default: null, description: "A regular expression (RE2) that every alias name, with its prefix alias/, has to match", format: "regex", type: ["string", "null"] } } }, cross_account_excess: { type: "object", additionalProperties: !1, properties: { actions: { default: ["Decrypt", "DescribeKey", "GetPublicKey", "Verify", "VerifyMac"], description: "The actions, without kms:, that another account may have", items: { pattern: "^[A-Z][A-Za-z]+$", type: "string" }, type: "array" }, preset: { default: "decrypt", description: "With encrypt, Encrypt, GenerateDataKey* and ReEncrypt* are allowed too", enum: ["decrypt", "encrypt"] } } }, full_access: { type: "object", additionalProperties: !1, properties: { administrators: { default: [], description: "ARNs of principals that may have kms:*; * stands for any characters", items: { type: "string" }, type: "array" } } }, key_deletion: { type: "object", additionalProperties: !1, properties: { approved: { default: [], description: "Resources whose deletion is approved, by address, logical id or Kind/name; * stands for any characters", items: { type: "string" }, type: "array" } } }, multi_region_key: { type: "object", additionalProperties: !1, properties: { tags: { default: ["multi-region"], description: "Tags that state the need; names compare without case", items: { type: "string" }, type: "array" } } }, regulated_data_without_cmk: { type: "object", additionalProperties: !1, properties: { tags: { default: ["data-classification", "data-class", "classification"], description: "Tags that classify data, compared without case, hyphens, underscores and spaces", items: { type: "string" }, type: "array" }, values: { default: ["phi", "pci", "pii", "hipaa", "regulated", "confidential"], description: "Their values that ask for a key of your own, compared without case", items: { type: "string" }, type: "array" } } }, replica_policy_drift: { type: "object", additionalProperties: !1, properties: { ignore: { default: [], description: "Replicas whose policy differs on purpose, by address, logical id or Kind/name; * stands for any characters", items: { type: "string" }, type: "array" } } }, rotation_period: { type: "object", additionalProperties: !1, properties: { maximum: { default: 365, description: "The longest period, in days", maximum: 2560, minimum: 90, type: "integer" } } }, service_principal_unscoped: { type: "object", additionalProperties: !1, properties: { services: { default: ["events.amazonaws.com"], description: "Services that send no source with their requests, so that no condition can confine them", items: { type: "string" }, type: "array" } } }, short_deletion_window: { type: "object", additionalProperties: !1, properties: { minimum: { default: 30, description: "The shortest waiting period, in days", maximum: 30, minimum: 7, type: "integer" } } }, trust: { type: "object", additionalProperties: !1, properties: { accounts: { default: [], description: "Ids of accounts that may be given access", items: { pattern: "^[0-9]{12}$", type: "string" }, type: "array" }, organizations: { default: [], description: "Ids of organisations whose accounts may be given access", items: { pattern: "^o-[a-z0-9]{10,32}$", type: "string" }, type: "array" } } }, unusual_key_spec: { type: "object", additionalProperties: !1, properties: { tags: { default: ["key-use"], description: "Tags that state the use; names compare without case", items: { type: "string" }, type: "array" } } } } } } } } }, func2 = Object.prototype.hasOwnProperty, pattern0 = new RegExp("^[A-Z][A-Za-z]+$", ""), pattern1 = new RegExp("^[0-9]{12}$", ""), pattern2 = new RegExp("^o-[a-z0-9]{10,32}$", "");
function validate10(data, { instancePath = "", parentData, parentDataProperty, rootData = data } = {}) {
  let vErrors = null, errors = 0;
  if (data && typeof data == "object" && !Array.isArray(data)) {
    if (data.keywarden !== void 0) {
      let data0 = data.keywarden;
      if (data0 && typeof data0 == "object" && !Array.isArray(data0)) {
        for (let key0 in data0)
          if (key0 !== "settings") {
            let err0 = { instancePath: instancePath + "/keywarden", schemaPath: "#/properties/keywarden/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key0 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.keywarden, data: data0 };
            vErrors === null ? vErrors = [err0] : vErrors.push(err0), errors++;
          }
        if (data0.settings !== void 0) {
          let data1 = data0.settings;
          if (data1 && typeof data1 == "object" && !Array.isArray(data1)) {
            for (let key1 in data1)
              if (!func2.call(schema11.properties.keywarden.properties.settings.properties, key1)) {
                let err1 = { instancePath: instancePath + "/keywarden/settings", schemaPath: "#/properties/keywarden/properties/settings/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key1 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.keywarden.properties.settings, data: data1 };
                vErrors === null ? vErrors = [err1] : vErrors.push(err1), errors++;
              }
            if (data1.alias_not_memorable !== void 0) {
              let data2 = data1.alias_not_memorable;
              if (data2 && typeof data2 == "object" && !Array.isArray(data2)) {
                for (let key2 in data2)
                  if (key2 !== "pattern") {
                    let err2 = { instancePath: instancePath + "/keywarden/settings/alias_not_memorable", schemaPath: "#/properties/keywarden/properties/settings/properties/alias_not_memorable/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key2 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.keywarden.properties.settings.properties.alias_not_memorable, data: data2 };
                    vErrors === null ? vErrors = [err2] : vErrors.push(err2), errors++;
                  }
                if (data2.pattern !== void 0) {
                  let data3 = data2.pattern;
                  if (typeof data3 != "string" && data3 !== null) {
                    let err3 = { instancePath: instancePath + "/keywarden/settings/alias_not_memorable/pattern", schemaPath: "#/properties/keywarden/properties/settings/properties/alias_not_memorable/properties/pattern/type", keyword: "type", params: { type: schema11.properties.keywarden.properties.settings.properties.alias_not_memorable.properties.pattern.type }, message: "must be string,null", schema: schema11.properties.keywarden.properties.settings.properties.alias_not_memorable.properties.pattern.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.alias_not_memorable.properties.pattern, data: data3 };
                    vErrors === null ? vErrors = [err3] : vErrors.push(err3), errors++;
                  }
                }
              } else {
                let err4 = { instancePath: instancePath + "/keywarden/settings/alias_not_memorable", schemaPath: "#/properties/keywarden/properties/settings/properties/alias_not_memorable/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.keywarden.properties.settings.properties.alias_not_memorable.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.alias_not_memorable, data: data2 };
                vErrors === null ? vErrors = [err4] : vErrors.push(err4), errors++;
              }
            }
            if (data1.cross_account_excess !== void 0) {
              let data4 = data1.cross_account_excess;
              if (data4 && typeof data4 == "object" && !Array.isArray(data4)) {
                for (let key3 in data4)
                  if (!(key3 === "actions" || key3 === "preset")) {
                    let err5 = { instancePath: instancePath + "/keywarden/settings/cross_account_excess", schemaPath: "#/properties/keywarden/properties/settings/properties/cross_account_excess/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key3 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.keywarden.properties.settings.properties.cross_account_excess, data: data4 };
                    vErrors === null ? vErrors = [err5] : vErrors.push(err5), errors++;
                  }
                if (data4.actions !== void 0) {
                  let data5 = data4.actions;
                  if (Array.isArray(data5)) {
                    let len0 = data5.length;
                    for (let i0 = 0; i0 < len0; i0++) {
                      let data6 = data5[i0];
                      if (typeof data6 == "string") {
                        if (!pattern0.test(data6)) {
                          let err6 = { instancePath: instancePath + "/keywarden/settings/cross_account_excess/actions/" + i0, schemaPath: "#/properties/keywarden/properties/settings/properties/cross_account_excess/properties/actions/items/pattern", keyword: "pattern", params: { pattern: "^[A-Z][A-Za-z]+$" }, message: 'must match pattern "^[A-Z][A-Za-z]+$"', schema: "^[A-Z][A-Za-z]+$", parentSchema: schema11.properties.keywarden.properties.settings.properties.cross_account_excess.properties.actions.items, data: data6 };
                          vErrors === null ? vErrors = [err6] : vErrors.push(err6), errors++;
                        }
                      } else {
                        let err7 = { instancePath: instancePath + "/keywarden/settings/cross_account_excess/actions/" + i0, schemaPath: "#/properties/keywarden/properties/settings/properties/cross_account_excess/properties/actions/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.keywarden.properties.settings.properties.cross_account_excess.properties.actions.items.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.cross_account_excess.properties.actions.items, data: data6 };
                        vErrors === null ? vErrors = [err7] : vErrors.push(err7), errors++;
                      }
                    }
                  } else {
                    let err8 = { instancePath: instancePath + "/keywarden/settings/cross_account_excess/actions", schemaPath: "#/properties/keywarden/properties/settings/properties/cross_account_excess/properties/actions/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.keywarden.properties.settings.properties.cross_account_excess.properties.actions.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.cross_account_excess.properties.actions, data: data5 };
                    vErrors === null ? vErrors = [err8] : vErrors.push(err8), errors++;
                  }
                }
                if (data4.preset !== void 0) {
                  let data7 = data4.preset;
                  if (!(data7 === "decrypt" || data7 === "encrypt")) {
                    let err9 = { instancePath: instancePath + "/keywarden/settings/cross_account_excess/preset", schemaPath: "#/properties/keywarden/properties/settings/properties/cross_account_excess/properties/preset/enum", keyword: "enum", params: { allowedValues: schema11.properties.keywarden.properties.settings.properties.cross_account_excess.properties.preset.enum }, message: "must be equal to one of the allowed values", schema: schema11.properties.keywarden.properties.settings.properties.cross_account_excess.properties.preset.enum, parentSchema: schema11.properties.keywarden.properties.settings.properties.cross_account_excess.properties.preset, data: data7 };
                    vErrors === null ? vErrors = [err9] : vErrors.push(err9), errors++;
                  }
                }
              } else {
                let err10 = { instancePath: instancePath + "/keywarden/settings/cross_account_excess", schemaPath: "#/properties/keywarden/properties/settings/properties/cross_account_excess/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.keywarden.properties.settings.properties.cross_account_excess.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.cross_account_excess, data: data4 };
                vErrors === null ? vErrors = [err10] : vErrors.push(err10), errors++;
              }
            }
            if (data1.full_access !== void 0) {
              let data8 = data1.full_access;
              if (data8 && typeof data8 == "object" && !Array.isArray(data8)) {
                for (let key4 in data8)
                  if (key4 !== "administrators") {
                    let err11 = { instancePath: instancePath + "/keywarden/settings/full_access", schemaPath: "#/properties/keywarden/properties/settings/properties/full_access/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key4 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.keywarden.properties.settings.properties.full_access, data: data8 };
                    vErrors === null ? vErrors = [err11] : vErrors.push(err11), errors++;
                  }
                if (data8.administrators !== void 0) {
                  let data9 = data8.administrators;
                  if (Array.isArray(data9)) {
                    let len1 = data9.length;
                    for (let i1 = 0; i1 < len1; i1++) {
                      let data10 = data9[i1];
                      if (typeof data10 != "string") {
                        let err12 = { instancePath: instancePath + "/keywarden/settings/full_access/administrators/" + i1, schemaPath: "#/properties/keywarden/properties/settings/properties/full_access/properties/administrators/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.keywarden.properties.settings.properties.full_access.properties.administrators.items.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.full_access.properties.administrators.items, data: data10 };
                        vErrors === null ? vErrors = [err12] : vErrors.push(err12), errors++;
                      }
                    }
                  } else {
                    let err13 = { instancePath: instancePath + "/keywarden/settings/full_access/administrators", schemaPath: "#/properties/keywarden/properties/settings/properties/full_access/properties/administrators/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.keywarden.properties.settings.properties.full_access.properties.administrators.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.full_access.properties.administrators, data: data9 };
                    vErrors === null ? vErrors = [err13] : vErrors.push(err13), errors++;
                  }
                }
              } else {
                let err14 = { instancePath: instancePath + "/keywarden/settings/full_access", schemaPath: "#/properties/keywarden/properties/settings/properties/full_access/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.keywarden.properties.settings.properties.full_access.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.full_access, data: data8 };
                vErrors === null ? vErrors = [err14] : vErrors.push(err14), errors++;
              }
            }
            if (data1.key_deletion !== void 0) {
              let data11 = data1.key_deletion;
              if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
                for (let key5 in data11)
                  if (key5 !== "approved") {
                    let err15 = { instancePath: instancePath + "/keywarden/settings/key_deletion", schemaPath: "#/properties/keywarden/properties/settings/properties/key_deletion/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key5 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.keywarden.properties.settings.properties.key_deletion, data: data11 };
                    vErrors === null ? vErrors = [err15] : vErrors.push(err15), errors++;
                  }
                if (data11.approved !== void 0) {
                  let data12 = data11.approved;
                  if (Array.isArray(data12)) {
                    let len2 = data12.length;
                    for (let i2 = 0; i2 < len2; i2++) {
                      let data13 = data12[i2];
                      if (typeof data13 != "string") {
                        let err16 = { instancePath: instancePath + "/keywarden/settings/key_deletion/approved/" + i2, schemaPath: "#/properties/keywarden/properties/settings/properties/key_deletion/properties/approved/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.keywarden.properties.settings.properties.key_deletion.properties.approved.items.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.key_deletion.properties.approved.items, data: data13 };
                        vErrors === null ? vErrors = [err16] : vErrors.push(err16), errors++;
                      }
                    }
                  } else {
                    let err17 = { instancePath: instancePath + "/keywarden/settings/key_deletion/approved", schemaPath: "#/properties/keywarden/properties/settings/properties/key_deletion/properties/approved/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.keywarden.properties.settings.properties.key_deletion.properties.approved.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.key_deletion.properties.approved, data: data12 };
                    vErrors === null ? vErrors = [err17] : vErrors.push(err17), errors++;
                  }
                }
              } else {
                let err18 = { instancePath: instancePath + "/keywarden/settings/key_deletion", schemaPath: "#/properties/keywarden/properties/settings/properties/key_deletion/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.keywarden.properties.settings.properties.key_deletion.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.key_deletion, data: data11 };
                vErrors === null ? vErrors = [err18] : vErrors.push(err18), errors++;
              }
            }
            if (data1.multi_region_key !== void 0) {
              let data14 = data1.multi_region_key;
              if (data14 && typeof data14 == "object" && !Array.isArray(data14)) {
                for (let key6 in data14)
                  if (key6 !== "tags") {
                    let err19 = { instancePath: instancePath + "/keywarden/settings/multi_region_key", schemaPath: "#/properties/keywarden/properties/settings/properties/multi_region_key/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key6 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.keywarden.properties.settings.properties.multi_region_key, data: data14 };
                    vErrors === null ? vErrors = [err19] : vErrors.push(err19), errors++;
                  }
                if (data14.tags !== void 0) {
                  let data15 = data14.tags;
                  if (Array.isArray(data15)) {
                    let len3 = data15.length;
                    for (let i3 = 0; i3 < len3; i3++) {
                      let data16 = data15[i3];
                      if (typeof data16 != "string") {
                        let err20 = { instancePath: instancePath + "/keywarden/settings/multi_region_key/tags/" + i3, schemaPath: "#/properties/keywarden/properties/settings/properties/multi_region_key/properties/tags/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.keywarden.properties.settings.properties.multi_region_key.properties.tags.items.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.multi_region_key.properties.tags.items, data: data16 };
                        vErrors === null ? vErrors = [err20] : vErrors.push(err20), errors++;
                      }
                    }
                  } else {
                    let err21 = { instancePath: instancePath + "/keywarden/settings/multi_region_key/tags", schemaPath: "#/properties/keywarden/properties/settings/properties/multi_region_key/properties/tags/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.keywarden.properties.settings.properties.multi_region_key.properties.tags.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.multi_region_key.properties.tags, data: data15 };
                    vErrors === null ? vErrors = [err21] : vErrors.push(err21), errors++;
                  }
                }
              } else {
                let err22 = { instancePath: instancePath + "/keywarden/settings/multi_region_key", schemaPath: "#/properties/keywarden/properties/settings/properties/multi_region_key/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.keywarden.properties.settings.properties.multi_region_key.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.multi_region_key, data: data14 };
                vErrors === null ? vErrors = [err22] : vErrors.push(err22), errors++;
              }
            }
            if (data1.regulated_data_without_cmk !== void 0) {
              let data17 = data1.regulated_data_without_cmk;
              if (data17 && typeof data17 == "object" && !Array.isArray(data17)) {
                for (let key7 in data17)
                  if (!(key7 === "tags" || key7 === "values")) {
                    let err23 = { instancePath: instancePath + "/keywarden/settings/regulated_data_without_cmk", schemaPath: "#/properties/keywarden/properties/settings/properties/regulated_data_without_cmk/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key7 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.keywarden.properties.settings.properties.regulated_data_without_cmk, data: data17 };
                    vErrors === null ? vErrors = [err23] : vErrors.push(err23), errors++;
                  }
                if (data17.tags !== void 0) {
                  let data18 = data17.tags;
                  if (Array.isArray(data18)) {
                    let len4 = data18.length;
                    for (let i4 = 0; i4 < len4; i4++) {
                      let data19 = data18[i4];
                      if (typeof data19 != "string") {
                        let err24 = { instancePath: instancePath + "/keywarden/settings/regulated_data_without_cmk/tags/" + i4, schemaPath: "#/properties/keywarden/properties/settings/properties/regulated_data_without_cmk/properties/tags/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.keywarden.properties.settings.properties.regulated_data_without_cmk.properties.tags.items.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.regulated_data_without_cmk.properties.tags.items, data: data19 };
                        vErrors === null ? vErrors = [err24] : vErrors.push(err24), errors++;
                      }
                    }
                  } else {
                    let err25 = { instancePath: instancePath + "/keywarden/settings/regulated_data_without_cmk/tags", schemaPath: "#/properties/keywarden/properties/settings/properties/regulated_data_without_cmk/properties/tags/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.keywarden.properties.settings.properties.regulated_data_without_cmk.properties.tags.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.regulated_data_without_cmk.properties.tags, data: data18 };
                    vErrors === null ? vErrors = [err25] : vErrors.push(err25), errors++;
                  }
                }
                if (data17.values !== void 0) {
                  let data20 = data17.values;
                  if (Array.isArray(data20)) {
                    let len5 = data20.length;
                    for (let i5 = 0; i5 < len5; i5++) {
                      let data21 = data20[i5];
                      if (typeof data21 != "string") {
                        let err26 = { instancePath: instancePath + "/keywarden/settings/regulated_data_without_cmk/values/" + i5, schemaPath: "#/properties/keywarden/properties/settings/properties/regulated_data_without_cmk/properties/values/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.keywarden.properties.settings.properties.regulated_data_without_cmk.properties.values.items.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.regulated_data_without_cmk.properties.values.items, data: data21 };
                        vErrors === null ? vErrors = [err26] : vErrors.push(err26), errors++;
                      }
                    }
                  } else {
                    let err27 = { instancePath: instancePath + "/keywarden/settings/regulated_data_without_cmk/values", schemaPath: "#/properties/keywarden/properties/settings/properties/regulated_data_without_cmk/properties/values/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.keywarden.properties.settings.properties.regulated_data_without_cmk.properties.values.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.regulated_data_without_cmk.properties.values, data: data20 };
                    vErrors === null ? vErrors = [err27] : vErrors.push(err27), errors++;
                  }
                }
              } else {
                let err28 = { instancePath: instancePath + "/keywarden/settings/regulated_data_without_cmk", schemaPath: "#/properties/keywarden/properties/settings/properties/regulated_data_without_cmk/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.keywarden.properties.settings.properties.regulated_data_without_cmk.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.regulated_data_without_cmk, data: data17 };
                vErrors === null ? vErrors = [err28] : vErrors.push(err28), errors++;
              }
            }
            if (data1.replica_policy_drift !== void 0) {
              let data22 = data1.replica_policy_drift;
              if (data22 && typeof data22 == "object" && !Array.isArray(data22)) {
                for (let key8 in data22)
                  if (key8 !== "ignore") {
                    let err29 = { instancePath: instancePath + "/keywarden/settings/replica_policy_drift", schemaPath: "#/properties/keywarden/properties/settings/properties/replica_policy_drift/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key8 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.keywarden.properties.settings.properties.replica_policy_drift, data: data22 };
                    vErrors === null ? vErrors = [err29] : vErrors.push(err29), errors++;
                  }
                if (data22.ignore !== void 0) {
                  let data23 = data22.ignore;
                  if (Array.isArray(data23)) {
                    let len6 = data23.length;
                    for (let i6 = 0; i6 < len6; i6++) {
                      let data24 = data23[i6];
                      if (typeof data24 != "string") {
                        let err30 = { instancePath: instancePath + "/keywarden/settings/replica_policy_drift/ignore/" + i6, schemaPath: "#/properties/keywarden/properties/settings/properties/replica_policy_drift/properties/ignore/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.keywarden.properties.settings.properties.replica_policy_drift.properties.ignore.items.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.replica_policy_drift.properties.ignore.items, data: data24 };
                        vErrors === null ? vErrors = [err30] : vErrors.push(err30), errors++;
                      }
                    }
                  } else {
                    let err31 = { instancePath: instancePath + "/keywarden/settings/replica_policy_drift/ignore", schemaPath: "#/properties/keywarden/properties/settings/properties/replica_policy_drift/properties/ignore/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.keywarden.properties.settings.properties.replica_policy_drift.properties.ignore.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.replica_policy_drift.properties.ignore, data: data23 };
                    vErrors === null ? vErrors = [err31] : vErrors.push(err31), errors++;
                  }
                }
              } else {
                let err32 = { instancePath: instancePath + "/keywarden/settings/replica_policy_drift", schemaPath: "#/properties/keywarden/properties/settings/properties/replica_policy_drift/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.keywarden.properties.settings.properties.replica_policy_drift.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.replica_policy_drift, data: data22 };
                vErrors === null ? vErrors = [err32] : vErrors.push(err32), errors++;
              }
            }
            if (data1.rotation_period !== void 0) {
              let data25 = data1.rotation_period;
              if (data25 && typeof data25 == "object" && !Array.isArray(data25)) {
                for (let key9 in data25)
                  if (key9 !== "maximum") {
                    let err33 = { instancePath: instancePath + "/keywarden/settings/rotation_period", schemaPath: "#/properties/keywarden/properties/settings/properties/rotation_period/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key9 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.keywarden.properties.settings.properties.rotation_period, data: data25 };
                    vErrors === null ? vErrors = [err33] : vErrors.push(err33), errors++;
                  }
                if (data25.maximum !== void 0) {
                  let data26 = data25.maximum;
                  if (!(typeof data26 == "number" && !(data26 % 1) && !isNaN(data26) && isFinite(data26))) {
                    let err34 = { instancePath: instancePath + "/keywarden/settings/rotation_period/maximum", schemaPath: "#/properties/keywarden/properties/settings/properties/rotation_period/properties/maximum/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.keywarden.properties.settings.properties.rotation_period.properties.maximum.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.rotation_period.properties.maximum, data: data26 };
                    vErrors === null ? vErrors = [err34] : vErrors.push(err34), errors++;
                  }
                  if (typeof data26 == "number" && isFinite(data26)) {
                    if (data26 > 2560 || isNaN(data26)) {
                      let err35 = { instancePath: instancePath + "/keywarden/settings/rotation_period/maximum", schemaPath: "#/properties/keywarden/properties/settings/properties/rotation_period/properties/maximum/maximum", keyword: "maximum", params: { comparison: "<=", limit: 2560 }, message: "must be <= 2560", schema: 2560, parentSchema: schema11.properties.keywarden.properties.settings.properties.rotation_period.properties.maximum, data: data26 };
                      vErrors === null ? vErrors = [err35] : vErrors.push(err35), errors++;
                    }
                    if (data26 < 90 || isNaN(data26)) {
                      let err36 = { instancePath: instancePath + "/keywarden/settings/rotation_period/maximum", schemaPath: "#/properties/keywarden/properties/settings/properties/rotation_period/properties/maximum/minimum", keyword: "minimum", params: { comparison: ">=", limit: 90 }, message: "must be >= 90", schema: 90, parentSchema: schema11.properties.keywarden.properties.settings.properties.rotation_period.properties.maximum, data: data26 };
                      vErrors === null ? vErrors = [err36] : vErrors.push(err36), errors++;
                    }
                  }
                }
              } else {
                let err37 = { instancePath: instancePath + "/keywarden/settings/rotation_period", schemaPath: "#/properties/keywarden/properties/settings/properties/rotation_period/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.keywarden.properties.settings.properties.rotation_period.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.rotation_period, data: data25 };
                vErrors === null ? vErrors = [err37] : vErrors.push(err37), errors++;
              }
            }
            if (data1.service_principal_unscoped !== void 0) {
              let data27 = data1.service_principal_unscoped;
              if (data27 && typeof data27 == "object" && !Array.isArray(data27)) {
                for (let key10 in data27)
                  if (key10 !== "services") {
                    let err38 = { instancePath: instancePath + "/keywarden/settings/service_principal_unscoped", schemaPath: "#/properties/keywarden/properties/settings/properties/service_principal_unscoped/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key10 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.keywarden.properties.settings.properties.service_principal_unscoped, data: data27 };
                    vErrors === null ? vErrors = [err38] : vErrors.push(err38), errors++;
                  }
                if (data27.services !== void 0) {
                  let data28 = data27.services;
                  if (Array.isArray(data28)) {
                    let len7 = data28.length;
                    for (let i7 = 0; i7 < len7; i7++) {
                      let data29 = data28[i7];
                      if (typeof data29 != "string") {
                        let err39 = { instancePath: instancePath + "/keywarden/settings/service_principal_unscoped/services/" + i7, schemaPath: "#/properties/keywarden/properties/settings/properties/service_principal_unscoped/properties/services/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.keywarden.properties.settings.properties.service_principal_unscoped.properties.services.items.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.service_principal_unscoped.properties.services.items, data: data29 };
                        vErrors === null ? vErrors = [err39] : vErrors.push(err39), errors++;
                      }
                    }
                  } else {
                    let err40 = { instancePath: instancePath + "/keywarden/settings/service_principal_unscoped/services", schemaPath: "#/properties/keywarden/properties/settings/properties/service_principal_unscoped/properties/services/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.keywarden.properties.settings.properties.service_principal_unscoped.properties.services.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.service_principal_unscoped.properties.services, data: data28 };
                    vErrors === null ? vErrors = [err40] : vErrors.push(err40), errors++;
                  }
                }
              } else {
                let err41 = { instancePath: instancePath + "/keywarden/settings/service_principal_unscoped", schemaPath: "#/properties/keywarden/properties/settings/properties/service_principal_unscoped/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.keywarden.properties.settings.properties.service_principal_unscoped.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.service_principal_unscoped, data: data27 };
                vErrors === null ? vErrors = [err41] : vErrors.push(err41), errors++;
              }
            }
            if (data1.short_deletion_window !== void 0) {
              let data30 = data1.short_deletion_window;
              if (data30 && typeof data30 == "object" && !Array.isArray(data30)) {
                for (let key11 in data30)
                  if (key11 !== "minimum") {
                    let err42 = { instancePath: instancePath + "/keywarden/settings/short_deletion_window", schemaPath: "#/properties/keywarden/properties/settings/properties/short_deletion_window/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key11 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.keywarden.properties.settings.properties.short_deletion_window, data: data30 };
                    vErrors === null ? vErrors = [err42] : vErrors.push(err42), errors++;
                  }
                if (data30.minimum !== void 0) {
                  let data31 = data30.minimum;
                  if (!(typeof data31 == "number" && !(data31 % 1) && !isNaN(data31) && isFinite(data31))) {
                    let err43 = { instancePath: instancePath + "/keywarden/settings/short_deletion_window/minimum", schemaPath: "#/properties/keywarden/properties/settings/properties/short_deletion_window/properties/minimum/type", keyword: "type", params: { type: "integer" }, message: "must be integer", schema: schema11.properties.keywarden.properties.settings.properties.short_deletion_window.properties.minimum.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.short_deletion_window.properties.minimum, data: data31 };
                    vErrors === null ? vErrors = [err43] : vErrors.push(err43), errors++;
                  }
                  if (typeof data31 == "number" && isFinite(data31)) {
                    if (data31 > 30 || isNaN(data31)) {
                      let err44 = { instancePath: instancePath + "/keywarden/settings/short_deletion_window/minimum", schemaPath: "#/properties/keywarden/properties/settings/properties/short_deletion_window/properties/minimum/maximum", keyword: "maximum", params: { comparison: "<=", limit: 30 }, message: "must be <= 30", schema: 30, parentSchema: schema11.properties.keywarden.properties.settings.properties.short_deletion_window.properties.minimum, data: data31 };
                      vErrors === null ? vErrors = [err44] : vErrors.push(err44), errors++;
                    }
                    if (data31 < 7 || isNaN(data31)) {
                      let err45 = { instancePath: instancePath + "/keywarden/settings/short_deletion_window/minimum", schemaPath: "#/properties/keywarden/properties/settings/properties/short_deletion_window/properties/minimum/minimum", keyword: "minimum", params: { comparison: ">=", limit: 7 }, message: "must be >= 7", schema: 7, parentSchema: schema11.properties.keywarden.properties.settings.properties.short_deletion_window.properties.minimum, data: data31 };
                      vErrors === null ? vErrors = [err45] : vErrors.push(err45), errors++;
                    }
                  }
                }
              } else {
                let err46 = { instancePath: instancePath + "/keywarden/settings/short_deletion_window", schemaPath: "#/properties/keywarden/properties/settings/properties/short_deletion_window/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.keywarden.properties.settings.properties.short_deletion_window.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.short_deletion_window, data: data30 };
                vErrors === null ? vErrors = [err46] : vErrors.push(err46), errors++;
              }
            }
            if (data1.trust !== void 0) {
              let data32 = data1.trust;
              if (data32 && typeof data32 == "object" && !Array.isArray(data32)) {
                for (let key12 in data32)
                  if (!(key12 === "accounts" || key12 === "organizations")) {
                    let err47 = { instancePath: instancePath + "/keywarden/settings/trust", schemaPath: "#/properties/keywarden/properties/settings/properties/trust/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key12 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.keywarden.properties.settings.properties.trust, data: data32 };
                    vErrors === null ? vErrors = [err47] : vErrors.push(err47), errors++;
                  }
                if (data32.accounts !== void 0) {
                  let data33 = data32.accounts;
                  if (Array.isArray(data33)) {
                    let len8 = data33.length;
                    for (let i8 = 0; i8 < len8; i8++) {
                      let data34 = data33[i8];
                      if (typeof data34 == "string") {
                        if (!pattern1.test(data34)) {
                          let err48 = { instancePath: instancePath + "/keywarden/settings/trust/accounts/" + i8, schemaPath: "#/properties/keywarden/properties/settings/properties/trust/properties/accounts/items/pattern", keyword: "pattern", params: { pattern: "^[0-9]{12}$" }, message: 'must match pattern "^[0-9]{12}$"', schema: "^[0-9]{12}$", parentSchema: schema11.properties.keywarden.properties.settings.properties.trust.properties.accounts.items, data: data34 };
                          vErrors === null ? vErrors = [err48] : vErrors.push(err48), errors++;
                        }
                      } else {
                        let err49 = { instancePath: instancePath + "/keywarden/settings/trust/accounts/" + i8, schemaPath: "#/properties/keywarden/properties/settings/properties/trust/properties/accounts/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.keywarden.properties.settings.properties.trust.properties.accounts.items.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.trust.properties.accounts.items, data: data34 };
                        vErrors === null ? vErrors = [err49] : vErrors.push(err49), errors++;
                      }
                    }
                  } else {
                    let err50 = { instancePath: instancePath + "/keywarden/settings/trust/accounts", schemaPath: "#/properties/keywarden/properties/settings/properties/trust/properties/accounts/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.keywarden.properties.settings.properties.trust.properties.accounts.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.trust.properties.accounts, data: data33 };
                    vErrors === null ? vErrors = [err50] : vErrors.push(err50), errors++;
                  }
                }
                if (data32.organizations !== void 0) {
                  let data35 = data32.organizations;
                  if (Array.isArray(data35)) {
                    let len9 = data35.length;
                    for (let i9 = 0; i9 < len9; i9++) {
                      let data36 = data35[i9];
                      if (typeof data36 == "string") {
                        if (!pattern2.test(data36)) {
                          let err51 = { instancePath: instancePath + "/keywarden/settings/trust/organizations/" + i9, schemaPath: "#/properties/keywarden/properties/settings/properties/trust/properties/organizations/items/pattern", keyword: "pattern", params: { pattern: "^o-[a-z0-9]{10,32}$" }, message: 'must match pattern "^o-[a-z0-9]{10,32}$"', schema: "^o-[a-z0-9]{10,32}$", parentSchema: schema11.properties.keywarden.properties.settings.properties.trust.properties.organizations.items, data: data36 };
                          vErrors === null ? vErrors = [err51] : vErrors.push(err51), errors++;
                        }
                      } else {
                        let err52 = { instancePath: instancePath + "/keywarden/settings/trust/organizations/" + i9, schemaPath: "#/properties/keywarden/properties/settings/properties/trust/properties/organizations/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.keywarden.properties.settings.properties.trust.properties.organizations.items.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.trust.properties.organizations.items, data: data36 };
                        vErrors === null ? vErrors = [err52] : vErrors.push(err52), errors++;
                      }
                    }
                  } else {
                    let err53 = { instancePath: instancePath + "/keywarden/settings/trust/organizations", schemaPath: "#/properties/keywarden/properties/settings/properties/trust/properties/organizations/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.keywarden.properties.settings.properties.trust.properties.organizations.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.trust.properties.organizations, data: data35 };
                    vErrors === null ? vErrors = [err53] : vErrors.push(err53), errors++;
                  }
                }
              } else {
                let err54 = { instancePath: instancePath + "/keywarden/settings/trust", schemaPath: "#/properties/keywarden/properties/settings/properties/trust/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.keywarden.properties.settings.properties.trust.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.trust, data: data32 };
                vErrors === null ? vErrors = [err54] : vErrors.push(err54), errors++;
              }
            }
            if (data1.unusual_key_spec !== void 0) {
              let data37 = data1.unusual_key_spec;
              if (data37 && typeof data37 == "object" && !Array.isArray(data37)) {
                for (let key13 in data37)
                  if (key13 !== "tags") {
                    let err55 = { instancePath: instancePath + "/keywarden/settings/unusual_key_spec", schemaPath: "#/properties/keywarden/properties/settings/properties/unusual_key_spec/additionalProperties", keyword: "additionalProperties", params: { additionalProperty: key13 }, message: "must NOT have additional properties", schema: !1, parentSchema: schema11.properties.keywarden.properties.settings.properties.unusual_key_spec, data: data37 };
                    vErrors === null ? vErrors = [err55] : vErrors.push(err55), errors++;
                  }
                if (data37.tags !== void 0) {
                  let data38 = data37.tags;
                  if (Array.isArray(data38)) {
                    let len10 = data38.length;
                    for (let i10 = 0; i10 < len10; i10++) {
                      let data39 = data38[i10];
                      if (typeof data39 != "string") {
                        let err56 = { instancePath: instancePath + "/keywarden/settings/unusual_key_spec/tags/" + i10, schemaPath: "#/properties/keywarden/properties/settings/properties/unusual_key_spec/properties/tags/items/type", keyword: "type", params: { type: "string" }, message: "must be string", schema: schema11.properties.keywarden.properties.settings.properties.unusual_key_spec.properties.tags.items.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.unusual_key_spec.properties.tags.items, data: data39 };
                        vErrors === null ? vErrors = [err56] : vErrors.push(err56), errors++;
                      }
                    }
                  } else {
                    let err57 = { instancePath: instancePath + "/keywarden/settings/unusual_key_spec/tags", schemaPath: "#/properties/keywarden/properties/settings/properties/unusual_key_spec/properties/tags/type", keyword: "type", params: { type: "array" }, message: "must be array", schema: schema11.properties.keywarden.properties.settings.properties.unusual_key_spec.properties.tags.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.unusual_key_spec.properties.tags, data: data38 };
                    vErrors === null ? vErrors = [err57] : vErrors.push(err57), errors++;
                  }
                }
              } else {
                let err58 = { instancePath: instancePath + "/keywarden/settings/unusual_key_spec", schemaPath: "#/properties/keywarden/properties/settings/properties/unusual_key_spec/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.keywarden.properties.settings.properties.unusual_key_spec.type, parentSchema: schema11.properties.keywarden.properties.settings.properties.unusual_key_spec, data: data37 };
                vErrors === null ? vErrors = [err58] : vErrors.push(err58), errors++;
              }
            }
          } else {
            let err59 = { instancePath: instancePath + "/keywarden/settings", schemaPath: "#/properties/keywarden/properties/settings/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.keywarden.properties.settings.type, parentSchema: schema11.properties.keywarden.properties.settings, data: data1 };
            vErrors === null ? vErrors = [err59] : vErrors.push(err59), errors++;
          }
        }
      } else {
        let err60 = { instancePath: instancePath + "/keywarden", schemaPath: "#/properties/keywarden/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.properties.keywarden.type, parentSchema: schema11.properties.keywarden, data: data0 };
        vErrors === null ? vErrors = [err60] : vErrors.push(err60), errors++;
      }
    }
  } else {
    let err61 = { instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object", schema: schema11.type, parentSchema: schema11, data };
    vErrors === null ? vErrors = [err61] : vErrors.push(err61), errors++;
  }
  return validate10.errors = vErrors, errors === 0;
}
export {
  stdin_default as default,
  validate
};
