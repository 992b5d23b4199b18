package evaluate

import "strings"

func (r *run) cycle(module *moduleInstance, name string) {
	label := module.qualifiedName(name)
	for at := len(r.stack) - 1; at >= 0; at-- {
		if r.stack[at] != label {
			continue
		}
		names := append(append([]string{}, r.stack[at:]...), label)
		id := strings.Join(names, " → ")
		if len(names) > 12 {
			id = strings.Join(names[:11], " → ") + " → …"
		}
		if !r.cycles[id] {
			r.cycles[id] = true
			at := module.declarationRange(name)
			r.warnings = append(r.warnings, Problem{File: at.Filename, Line: at.Start.Line, Column: at.Start.Column, Message: "Reference cycle: " + id + ".",
				Remedy: "Break the cycle; Terraform rejects it."})
		}
		return
	}
}

// moduleCycle reports a call that leads back to a module that contains it.
func (r *run) moduleCycle(first, last *moduleInstance, back *call) {
	path := first.definition.directory
	var names []string
	for at := last; at != first; at = at.parent {
		names = append([]string{"module." + at.call.name + " (" + at.definition.directory + ")"}, names...)
	}
	names = append(names, "module."+back.name+" ("+path+")")
	at := back.block.rng
	r.warnings = append(r.warnings, Problem{File: at.Filename, Line: at.Start.Line, Column: at.Start.Column,
		Message: "Modules call each other in a cycle: " + path + " calls " + strings.Join(names, ", which calls ") +
			". Keywarden did not evaluate the last call.",
		Remedy: "Remove one of the calls; Terraform rejects the cycle."})
}
