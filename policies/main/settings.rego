package main

# Conftest does not check data. A name that no rule has would change nothing, and a value of another type silence a rule.
deny contains {"msg": message} if {
	some error in _errors
	message := $"Wrong setting: {_place(error.field)}: {error.desc}.{_has(error)}"
}

_errors := json.match_schema(data.keywarden, _closed({"settings": _closed(_subjects)}))[1]

_closed(properties) := {"type": "object", "additionalProperties": false, "properties": properties}

# By rule, or by the subject that several share.
_subjects[name] := _closed(data.kms.rules[name].about.custom.settings)

_subjects[name] := _closed(data.kms.lib[name].about.custom.settings)

_place("(Root)") := "keywarden"

_place(field) := $"keywarden.{field}" if field != "(Root)"

# What may stand in the place of a name that is not known.
_has(error) := $" It has: {concat(", ", sort(names))}." if {
	error.type == "additional_property_not_allowed"
	names := _names(split(error.field, "."))
} else := ""

_names(["(Root)"]) := {"settings"}

_names(["settings"]) := object.keys(_subjects)

_names(["settings", subject]) := object.keys(_subjects[subject].properties)
