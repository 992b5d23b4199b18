# METADATA
# title: Keywarden
# description: Rules about AWS KMS keys
# scope: subpackages
# schemas:
# - input: schema.document
package kms
