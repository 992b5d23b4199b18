locals {
  o_arithmetic  = [1 + 2, 7 - 10, 3 * 4, 10 / 4, 10 % 3, -10 % 3, -5, --5]
  o_strings     = ["5" + 3, "2" * "3", -"4"]
  o_precedence  = [1 + 2 * 3, (1 + 2) * 3, 10 - 2 - 3, 2 * 3 % 4, 1 + 2 == 3, !true || true, !(true || true)]
  o_compare     = [1 < 2, 2 <= 2, 3 > 4, 4 >= 5, "10" > 9]
  o_equal       = [1 == 1, "1" == 1, 1 == "1", "a" == "a", true == "true", "true" == true, null == null, "" == null]
  o_equal_deep  = [[1, 2] == [1, 2], { a = 1 } == { a = 1 }, [] == [], {} == {}, tolist(["a"]) == ["a"], tomap({ a = "b" }) == { a = "b" }, toset(["a"]) == toset(["a"])]
  o_not_equal   = [1 != 2, "a" != "b", null != "a", [1] != ["1"]]
  o_logic       = [true && false, true || false, !false, "true" && true, !"false"]
  o_decimals    = [0.1 + 0.2, 1 / 3, 1e3, 1.50, 100000000000000000000, 2.5e-3, 1.0]
  o_big         = 9223372036854775807 + 1
  o_text_number = 1 / 3
  o_text_small  = 1 / 1024
  o_text_exp    = "${1e21} ${1e-7}"
  o_zero        = [-0, 0 * -1]
  o_conversion  = [tostring(1.0), tostring(true), tonumber("1.50"), tobool("true")]
  o_null_equal  = [tolist(null) == null, tostring(null) == null]

  c_unify          = true ? 1 : "a"
  c_unify_other    = false ? "a" : 1
  c_bool           = true ? true : "a"
  c_bool_number    = jsonencode(true ? "x" : 5)
  c_null           = true ? null : "a"
  c_null_other     = false ? null : 5
  c_list           = true ? [1] : ["a"]
  c_lengths        = true ? [1, 2] : ["a"]
  c_empty          = true ? [] : ["a"]
  c_empty_other    = false ? [] : [1, "b"]
  c_object         = true ? { a = 1 } : { a = "x" }
  c_attributes     = true ? { a = 1 } : { b = "x" }
  c_empty_object   = true ? { a = 1, b = "2" } : {}
  c_object_of_list = true ? { a = [1] } : { a = ["x", "y"] }
  c_set            = true ? toset([1, 2]) : ["b"]
  c_list_tuple     = true ? tolist(["1"]) : [1, 2]
  c_map_object     = true ? tomap({ a = 1 }) : { a = "x", b = "y" }
  c_nested         = true ? (false ? 1 : "x") : 3
  c_nested_inner   = false ? 3 : (true ? 1 : "x")
  c_chain          = false ? "a" : false ? 2 : "x"
  c_in_template    = true ? 1 : 2
  c_text           = "x${true ? 1.50 : "2"}"
  c_in_json        = jsonencode({ a = true ? 1 : "1", b = true ? [true] : ["x"], c = false ? {} : { d = 1, e = "f" } })
  c_condition_text = "true" ? 1 : 2
  c_null_object    = true ? null : { a = 1 }
  c_deep_null      = true ? { a = null, b = 1 } : { a = "x", b = "y" }
  c_element        = (true ? [1, 2] : ["a"])[0]
  c_equal          = (true ? 1 : "a") == "1"
  c_equal_list     = (true ? ["a"] : ["b", "c"]) == tolist(["a"])
  c_tuple_of_lists = true ? [[1], []] : [["a"]]
  c_objects        = true ? [{ a = 1 }, { a = 2 }] : []
  c_objects_other  = true ? [{ a = 1 }, { a = "2" }] : []
  c_length         = length(true ? [1, "a"] : [])
  c_contains       = contains(true ? [1, 2] : ["a"], "1")
  c_keys           = keys(true ? { a = 1 } : { b = "x" })
  c_for            = [for x in(true ? [1, true] : ["z"]) : x]
  c_optional_block = [for x in(true ? [{ n = 1 }] : []) : x.n]
  c_merge          = merge(true ? { a = 1 } : {}, { b = "x" })
  c_concat         = concat(true ? [1] : [], ["x"])
  c_template_if    = "%{if true}${1}%{else}${"a"}%{endif}"
  c_same_tuple     = true ? [1, "a"] : [2, "b"]
}
