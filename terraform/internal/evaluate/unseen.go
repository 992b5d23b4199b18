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

// reportTruncation records a block of which only the first instances are evaluated.
func (r *run) reportTruncation(all repetition, b *block, address string) {
	if !all.truncated {
		return
	}
	part := Unseen{Kind: "count", Resource: address, Subject: address, Remedy: "Check the plan instead of the source.",
		Message: fmt.Sprintf("Keywarden checked only the first %d instances of %s.", len(all.keys), address)}
	if len(all.keys) < r.budget.BlockInstances {
		// Each instance of a module can have such a block, but one of them is enough to see.
		if r.budget.IsReported(b) {
			return
		}
		part.Message = fmt.Sprintf("Keywarden did not check all instances of %s: the root module has more than %d instances.",
			address, r.budget.Limits.Instances)
	}
	r.addUnseen(part, b)
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
