# METADATA
# title: Key specs and usages
# description: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html"
package kms.lib.specs

# METADATA
# description: The usages that a key of each spec can serve.
usages := {
	"SYMMETRIC_DEFAULT": {"ENCRYPT_DECRYPT"},
	"HMAC_224": {"GENERATE_VERIFY_MAC"},
	"HMAC_256": {"GENERATE_VERIFY_MAC"},
	"HMAC_384": {"GENERATE_VERIFY_MAC"},
	"HMAC_512": {"GENERATE_VERIFY_MAC"},
	"RSA_2048": {"ENCRYPT_DECRYPT", "SIGN_VERIFY"},
	"RSA_3072": {"ENCRYPT_DECRYPT", "SIGN_VERIFY"},
	"RSA_4096": {"ENCRYPT_DECRYPT", "SIGN_VERIFY"},
	"ECC_NIST_P256": {"SIGN_VERIFY", "KEY_AGREEMENT"},
	"ECC_NIST_P384": {"SIGN_VERIFY", "KEY_AGREEMENT"},
	"ECC_NIST_P521": {"SIGN_VERIFY", "KEY_AGREEMENT"},
	"ECC_NIST_EDWARDS25519": {"SIGN_VERIFY"},
	"ECC_SECG_P256K1": {"SIGN_VERIFY"},
	"ML_DSA_44": {"SIGN_VERIFY"},
	"ML_DSA_65": {"SIGN_VERIFY"},
	"ML_DSA_87": {"SIGN_VERIFY"},
	"ML_KEM_512": {"ENCAPSULATE_DECAPSULATE"},
	"ML_KEM_768": {"ENCAPSULATE_DECAPSULATE"},
	"ML_KEM_1024": {"ENCAPSULATE_DECAPSULATE"},
	"SM2": {"ENCRYPT_DECRYPT", "SIGN_VERIFY", "KEY_AGREEMENT"},
}

# METADATA
# description: Every usage that there is.
all_usages := {usage | some usage in usages[_]}
