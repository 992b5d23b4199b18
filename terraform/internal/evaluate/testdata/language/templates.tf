locals {
  name   = "orders"
  list   = ["a", "b", "c"]
  object = { x = 1, y = "two", z = true }

  t_plain        = "hello ${local.name}"
  t_whole        = local.list
  t_whole_number = 5
  t_number       = "n${5}"
  t_float        = "n${0.1 + 0.2}"
  t_big          = "n${123456789012}"
  t_bool         = "b${true}"
  t_escapes      = "tab\t quote\" back\\ newline\n dollar$${x} percent%%{y} \u00e9 \U0001F600"
  t_dollars      = "$ $$ $5 % %% 100%"
  t_nested       = "${local.name}-${"x${1 + 1}"}"
  t_if           = "%{if true}yes%{else}no%{endif}"
  t_if_not       = "a%{if false}yes%{endif}b"
  t_for          = "%{for x in local.list}<${x}>%{endfor}"
  t_for_index    = "%{for i, x in local.list}${i}=${x};%{endfor}"
  t_for_object   = "%{for k, v in local.object}${k}=${v},%{endfor}"
  t_for_empty    = "[%{for x in []}${x}%{endfor}]"
  t_nested_for   = "%{for x in local.list}%{if x != "b"}${x}%{for y in [1, 2]}${y}%{endfor}%{endif}%{endfor}"
  t_strip        = "a  ${~"b"~}  c"
  t_strip_left   = "a  ${~"b"}  c"
  t_strip_right  = "a  ${"b"~}  c"
  t_strip_if     = "a %{~if true~} x %{~else~} y %{~endif~} b"
  t_strip_lines  = "a\n  ${~"b"~}\n  c"
  t_alone_if     = "%{if true}5%{endif}"
  t_only_text    = "x"
  t_tuple_whole  = [1, "a"]
  t_null_alone   = null

  h_plain = <<EOT
first ${local.name}
  second
EOT

  h_indented = <<-EOT
    first
      second ${local.name}
    third

    fifth
  EOT

  h_indented_less = <<-EOT
      deep
    less
  EOT

  h_blank_first = <<-EOT

    after a blank line
  EOT

  h_tabs = <<-EOT
	tab
		two tabs
	EOT

  h_directives = <<-EOT
    start
    %{for x in local.list~}
    - ${x}
    %{endfor~}
    %{if false~}
    never
    %{else~}
    else
    %{endif~}
    end
  EOT

  h_directives_unstripped = <<EOT
%{for x in local.list}
item ${x}
%{endfor}
EOT

  h_interpolated_first = <<-EOT
    ${local.name} starts
      the line
    ${local.name}
  EOT

  h_multiline_value = <<-EOT
    a:
      ${"x\n y"}
    b
  EOT

  h_quotes = <<EOT
"quoted" \n no escapes \t $${not} %%{not}
EOT

  h_json      = <<EOT
{"a": "${local.name}", "b": ["${local.list[0]}", 1]}
EOT
  h_json_read = jsondecode(local.h_json)

  h_in_call = trimspace(<<EOT
 inner
EOT
  )
  h_empty = <<EOT
EOT
  h_join  = "%{for x in local.list}${x}%{endfor}!"
}
