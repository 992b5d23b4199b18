package kms.rules.key_not_retained_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.key_not_retained as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_key(deletion, replacement) := fixture.document([object.union(fixture.key_of({}), {"retention": {"onDeletion": deletion, "onReplacement": replacement}})], [])

test_fails if {
	_fail(_key(false, false)) == {"The key is deleted with the stack's resource: it has no DeletionPolicy and no UpdateReplacePolicy of Retain."}
	_fail(_key(true, false)) == {"The key is deleted with the stack's resource: it has no UpdateReplacePolicy of Retain."}
}

test_passes[note] if {
	some note, document in {
		"retained": _key(true, true),
		"no such attribute": fixture.document_of({}),
	}
	_fail(document) | _unknown(document) == set()
}

test_unknown if {
	_fail(_key(fixture.unknown("Keep"), true)) == set()
	_unknown(_key(fixture.unknown("Keep"), true)) == {"Whether DeletionPolicy keeps the key is not known: `Keep` is not known: known only after apply."}
}
