package evaluate

import (
	"fmt"
	"slices"
	"strings"
)

// unseenModule records a called module that is not available.
func (r *run) unseenModule(c *call, path, source, reason, remedy string) {
	if !mayContainKeys(source) {
		return
	}
	subject := source
	if subject == "" {
		subject, reason = path, "its source is unknown"
	} else {
		reason = "its source is " + source + ", and " + reason
	}
	r.addUnseen(Unseen{Kind: "module", Resource: path, Subject: subject,
		Message: fmt.Sprintf("Keywarden did not check the resources of %s: %s.", path, reason), Remedy: remedy}, c.block)
}

// reportTruncation records a block of which only the first instances are evaluated. If Keywarden checks the block, the
// truncation is a problem, because a rule can fail for any of the other instances.
func (r *run) reportTruncation(all repetition, b *block, address string, isChecked func() bool) {
	if !all.truncated {
		return
	}
	part := Unseen{Kind: "count", Resource: address, Subject: address, Remedy: "Check the plan instead of the source.",
		Message: fmt.Sprintf("Keywarden checked only the first %d instances of %s.", len(all.keys), address)}
	problem := Problem{Message: fmt.Sprintf("%s has more than %d instances. Keywarden did not evaluate the others.", address, len(all.keys))}
	if len(all.keys) < r.budget.BlockInstances {
		// Each instance of a module can have such a block, but one of them is enough to see.
		if r.budget.IsReported(b) {
			return
		}
		part.Message = fmt.Sprintf("Keywarden did not check all instances of %s: the root module has more than %d instances.",
			address, r.budget.Limits.Instances)
		problem.Message = fmt.Sprintf("The root module has more than %d instances. Keywarden did not evaluate all instances of %s.",
			r.budget.Limits.Instances, address)
	}
	r.addUnseen(part, b)
	if isChecked() {
		problem.File, problem.Line, problem.Column, problem.Remedy = b.rng.Filename, b.rng.Start.Line, b.rng.Start.Column, part.Remedy
		r.warnings = append(r.warnings, problem)
	}
}

// isChecked reports whether a resource is of a type that Keywarden checks.
func (r *run) isChecked(res *resource) bool {
	return !res.data && (len(r.request.Types) == 0 || slices.Contains(r.request.Types, res.kind))
}

// containsChecked reports whether the module of a call, or a module that it calls, has resources that Keywarden checks.
func (r *run) containsChecked(m *moduleInstance, c *call) bool {
	seen := map[*definition]bool{}
	var contains func(m *moduleInstance, c *call) bool
	contains = func(m *moduleInstance, c *call) bool {
		inner := &moduleInstance{parent: m, call: c, scope: &scope{run: r, module: m}, path: m.callPath(c.name),
			address: m.qualifiedName("module." + c.name)}
		inner.definition, inner.relative, inner.unavailable = r.calledModule(m, c, inner.path)
		if inner.definition == nil || seen[inner.definition] {
			return false
		}
		seen[inner.definition] = true
		return slices.ContainsFunc(inner.definition.order, r.isChecked) ||
			slices.ContainsFunc(inner.definition.callNames, func(name string) bool { return contains(inner, inner.definition.calls[name]) })
	}
	return contains(m, c)
}

// unevaluatedInstance records a resource instance that the response lacks.
func (r *run) unevaluatedInstance(i *resourceInstance) {
	address := i.module.qualifiedName(i.name())
	r.addUnseen(Unseen{Kind: "resource", Resource: address, Subject: address,
		Message: "Keywarden did not check " + address + ": its evaluation failed.",
		Remedy:  "Correct the reported problem, or check the plan instead of the source."}, i.block)
}

func (r *run) addUnseen(part Unseen, at *block) {
	part.File, part.Line, part.Column = at.rng.Filename, at.rng.Start.Line, at.rng.Start.Column
	if !slices.Contains(r.unseen, part) {
		r.unseen = append(r.unseen, part)
	}
}

// otherProviders lists providers of the public registry that do not manage AWS resources. The last part of the address of
// a registry module names its provider.
var otherProviders = map[string]bool{"null": true, "random": true, "local": true, "template": true, "tls": true,
	"time": true, "http": true, "external": true, "archive": true, "google": true, "google-beta": true, "azurerm": true,
	"azuread": true, "azapi": true, "kubernetes": true, "helm": true, "github": true, "gitlab": true, "datadog": true,
	"cloudflare": true, "docker": true, "oci": true, "digitalocean": true}

// mayContainKeys reports whether a module with this source can contain resources of AWS.
func mayContainKeys(source string) bool {
	parts := strings.Split(source, "/")
	isRegistry := (len(parts) == 3 || len(parts) == 4) && !isLocal(source) && !strings.ContainsAny(source, ":?@")
	return !isRegistry || !otherProviders[parts[len(parts)-1]]
}

// sourceOf returns the source of a module call. OpenTofu and Terraform accept variables and local values in it.
func (r *run) sourceOf(m *moduleInstance, c *call) string {
	a := c.block.body.attribute("source")
	if c.source != "" || a == nil {
		return c.source
	}
	return knownString((&scope{run: r, module: m}).evaluate(a.expr))
}
