module "one" {
  source = "./inner"
  name   = local.name
  rules  = [{ port = "80" }, { port = 443, open = true }]
}

module "counted" {
  source = "./inner"
  count  = 2
  name   = "n${count.index}"
}

module "keyed" {
  source   = "./inner"
  for_each = { b = "second", a = "first" }
  name     = each.value
}

module "set" {
  source   = "./inner"
  for_each = toset(["q", "p"])
  name     = each.key
}

module "none" {
  source = "./inner"
  count  = 0
  name   = "none"
}

resource "terraform_data" "plain" {
  input = { a = 1, b = ["x"] }
}

resource "terraform_data" "counted" {
  count = 2
  input = "item ${count.index}"
}

resource "terraform_data" "keyed" {
  for_each = { b = 2, a = 1 }
  input    = "${each.key}=${each.value}"
}

locals {
  m_one            = module.one.rules
  m_whole          = module.one
  m_counted        = module.counted[*].name
  m_counted_one    = module.counted[1].name
  m_keyed          = { for k, m in module.keyed : k => m.name }
  m_keyed_one      = module.keyed["b"].name
  m_keyed_values   = values(module.keyed)[*].name
  m_set            = keys(module.set)
  m_none           = module.none
  m_none_one       = one(module.none[*].name)
  m_length         = [length(module.counted), length(module.keyed)]
  m_path           = module.one.path
  m_resource       = terraform_data.plain.input
  m_resource_part  = terraform_data.plain.input.b[0]
  m_resource_count = terraform_data.counted[*].input
  m_resource_one   = terraform_data.counted[1].input
  m_resource_keyed = { for k, r in terraform_data.keyed : k => r.input }
  m_resource_keys  = keys(terraform_data.keyed)
  m_resource_value = values(terraform_data.keyed)[*].input
  m_splat_legacy   = terraform_data.counted.*.input
}
