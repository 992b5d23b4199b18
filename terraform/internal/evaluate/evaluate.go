package evaluate

import (
	"path"
	"slices"
	"sort"

	"github.com/keywarden/keywarden/terraform/internal/budget"
	"github.com/keywarden/keywarden/terraform/internal/function"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	ctyfunction "github.com/zclconf/go-cty/cty/function"
)

// Run evaluates a root module. It evaluates resources without choices once, and other resources once for each
// outcome.
func Run(disk FS, request Request) Response {
	return runWithin(budget.New(budget.Default()), disk, request)
}

func runWithin(limit *budget.Budget, disk FS, request Request) (out Response) {
	requested := request.Directory
	request.Directory = path.Clean(requested)
	l := newLoader(disk)
	for _, file := range request.First {
		l.first = append(l.first, path.Clean(file))
	}
	shared := &shared{loader: l, request: request, budget: limit, holes: hole.NewTable(), sources: &hole.Sources{Bytes: l.bytes},
		files: &fileList{names: []string{}, number: map[string]int{}}}
	out.Directory, out.Problems, out.Unseen, out.Components = requested, []Problem{}, []Unseen{}, [][]Outcome{}
	defer func() {
		out.Problems = append(deduplicated(l.problems), out.Problems...)
		out.Sensitive = l.secrets.response(l, shared.files)
		out.Files, out.Holes = shared.files.names, append([]hole.Hole{}, shared.holes.All()...)
	}()
	shared.root = l.load(request.Directory)
	if shared.root == nil {
		return out
	}
	out.Calls = map[string]string{}
	for name, c := range shared.root.calls {
		out.Calls[name] = c.block.rng.Filename
	}
	shared.installed = manifest(l, request.Directory)

	base := shared.newRun(newChooser(nil))
	base.inputs = base.inputValues()
	shared.inputs = base.inputs
	out.Undeclared = base.checkInputs(base.root)
	blocks := base.blocks(shared.isEmitted)
	warn := func(r *run) {
		for _, warning := range r.warnings {
			if !slices.Contains(out.Problems, warning) {
				out.Problems = append(out.Problems, warning)
			}
		}
		for _, part := range r.unseen {
			if !slices.Contains(out.Unseen, part) {
				out.Unseen = append(out.Unseen, part)
			}
		}
	}
	defer warn(base)
	for _, block := range blocks {
		base.deps = newDependencies()
		block.emit(emitter{base, shared.files})
		block.deps = base.deps
	}
	plain, components := componentsOf(blocks)
	if len(plain) > 0 {
		out.Components = append(out.Components, []Outcome{{Decisions: []Decision{}, Plan: base.plan(plain, shared.files)}})
	}
	for _, component := range components {
		out.Components = append(out.Components, explore(func(c *chooser) Outcome {
			r := shared.newRun(c)
			r.facts = newStringFacts()
			defer warn(r)
			blocks := r.blocks(func(id string, _ *resource) bool { return component[id] })
			for _, block := range blocks {
				block.emit(emitter{r, shared.files})
			}
			plan := r.plan(blocks, shared.files)
			return Outcome{append([]Decision{}, c.decisions...), plan}
		}, limit.Exhausted))
	}
	return out
}

// shared holds the state that all runs of a root module share.
type shared struct {
	loader    *loader
	request   Request
	budget    *budget.Budget
	holes     *hole.Table
	sources   *hole.Sources
	files     *fileList
	root      *definition
	inputs    map[string]inputValue
	installed map[string]string
	types     map[string]bool
	functions map[string]ctyfunction.Function
	// current is the run in which functions are called.
	current *run
}

// lookups are the data sources whose arguments determine their results.
var lookups = map[string]bool{"aws_kms_alias": true, "aws_kms_key": true, "aws_iam_session_context": true}

// isEmitted reports whether the response includes a resource. It includes the data sources that look up keys or roles.
func (s *shared) isEmitted(_ string, res *resource) bool {
	if res.data {
		return lookups[res.kind]
	}
	if s.types == nil {
		s.types = map[string]bool{}
		for _, name := range s.request.Types {
			s.types[name] = true
		}
	}
	return len(s.types) == 0 || s.types[res.kind]
}

func (s *shared) newRun(c *chooser) *run {
	r := &run{loader: s.loader, request: s.request, budget: s.budget, holes: s.holes, sources: s.sources, installed: s.installed, inputs: s.inputs,
		chooser: c, memo: map[memoKey]*memoEntry{}, deps: newDependencies(),
		items: map[hole.Range]map[string]hole.Range{}, cycles: map[string]bool{},
		modules: map[string]*moduleInstance{}}
	r.root = &moduleInstance{definition: s.root, relative: "."}
	r.modules[""] = r.root
	if s.functions == nil {
		template := func(path string, source []byte, variables cty.Value) (cty.Value, error) {
			return s.current.template(path, source, variables)
		}
		s.functions = function.Functions(function.Environment{Budget: s.budget, Holes: s.holes, Sources: s.sources,
			Files: files{s}, Template: template})
	}
	s.current, r.functions = r, s.functions
	return r
}

