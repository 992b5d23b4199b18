// Command promrules evaluates alert rules with the engine of Prometheus, for the tests of deploy/monitoring. It reads a
// request from standard input and writes a response to standard output, both as JSON. Prometheus' own promtool can do the
// same, but takes three times as long to build.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
	"github.com/prometheus/prometheus/rules"
)

const interval = time.Minute

type request struct {
	// RuleFile is the path of a rule file.
	RuleFile string `json:"ruleFile"`
	// Series are the samples, one per minute, in the notation of promtool's unit tests.
	Series []struct{ Series, Values string } `json:"series"`
	// Minutes is the number of evaluations.
	Minutes int `json:"minutes"`
	// Expressions are further PromQL expressions, which are only parsed.
	Expressions []string `json:"expressions"`
}

type alert struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

type response struct {
	// Firing are the alerts that fire in each minute.
	Firing [][]alert `json:"firing"`
	// Selectors are the metrics in the rules and in the expressions.
	Selectors []selector `json:"selectors"`
}

type selector struct {
	Metric   string    `json:"metric"`
	Matchers []matcher `json:"matchers"`
}

type matcher struct {
	Label string `json:"label"`
	// Operator is =, !=, =~ or !~.
	Operator string `json:"operator"`
	Value    string `json:"value"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var in request
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		return err
	}
	p := parser.NewParser(parser.Options{})
	selectors, err := selectorsOf(p, in)
	if err != nil {
		return err
	}
	firing, err := evaluate(p, in)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(response{Firing: firing, Selectors: selectors})
}

// selectorsOf returns the selectors in all expressions, or an error if Prometheus would not accept one of them.
func selectorsOf(p parser.Parser, in request) ([]selector, error) {
	groups, errs := rulefmt.ParseFile(in.RuleFile, false, model.UTF8Validation, p, promslog.NewNopLogger())
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	expressions := in.Expressions
	for _, group := range groups.Groups {
		for _, rule := range group.Rules {
			expressions = append(expressions, rule.Expr)
		}
	}
	var selectors []selector
	for _, expression := range expressions {
		expr, err := p.ParseExpr(expression)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", expression, err)
		}
		parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
			if vector, ok := node.(*parser.VectorSelector); ok {
				found := selector{Metric: vector.Name, Matchers: []matcher{}}
				for _, m := range vector.LabelMatchers {
					if m.Name != model.MetricNameLabel {
						found.Matchers = append(found.Matchers, matcher{m.Name, m.Type.String(), m.Value})
					}
				}
				selectors = append(selectors, found)
			}
			return nil
		})
	}
	return selectors, nil
}

// evaluate returns the alerts that fire in each minute.
func evaluate(p parser.Parser, in request) ([][]alert, error) {
	load := "load 1m\n"
	for _, series := range in.Series {
		load += fmt.Sprintf("  %s %s\n", series.Series, series.Values)
	}
	suite, err := promqltest.NewLazyLoader(load, promqltest.LazyLoaderOpts{Parser: p})
	if err != nil {
		return nil, err
	}
	defer suite.Close()
	suite.SubqueryInterval = interval
	manager := rules.NewManager(&rules.ManagerOptions{
		QueryFunc:    rules.EngineQueryFunc(suite.QueryEngine(), suite.Storage()),
		AppendableV2: suite.Storage(),
		Context:      context.Background(),
		NotifyFunc:   func(context.Context, string, ...*rules.Alert) {},
		Logger:       promslog.NewNopLogger(),
		Parser:       p,
	})
	groups, errs := manager.LoadGroups(interval, labels.EmptyLabels(), "", nil, false, in.RuleFile)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	firing := [][]alert{}
	for minute := range in.Minutes {
		now := time.Unix(0, 0).UTC().Add(time.Duration(minute) * interval)
		var failed error
		suite.WithSamplesTill(now, func(err error) {
			if failed = err; err != nil {
				return
			}
			for _, group := range groups {
				group.Eval(suite.Context(), now)
			}
		})
		alerts := []alert{}
		for _, group := range groups {
			for _, rule := range group.Rules() {
				failed = errors.Join(failed, rule.LastError())
				alerts = append(alerts, firingAlerts(rule)...)
			}
		}
		if failed != nil {
			return nil, fmt.Errorf("minute %d: %w", minute, failed)
		}
		firing = append(firing, alerts)
	}
	return firing, nil
}

func firingAlerts(rule rules.Rule) []alert {
	alerts := []alert{}
	if alerting, ok := rule.(*rules.AlertingRule); ok {
		for _, active := range alerting.ActiveAlerts() {
			if active.State == rules.StateFiring {
				alerts = append(alerts, alert{Labels: active.Labels.Map(), Annotations: active.Annotations.Map()})
			}
		}
	}
	return alerts
}
