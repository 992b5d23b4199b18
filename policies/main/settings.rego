package main

# Conftest does not validate data. A misspelled name would have no effect, and a value of the wrong type would silence a
# rule.
deny contains {"msg": message} if {
	some error in _errors
	message := $"Invalid setting: {_path(error.field)}: {error.desc}.{_valid_names(error)}"
}

_errors := json.match_schema(data.keywarden, _closed({"settings": _closed(_schemas)}))[1]

_closed(properties) := {"type": "object", "additionalProperties": false, "properties": properties}

# Settings belong to a rule, or to a library that several rules share.
_schemas[name] := _closed(data.kms.rules[name].about.custom.settings)

_schemas[name] := _closed(data.kms.lib[name].about.custom.settings)

_path("(Root)") := "keywarden"

_path(field) := $"keywarden.{field}" if field != "(Root)"

# Lists the names that are valid in place of an unknown one.
_valid_names(error) := $" Valid names: {concat(", ", sort(names))}." if {
	error.type == "additional_property_not_allowed"
	names := _names(split(error.field, "."))
} else := ""

_names(["(Root)"]) := {"settings"}

_names(["settings"]) := object.keys(_schemas)

_names(["settings", name]) := object.keys(_schemas[name].properties)
