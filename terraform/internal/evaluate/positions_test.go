package evaluate

import "testing"

const (
	openFile = "{\n  \"Statement\": [\n    {\"Sid\": \"Äß\", \"Principal\": \"*\"}\n  ]\n}\n"
)

// TestPositions compares the source at the range of each part of a policy.
func TestPositions(t *testing.T) {
	for _, test := range []struct {
		name, policy string
		// files holds the files next to main.tf, which has the policy.
		files memoryFS
		// pointer identifies the part; want is the expected file and source.
		pointer, want string
	}{
		{"jsonencode", `jsonencode({ Statement = [{ Sid = "A" }, { Sid = "B", Principal = "*" }] })`, nil,
			"/Statement/1/Principal", `main.tf: "*"`},
		{"a statement of a local", `jsonencode({ Statement = concat([], [local.open]) })`,
			memoryFS{"l.tf": `locals { open = { Principal = "*" } }`}, "/Statement/0", `l.tf: { Principal = "*" }`},
		{"a branch whose type changes", `jsonencode({ Statement = true ? [{ Sid = 1, Principal = "*" }] : [{ Sid = "a", Principal = "b" }] })`, nil,
			"/Statement/0", `main.tf: { Sid = 1, Principal = "*" }`},
		{"heredoc", "<<EOT\n{\"Statement\": [\n  {\"Principal\": \"*\"}]}\nEOT", nil, "/Statement/0", `main.tf: {"Principal": "*"}`},
		{"indented heredoc", "<<-EOT\n    {\"Statement\": [\n      {\"Principal\": \"*\"}]}\n  EOT", nil,
			"/Statement/0/Principal", `main.tf: "*"`},
		{"after an interpolation", "<<-EOT\n    {\"Id\": \"${join(\"\", [\"long\", \"er\"])}\", \"Statement\": [{\"Sid\": \"${1 + 1}\", \"Principal\": \"*\"}]}\n  EOT", nil,
			"/Statement/0/Principal", `main.tf: "*"`},
		{"around an interpolation", "<<EOT\n{\"Statement\": [{\"Principal\": \"${local.who}\"}]}\nEOT",
			memoryFS{"l.tf": `locals { who = "*" }`}, "/Statement/0", `main.tf: {"Principal": "${local.who}"}`},
		{"a heredoc in another", "<<EOT\n{\"Statement\": [${local.open}]}\nEOT",
			memoryFS{"l.tf": "locals {\n  open = <<-EOT\n    {\"Principal\": \"*\"}\n  EOT\n}\n"}, "/Statement/0/Principal", `l.tf: "*"`},
		{"jsonencode in a heredoc", "<<EOT\n{\"Statement\": ${jsonencode([{ Principal = \"*\" }])}}\nEOT", nil,
			"/Statement/0", `main.tf: { Principal = "*" }`},
		{"inside a loop", "<<EOT\n{\"Statement\": [%{for i in [1, 2]}{\"Sid\": \"${i}\", \"Principal\": \"*\"},%{endfor}\n{\"Sid\": \"last\"}]}\nEOT", nil,
			"/Statement/1/Principal", `main.tf: "*"`},
		{"after a loop", "<<EOT\n{\"Statement\": [%{for i in [1, 2]}\n{\"Sid\": \"${i}\"},%{endfor}\n{\"Sid\": \"last\"}]}\nEOT", nil,
			"/Statement/2", `main.tf: {"Sid": "last"}`},
		{"strip markers", "<<EOT\n{\"Statement\": [\n%{~if true~}\n   {\"Sid\": \"a\"}\n%{~endif~}\n]}\nEOT", nil,
			"/Statement/0", `main.tf: {"Sid": "a"}`},
		{"escapes", `"{\"Statement\": [{\"Sid\": \"$${x}\\n\", \"Principal\": \"\u002a\"}]}"`, nil,
			"/Statement/0/Principal", `main.tf: \"\u002a\"`},
		{"file", `file("p.json")`, memoryFS{"p.json": openFile}, "/Statement/0/Principal", `p.json: "*"`},
		{"file, changed", `replace(file("${path.module}/p.json"), "Äß", "longer")`, memoryFS{"p.json": openFile},
			"/Statement", "p.json: [\n    {\"Sid\": \"Äß\", \"Principal\": \"*\"}\n  ]"},
		{"file, decoded and encoded", `jsonencode(merge(jsondecode(file("p.json")), { Id = "x" }))`, memoryFS{"p.json": openFile},
			"/Statement/0", `p.json: {"Sid": "Äß", "Principal": "*"}`},
		{"templatefile", `templatefile("p.tpl", { who = "somebody else", id = "a" })`,
			memoryFS{"p.tpl": `{"Id": "${id}", "Statement": [{"Principal": "${who}"}]}`}, "/Statement/0/Principal", `p.tpl: "${who}"`},
		{"template_file", `data.template_file.t.rendered`,
			memoryFS{"t.tf": "data \"template_file\" \"t\" {\n  template = file(\"p.tpl\")\n  vars = { who = \"*\" }\n}\n",
				"p.tpl": `{"Statement": [{"Principal": "${who}"}]}`}, "/Statement/0/Principal", `p.tpl: "${who}"`},
		{"template_file with an inline template", `data.template_file.t.rendered`,
			memoryFS{"t.tf": "data \"template_file\" \"t\" {\n  template = <<EOT\n{\"Statement\": [{\"Sid\": \"$${who}\", \"Principal\": \"*\"}]}\nEOT\n  vars = { who = \"*\" }\n}\n"},
			"/Statement/0/Principal", `t.tf: "*"`},
		{"a policy document", `data.aws_iam_policy_document.d.json`,
			memoryFS{"d.tf": "data \"aws_iam_policy_document\" \"d\" {\n  source_policy_documents = [file(\"p.json\")]\n  statement {\n    sid = \"x\"\n    actions = [\"kms:*\"]\n  }\n}\n",
				"p.json": openFile}, "/Statement/1/Action", `d.tf: ["kms:*"]`},
		{"merged into a policy document", `data.aws_iam_policy_document.d.json`,
			memoryFS{"d.tf": "data \"aws_iam_policy_document\" \"d\" {\n  source_policy_documents = [file(\"p.json\")]\n}\n", "p.json": openFile},
			"/Statement/0/Principal", `p.json: "*"`},
		{"an output of a module", `module.m.policy`,
			memoryFS{"m/main.tf": "output \"policy\" {\n  value = file(\"${path.module}/p.json\")\n}\n", "m/p.json": openFile,
				"call.tf": "module \"m\" {\n  source = \"./m\"\n}\n"}, "/Statement/0/Principal", `m/p.json: "*"`},
		{"encoded and decoded", `base64decode(base64encode("{\"Statement\": []}"))`, nil, "/Statement", "main.tf: []"},
	} {
		t.Run(test.name, func(t *testing.T) {
			given := memoryFS{"main.tf": "# ä\nresource \"aws_kms_key\" \"k\" {\n  policy = " + test.policy + "\n}\n"}
			for name, text := range test.files {
				given[name] = text
			}
			if got := sourceOf(t, given, test.pointer); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// sourceOf returns the source at the range of a part of the policy of key `k`.
func sourceOf(t *testing.T, given memoryFS, pointer string) string {
	t.Helper()
	response := Run(given, Request{Directory: "."})
	for _, problem := range response.Problems {
		t.Errorf("%+v", problem)
	}
	at, ok := response.Components[0][0].Plan.Resources[0].Ranges["/policy"+pointer]
	if !ok {
		return ""
	}
	file := response.Files[at[0]]
	return file + ": " + given[file][at[1]:at[2]]
}

// TestPositionsInJSON compares positions in JSON syntax, in which a policy is a string with escapes.
func TestPositionsInJSON(t *testing.T) {
	for _, test := range []struct{ name, policy, pointer, want string }{
		{"a string", `"{\"Statement\": [{\"Sid\": \"\u00e4\ud83d\ude00\\n\", \"Principal\": \"*\"}]}"`, "/Statement/0/Principal", `\"*\"`},
		{"a template", `"{\"Id\": \"${join(\"\", [\"long\", \"er\"])}\", \"Statement\": [{\"Principal\": \"*\"}]}"`, "/Statement/0/Principal", `\"*\"`},
		{"jsonencode", `"${jsonencode({Statement = [{Principal = \"*\"}]})}"`, "/Statement/0", `{Principal = \"*\"}`},
		{"a local", `"${jsonencode({Statement = [local.open]})}"`, "/Statement/0", `{"Principal": "*"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			given := memoryFS{"main.tf.json": `{"locals": {"open": {"Principal": "*"}},
 "resource": {"aws_kms_key": {"k": {"policy": ` + test.policy + `}}}}`}
			if got, want := sourceOf(t, given, test.pointer), "main.tf.json: "+test.want; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}
