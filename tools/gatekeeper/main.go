// Evaluates a constraint template with Gatekeeper's libraries, for the tests in test/gate-real:
//
//	gatekeeper crd TEMPLATE
//	gatekeeper review TEMPLATE CONSTRAINT PROVIDER <REQUESTS
//
// The arguments are YAML files. `crd` prints the definition of the constraint's kind. `review` evaluates requests as
// Gatekeeper's webhook and audit do, and calls the external data provider. Each line of standard input is JSON:
// {"review": AdmissionRequest} or {"audit": object}. Each line of standard output is the list of violations, or
// {"error": message}.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"

	admissionv1 "k8s.io/api/admission/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

const maxLine = 64 << 20

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) == 2 && args[0] == "crd":
		return printDefinition(ctx, args[1])
	case len(args) == 4 && args[0] == "review":
		return reviewLines(ctx, args[1], args[2], args[3])
	default:
		return fmt.Errorf("usage: gatekeeper crd TEMPLATE | gatekeeper review TEMPLATE CONSTRAINT PROVIDER")
	}
}

func printDefinition(ctx context.Context, path string) error {
	template, err := readTemplate(path)
	if err != nil {
		return err
	}
	evaluator, err := newEvaluator(ctx, nil)
	if err != nil {
		return err
	}
	definition, err := evaluator.client.CreateCRD(ctx, template)
	if err != nil {
		return err
	}
	var v1 apiextensionsv1.CustomResourceDefinition
	err = apiextensionsv1.Convert_apiextensions_CustomResourceDefinition_To_v1_CustomResourceDefinition(definition, &v1, nil)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(v1)
}

type request struct {
	Review *admissionv1.AdmissionRequest `json:"review"`
	Audit  map[string]any                `json:"audit"`
}

func reviewLines(ctx context.Context, template, constraint, provider string) error {
	evaluator, err := load(ctx, template, constraint, provider)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, maxLine)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return err
		}
		var line any
		if line, err = evaluator.review(ctx, r); err != nil {
			line = map[string]string{"error": err.Error()}
		}
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	return lines.Err()
}
