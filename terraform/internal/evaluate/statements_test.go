package evaluate

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestStatementsHavePositions compares the source from the start of each statement to the end of its line.
func TestStatementsHavePositions(t *testing.T) {
	template := `{
  "Statement": [
%{ for name in names ~}
    {
      "Sid": "${name}"
    },
%{ endfor ~}
    { "Sid": "Last" }
  ]
}
`
	for _, test := range []struct {
		name, policy string
		want         []string
	}{
		{"a heredoc", "<<-EOT\n    {\n      \"Statement\": [\n        { \"Sid\": \"A\" },\n        { \"Sid\": \"B\" }\n      ]\n    }\n  EOT\n",
			[]string{`{ "Sid": "A" },`, `{ "Sid": "B" }`}},
		{"a heredoc with an unknown list",
			"<<-EOT\n    { \"Statement\": [\n      { \"Principal\": ${jsonencode(var.list)} },\n      { \"Sid\": \"B\" } ] }\n  EOT\n",
			[]string{`{ "Principal": ${jsonencode(var.list)} },`, `{ "Sid": "B" } ] }`}},
		{"a heredoc with a directive",
			"<<-EOT\n    { \"Statement\": [\n    %{ if true ~}\n      { \"Sid\": \"A\" },\n    %{ endif ~}\n      { \"Sid\": \"B\" } ] }\n  EOT\n",
			[]string{`{ "Sid": "A" },`, `{ "Sid": "B" } ] }`}},
		{"a file", `file("${path.module}/policy.json")`, []string{`{ "Sid": "A" }`}},
		{"a template file", `templatefile("${path.module}/policy.tpl", { names = ["A", "B"] })`,
			[]string{"{", "{", `{ "Sid": "Last" }`}},
		{"a template with jsonencode", `templatefile("${path.module}/encode.tpl", { name = "A" })`, []string{`{ Sid = name },`}},
		{"a template_file data source", `data.template_file.p.rendered`, []string{`{ "Sid": "A" }`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			disk := memoryFS{
				"root/main.tf": "variable \"list\" { type = list(string) }\nresource \"aws_kms_key\" \"k\" {\n  policy = " + test.policy + "\n}\n" +
					"data \"template_file\" \"p\" {\n  template = file(\"${path.module}/policy.json\")\n}\n",
				"root/policy.json": "{\n  \"Statement\": [\n    { \"Sid\": \"A\" }\n  ]\n}\n",
				"root/policy.tpl":  template,
				"root/encode.tpl":  "${jsonencode({\n  Statement = [\n    { Sid = name },\n  ]\n})}\n",
			}
			response := Run(disk, Request{Directory: "root", Types: []string{"aws_kms_key"}})
			if len(response.Problems) > 0 {
				t.Fatal(response.Problems)
			}
			ranges := response.Components[0][0].Plan.Resources[0].Ranges
			var got []string
			for at := 0; ; at++ {
				place, ok := ranges["/policy/Statement/"+strconv.Itoa(at)]
				if !ok {
					break
				}
				line, _, _ := strings.Cut(disk[response.Files[place[0]]][place[1]:], "\n")
				got = append(got, line)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestAnyThreeChoicesAreCombined verifies that any three choices occur in all combinations, even if there are too
// many choices to combine all.
func TestAnyThreeChoicesAreCombined(t *testing.T) {
	seen := map[[6]int]bool{}
	explore(func(c *chooser) int {
		var choices []int
		for i := range 12 {
			choices = append(choices, c.choose(Atom{ID: strconv.Itoa(i)}))
		}
		for i := range choices {
			for j := range i {
				for k := range j {
					seen[[6]int{i, j, k, choices[i], choices[j], choices[k]}] = true
				}
			}
		}
		return 0
	}, never)
	if want := 220 * 8; len(seen) != want {
		t.Errorf("%d combinations of %d", len(seen), want)
	}
}