// evaluatedBlock is a resource block with its instances in all instances of its module.
type evaluatedBlock struct {
	id        string
	instances []*resourceInstance
	changes   []ResourceChange
	deps      *dependencies
}

// emit converts the instances to resource changes.
func (b *evaluatedBlock) emit(e emitter) {
	for _, instance := range b.instances {
		change := withRecovery(e.run, instance.module, instance.name(), func() *ResourceChange {
			change := e.resource(instance)
			return &change
		}, func() *ResourceChange {
			e.run.unevaluatedInstance(instance)
			return nil
		})
		if change != nil {
			b.changes = append(b.changes, *change)
		}
	}
}

// blocks returns the resource blocks of all modules.
func (r *run) blocks(wanted func(id string, res *resource) bool) []*evaluatedBlock {
	byID := map[string]*evaluatedBlock{}
	var order []*evaluatedBlock
	var walk func(m *moduleInstance)
	walk = func(m *moduleInstance) {
		if m.definition == nil {
			return
		}
		r.modules[m.address] = m
		for _, res := range m.definition.order {
			id := m.path + "|" + res.address()
			if !wanted(id, res) {
				continue
			}
			block := byID[id]
			if block == nil {
				block = &evaluatedBlock{id: id}
				byID[id] = block
				order = append(order, block)
			}
			block.instances = append(block.instances, r.instances(m, res).list...)
		}
		for _, name := range m.definition.callNames {
			for _, child := range r.children(m, name).instances {
				walk(child)
			}
		}
	}
	walk(r.root)
	return order
}

// componentsOf groups the blocks that depend on choices by their references to each other. Blocks without choices are
// in plain.
func componentsOf(blocks []*evaluatedBlock) (plain []*evaluatedBlock, components []map[string]bool) {
	parent := map[string]string{}
	for _, block := range blocks {
		parent[block.id] = block.id
	}
	find := func(id string) string {
		for parent[id] != id {
			parent[id] = parent[parent[id]]
			id = parent[id]
		}
		return id
	}
	for _, block := range blocks {
		for id := range block.deps.resources {
			if _, ok := parent[id]; ok {
				parent[find(block.id)] = find(id)
			}
		}
	}
	open := map[string]map[string]bool{}
	for _, block := range blocks {
		if len(block.deps.atoms) > 0 {
			open[find(block.id)] = map[string]bool{}
		}
	}
	var order []string
	for _, block := range blocks {
		root := find(block.id)
		group, ok := open[root]
		if !ok {
			plain = append(plain, block)
			continue
		}
		if len(group) == 0 {
			order = append(order, root)
		}
		group[block.id] = true
	}
	for _, root := range order {
		components = append(components, open[root])
	}
	return plain, components
}

// plan returns the plan for blocks.
func (r *run) plan(blocks []*evaluatedBlock, list *fileList) Plan {
	e := emitter{r, list}
	out := Plan{FormatVersion: "1.2", Resources: []ResourceChange{}, Configuration: PlanConfiguration{map[string]Expressions{}}}
	add := func(p provider) {
		if _, ok := out.Configuration.Providers[p.key]; !ok {
			out.Configuration.Providers[p.key] = e.provider(p)
		}
	}
	for _, block := range blocks {
		out.Resources = append(out.Resources, block.changes...)
		for _, instance := range block.instances {
			add(r.providerOf(instance))
		}
	}
	// The provider of a data source determines the account that it reads.
	for _, h := range r.holes.All() {
		if h.Leaf == nil {
			continue
		}
		if _, ok := out.Configuration.Providers[h.Leaf.Provider]; ok {
			continue
		}
		if m := r.modules[h.Leaf.Module]; m != nil && m.definition != nil {
			named := resource{data: h.Leaf.Data, kind: h.Leaf.Type, name: h.Leaf.Name}
			if res := m.definition.resources[named.address()]; res != nil {
				for _, instance := range r.instances(m, res).list {
					add(r.providerOf(instance))
				}
			}
		}
	}
	return out
}

// deduplicated sorts problems by file and removes duplicates.
func deduplicated(problems []Problem) []Problem {
	sort.SliceStable(problems, func(i, j int) bool { return problems[i].File < problems[j].File })
	return slices.Compact(problems)
}
