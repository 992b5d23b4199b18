v_given              = { n = "3", extra = true }
v_given_list         = ["b", "a", "b"]
v_given_number       = "12"
v_given_string       = 12.50
v_given_null         = null
v_given_null_refused = null
