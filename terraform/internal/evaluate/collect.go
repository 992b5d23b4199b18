package evaluate

import "fmt"

// collect adds the declarations of a file to the definition of its module.
func (l *loader) collect(out *definition, file *body, override bool) {
	for _, b := range file.blocks {
		labels := len(b.labels)
		if want, ok := labelCounts[b.kind]; ok && want != labels {
			l.problem(b.rng, fmt.Sprintf("A %s block requires %d labels; this block has %d.", b.kind, want, labels),
				"Add the missing labels, or remove the extra ones.")
			continue
		}
		switch b.kind {
		case "locals":
			for _, a := range b.body.attributes {
				out.locals[a.name] = a
			}
		case "variable":
			if known := out.variables[b.labels[0]]; known != nil && override {
				b = applyOverride(known.block, b)
			}
			out.variables[b.labels[0]] = l.variable(b)
		case "output":
			if known := out.outputs[b.labels[0]]; known != nil && override {
				b = applyOverride(known, b)
			}
			out.outputs[b.labels[0]] = b
			if a := b.body.attribute("value"); a != nil && isConcealed(b) {
				l.secrets.addExpression(a.expr)
			}
		case "resource", "data":
			r := &resource{b.kind == "data", b.labels[0], b.labels[1], b}
			known := out.resources[r.address()]
			if known != nil && override {
				known.block = applyOverride(known.block, b)
			} else if known == nil {
				out.resources[r.address()] = r
				out.order = append(out.order, r)
			} else {
				l.problem(b.rng, fmt.Sprintf("%s is declared twice: here and in %s, line %d.", r.address(),
					known.block.rng.Filename, known.block.rng.Start.Line), "Rename or remove one of the declarations.")
			}
		case "module":
			name := b.labels[0]
			if known := out.calls[name]; known != nil && override {
				b = applyOverride(known.block, b)
			} else if known == nil {
				out.callNames = append(out.callNames, name)
			}
			out.calls[name] = &call{name: name, source: literalString(b.body.attribute("source")), block: b}
		case "import":
			out.imports = append(out.imports, b)
		case "provider":
			key := b.labels[0]
			if alias := literalString(b.body.attribute("alias")); alias != "" {
				key += "." + alias
			}
			if known := out.providers[key]; known != nil && override {
				b = applyOverride(known, b)
			}
			out.providers[key] = b
		}
	}
}

// applyOverride returns a block with the arguments and nested blocks of an override block.
func applyOverride(base, over *block) *block {
	inner := &body{rng: base.body.rng}
	for _, a := range base.body.attributes {
		if over.body.attribute(a.name) == nil {
			inner.attributes = append(inner.attributes, a)
		}
	}
	inner.attributes = append(inner.attributes, over.body.attributes...)
	replaced := map[string]bool{}
	for _, b := range over.body.blocks {
		replaced[generatedKind(b)] = true
	}
	for _, b := range base.body.blocks {
		if !replaced[generatedKind(b)] {
			inner.blocks = append(inner.blocks, b)
		}
	}
	for _, b := range over.body.blocks {
		// Terraform merges lifecycle blocks argument by argument and replaces all other blocks.
		if known := base.body.blocksOf("lifecycle"); b.kind == "lifecycle" && len(known) > 0 {
			b = applyOverride(known[0], b)
		}
		inner.blocks = append(inner.blocks, b)
	}
	return &block{base.kind, base.labels, inner, base.rng}
}

// generatedKind returns the type of a block, or of the blocks that a `dynamic` block generates.
func generatedKind(b *block) string {
	if b.kind == "dynamic" && len(b.labels) == 1 {
		return b.labels[0]
	}
	return b.kind
}
