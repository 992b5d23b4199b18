package evaluate

import "fmt"

func (l *loader) collect(out *definition, b *body, override bool) {
	for _, one := range b.blocks {
		labels := len(one.labels)
		if want, ok := labelCounts[one.kind]; ok && want != labels {
			l.problem(one.rng, fmt.Sprintf("A %s block requires %d labels; this block has %d.", one.kind, want, labels),
				"Add the missing labels, or remove the extra ones.")
			continue
		}
		switch one.kind {
		case "locals":
			for _, a := range one.body.attributes {
				out.locals[a.name] = a
			}
		case "variable":
			if known := out.variables[one.labels[0]]; known != nil && override {
				one = applyOverride(known.block, one)
			}
			out.variables[one.labels[0]] = l.variable(one)
		case "output":
			if known := out.outputs[one.labels[0]]; known != nil && override {
				one = applyOverride(known, one)
			}
			out.outputs[one.labels[0]] = one
		case "resource", "data":
			r := &resource{one.kind == "data", one.labels[0], one.labels[1], one}
			known := out.resources[r.address()]
			if known != nil && override {
				known.block = applyOverride(known.block, one)
			} else if known == nil {
				out.resources[r.address()] = r
				out.order = append(out.order, r)
			} else {
				l.problem(one.rng, fmt.Sprintf("%s is declared twice: here and in %s, line %d.", r.address(),
					known.block.rng.Filename, known.block.rng.Start.Line), "Rename or remove one of the declarations.")
			}
		case "module":
			name := one.labels[0]
			if known := out.calls[name]; known != nil && override {
				one = applyOverride(known.block, one)
			} else if known == nil {
				out.callNames = append(out.callNames, name)
			}
			out.calls[name] = &call{name: name, source: literalString(one.body.attribute("source")), block: one}
		case "provider":
			key := one.labels[0]
			if alias := literalString(one.body.attribute("alias")); alias != "" {
				key += "." + alias
			}
			if known := out.providers[key]; known != nil && override {
				one = applyOverride(known, one)
			}
			out.providers[key] = one
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
	for _, b := range base.body.blocks {
		if len(over.body.blocksOf(b.kind)) == 0 || b.kind == "lifecycle" {
			inner.blocks = append(inner.blocks, b)
		}
	}
	inner.blocks = append(inner.blocks, over.body.blocks...)
	return &block{base.kind, base.labels, inner, base.rng}
}
