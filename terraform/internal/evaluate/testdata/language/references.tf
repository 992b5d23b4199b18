locals {
  deep = { a = [{ b = { "c-d" = ["x", "y"] } }], "with space" = 1, "0" = "zero" }

  r_attribute   = local.deep.a[0].b["c-d"][1]
  r_index       = local.deep["a"][0]["b"]["c-d"][0]
  r_quoted      = local.deep["with space"]
  r_number_name = local.deep["0"]
  r_number_key  = local.deep[0]
  r_legacy      = local.deep.a.0.b
  r_text_index  = local.deep.a["0"].b["c-d"]["1"]
  r_computed    = local.deep[join("", ["a"])][1 - 1]
  r_of_call     = split(",", "a,b")[1]
  r_of_object   = { a = 1 }.a
  r_of_tuple    = ["a", "b"][1]
  r_of_parens   = (local.deep).a[0]
  r_map         = tomap({ a = "x" }).a
  r_list        = tolist(["p", "q"])[1]
  r_keys        = { (local.name) = 1, "${local.name}-x" = 2, plain = 3, "quo ted" = 4, 5 = 6, true = 7 }
  r_keys_colon  = { a : 1, "b" : 2 }
  r_same_line   = { a = 1, b = 2 }
  r_lines = {
    a = 1
    b = 2, c = 3
  }
  r_trailing = [1, 2, ]
  r_null     = { a = null, b = [null] }
  r_comments = [1, /* two */ 2 // three
    # four
  ]
  r_call_expand   = max([1, 5, 3]...)
  r_call_trailing = max(1, 2, )
  r_try           = try(local.deep.missing, "fallback")
  r_can           = [can(local.deep.missing), can(local.deep.a)]
  r_lookup        = lookup({ a = 1 }, "b", 2)
  r_path          = path.module
  r_root          = path.root
  r_unicode       = { "schlüssel" = "ä" }
  r_nfc           = length("e\u0301")
}
