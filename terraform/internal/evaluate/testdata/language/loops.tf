locals {
  users = [
    { name = "ann", role = "admin", tags = ["a", "b"] },
    { name = "bob", role = "dev", tags = ["c"] },
    { name = "cat", role = "admin", tags = [] },
  ]
  by_name    = { for u in local.users : u.name => u }
  number_map = { b = 2, a = 1, c = 3 }
  a_set      = toset(["z", "y", "z", "x"])

  f_list         = [for x in local.users : x.name]
  f_index        = [for i, x in local.users : "${i}:${x.name}"]
  f_if           = [for x in local.users : upper(x.name) if x.role == "admin"]
  f_object       = { for x in local.users : x.name => x.role }
  f_group        = { for x in local.users : x.role => x.name... }
  f_group_if     = { for i, x in local.users : x.role => i... if i > 0 }
  f_map          = [for k, v in local.number_map : "${k}${v}"]
  f_map_values   = [for v in local.number_map : v]
  f_swap         = { for k, v in local.number_map : v => k }
  f_set          = [for x in local.a_set : x]
  f_set_key      = { for k, v in local.a_set : k => v }
  f_nested       = [for u in local.users : [for t in u.tags : "${u.name}-${t}"]]
  f_flat         = flatten([for u in local.users : [for t in u.tags : { user = u.name, tag = t }]])
  f_shadow       = [for x in ["a"] : [for x in ["b"] : x]]
  f_empty        = [for x in [] : x]
  f_empty_object = { for k, v in {} : k => v }
  f_empty_group  = { for k, v in {} : k => v... }
  f_number_key   = { for i in [1, 2] : i => i }
  f_bool_key     = { for i in [true] : i => i }
  f_mixed        = [for x in [1, "a", true, null] : x]
  f_object_attr  = [for k, v in { a = 1, b = "x" } : { (k) = v }]
  f_string_in    = { for s in split(",", "k=v,l=w") : split("=", s)[0] => split("=", s)[1] }
  f_merge        = merge([for u in local.users : { (u.name) = length(u.tags) }]...)
  f_tobool_if    = [for x in ["true", "false"] : x if x]

  s_full         = local.users[*].name
  s_legacy       = local.users.*.name
  s_index_legacy = local.users.*.tags
  s_of_object    = local.by_name.ann[*].role
  s_of_null      = null[*]
  s_of_scalar    = "x" [*]
  s_of_set       = sort(local.a_set[*])
  s_whole        = local.users[*]
  s_chain        = local.users[*].tags[*]
  s_then_call    = join(",", local.users[*].name)
  s_indexed      = (local.users[*].name)[1]
  s_legacy_index = local.users.*.name[1]
  s_of_map       = local.number_map[*]
  s_of_empty     = [][*].name
  s_legacy_null  = null.*.x
}
