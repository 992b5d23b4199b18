package kms.lib.enclaves_test

import data.kms.lib.enclaves
import data.kms.lib.fixture_test as fixture
import data.kms.lib.truth

role := fixture.role(fixture.owner, "enclave")

# PCRs are SHA-384 hashes: 96 hexadecimal digits.
zeros := concat("", ["0" | some _ in numbers.range(1, 96)])

hash := concat("", ["7a" | some _ in numbers.range(1, 48)])

condition(operator, name, values) := fixture.condition(operator, $"kms:RecipientAttestation:{name}", values)

test_requires_attestation[note] if {
	some note, tc in {
		"an image": {"conditions": [condition("StringEquals", "ImageSha384", [hash])], "want": truth.yes},
		"a document": {"conditions": [condition("Null", "PCR0", ["false"])], "want": truth.yes},
		"a document of NitroTPM": {"conditions": [condition("StringLike", "NitroTPMPCR4", ["*"])], "want": truth.yes},
		"none": {"conditions": [condition("Null", "PCR0", ["true"])], "want": truth.no},
		"an image, if there is one": {"conditions": [condition("StringEqualsIfExists", "PCR0", [hash])], "want": truth.no},
		"another condition": {"conditions": [fixture.condition("StringEquals", "kms:ViaService", ["x"])], "want": truth.no},
		"not known": {"conditions": [fixture.unknown_condition], "want": "unknown"},
	}
	fixture.verdict(enclaves.requires_attestation({"conditions": tc.conditions})) == tc.want
}

test_only_images_and_certificates_bind[name] if {
	some name, want in {
		"ImageSha384": truth.yes,
		"PCR0": truth.yes,
		"PCR1": truth.yes,
		"PCR2": truth.yes,
		"PCR3": truth.no,
		"PCR4": truth.no,
		"PCR8": truth.yes,
		"PCR31": truth.no,
	}
	enclaves.binds(condition("StringEqualsIgnoreCase", name, [hash])) == want
}
