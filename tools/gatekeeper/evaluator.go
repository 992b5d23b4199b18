package main

import (
	"context"
	"os"
	"time"

	"github.com/open-policy-agent/frameworks/constraint/pkg/apis"
	"github.com/open-policy-agent/frameworks/constraint/pkg/apis/externaldata/unversioned"
	"github.com/open-policy-agent/frameworks/constraint/pkg/client"
	"github.com/open-policy-agent/frameworks/constraint/pkg/client/drivers/rego"
	"github.com/open-policy-agent/frameworks/constraint/pkg/client/reviews"
	"github.com/open-policy-agent/frameworks/constraint/pkg/core/templates"
	"github.com/open-policy-agent/frameworks/constraint/pkg/externaldata"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/gator/reader"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/mutation/types"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/target"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/util"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// responseCacheTTL is Gatekeeper's default of --external-data-provider-response-cache-ttl.
const responseCacheTTL = 3 * time.Minute

type evaluator struct {
	client *client.Client
}

type violation struct {
	Message string `json:"message"`
	// What the webhook does: deny, warn or dryrun.
	Action string `json:"action"`
}

// newEvaluator returns an evaluator with Gatekeeper's defaults.
func newEvaluator(ctx context.Context, provider *unversioned.Provider) (*evaluator, error) {
	providers := externaldata.NewCache()
	if provider != nil {
		if err := providers.Upsert(provider); err != nil {
			return nil, err
		}
	}
	driver, err := rego.New(
		rego.AddExternalDataProviderCache(providers),
		rego.AddExternalDataProviderResponseCache(externaldata.NewProviderResponseCache(ctx, responseCacheTTL)),
		rego.DisableBuiltins("http.send"),
	)
	if err != nil {
		return nil, err
	}
	c, err := client.NewClient(
		client.Targets(&target.K8sValidationTarget{}),
		client.Driver(driver),
		client.EnforcementPoints(util.WebhookEnforcementPoint, util.AuditEnforcementPoint),
	)
	return &evaluator{c}, err
}

// load returns an evaluator of a constraint.
func load(ctx context.Context, template, constraint, provider string) (*evaluator, error) {
	var p unversioned.Provider
	if err := read(provider, &p); err != nil {
		return nil, err
	}
	t, err := readTemplate(template)
	if err != nil {
		return nil, err
	}
	var k unstructured.Unstructured
	if err := read(constraint, &k.Object); err != nil {
		return nil, err
	}
	e, err := newEvaluator(ctx, &p)
	if err != nil {
		return nil, err
	}
	if _, err := e.client.AddTemplate(ctx, t); err != nil {
		return nil, err
	}
	_, err = e.client.AddConstraint(ctx, &k)
	return e, err
}

func readTemplate(path string) (*templates.ConstraintTemplate, error) {
	var object unstructured.Unstructured
	if err := read(path, &object.Object); err != nil {
		return nil, err
	}
	scheme := runtime.NewScheme()
	if err := apis.AddToScheme(scheme); err != nil {
		return nil, err
	}
	return reader.ToTemplate(scheme, &object)
}

func read(path string, value any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return yaml.Unmarshal(text, value)
}

// review evaluates a request as the webhook does, or an object as the audit does.
func (e *evaluator) review(ctx context.Context, r request) ([]violation, error) {
	var object any = target.AugmentedUnstructured{
		Object: unstructured.Unstructured{Object: r.Audit},
		Source: types.SourceTypeOriginal,
	}
	point := util.AuditEnforcementPoint
	if r.Review != nil {
		object = &target.AugmentedReview{
			AdmissionRequest: r.Review,
			Source:           types.SourceTypeOriginal,
			IsAdmission:      true,
		}
		point = util.WebhookEnforcementPoint
	}
	responses, err := e.client.Review(ctx, object, reviews.EnforcementPoint(point))
	if err != nil {
		return nil, err
	}
	violations := []violation{}
	for _, result := range responses.Results() {
		violations = append(violations, violation{Message: result.Msg, Action: result.EnforcementAction})
	}
	return violations, nil
}
