SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN     := .cache/bin
OPA     := $(BIN)/opa
STATICCHECK := $(CURDIR)/$(BIN)/staticcheck
TSX     := npx --no-install tsx
IGNORE  := --ignore examples --ignore schemas
# A change of the pinned versions rebuilds the tools.
TOOLS   := .cache/tools-$(shell cat tools/go.mod tools/go.sum | cksum | tr ' ' -)
MODULES := node_modules/.package-lock.json
# These packages take up 400 MB and only `make data` needs them, so they are not dependencies.
SCHEMAS := @aws-cdk/aws-service-spec@0.1.216 @cdktf/provider-aws@21.22.1
# Only single targets need these packages. TypeDoc needs a TypeScript version that is written in JavaScript.
TYPEDOC := typedoc@0.28.20 typescript@6.0.3
PEER    := @aws/cloudformation-validate@1.9.0-beta

.PHONY: help
help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: dist/cli.js ## Check the examples (needs only Node)
	@node dist/cli.js test examples || test $$? -eq 1

.PHONY: install
install: $(MODULES) ## Install the npm packages

$(MODULES): package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

.PHONY: tools
tools: $(TOOLS) ## Build opa, conftest and staticcheck into .cache/bin (needs Go; takes minutes the first time)

$(TOOLS):
	@mkdir -p $(BIN)
	go build -C tools -buildvcs=false -trimpath -ldflags='-s -w' -o ../$(BIN)/ github.com/open-policy-agent/opa github.com/open-policy-agent/conftest honnef.co/go/tools/cmd/staticcheck
	@rm -f .cache/tools-*
	@touch $@

# Helm and Kustomize have many dependencies, some of them in other versions than tools/go.mod.
HELM    := .cache/helm/tools-$(shell cat tools/helm/go.mod tools/helm/go.sum | cksum | tr ' ' -)

.PHONY: helm
helm: $(HELM) ## Build helm and kustomize into .cache/helm (needs Go; takes minutes the first time)

$(HELM):
	@mkdir -p .cache/helm
	go build -C tools/helm -buildvcs=false -trimpath -ldflags='-s -w' -o ../../.cache/helm/ helm.sh/helm/v3/cmd/helm sigs.k8s.io/kustomize/kustomize/v5
	@rm -f .cache/helm/tools-*
	@touch $@

# The engine of Prometheus also has dependencies in other versions than tools/go.mod.
PROMRULES := .cache/promrules/tools-$(shell cat tools/promrules/* | cksum | tr ' ' -)

.PHONY: promrules
promrules: $(PROMRULES) ## Build the test tool for the alerts into .cache/promrules (needs Go; takes a minute the first time)

$(PROMRULES):
	@mkdir -p .cache/promrules
	go build -C tools/promrules -buildvcs=false -trimpath -ldflags='-s -w' -o ../../.cache/promrules/
	@rm -f .cache/promrules/tools-*
	@touch $@

CLIENTS := .cache/clients

.PHONY: clients
clients: $(CLIENTS)/requirements.txt ## Install the Python clients for the server tests (needs Python 3.11)

$(CLIENTS)/requirements.txt: tools/requirements.txt
	python3 -m venv $(CLIENTS)
	$(CLIENTS)/bin/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	@cp $< $@

.PHONY: build
build: tools install ## Compile the rules and terraform/ into bundles/ and the command line into dist/
	$(TSX) scripts/bundle.ts
	npm run --silent build:cli

.PHONY: bundle
bundle: tools install ## Build dist/keywarden-bundle.tar.gz for a bundle server: make bundle KEY=private.pem DATA=settings.yaml
	$(TSX) scripts/policy-bundle.ts --key "$(KEY)" --data "$(DATA)" --revision "$(REVISION)" --sequence "$(SEQUENCE)"

.PHONY: verify-bundles
verify-bundles: tools install ## Check that bundles/ is up to date with policies/ and terraform/
	@$(TSX) scripts/bundle.ts --verify

.PHONY: verify-dist
verify-dist: install ## Check that two builds in different surroundings give the same npm package (takes minutes)
	$(TSX) scripts/verify-dist.ts

.PHONY: check-supply-chain
check-supply-chain: install ## Check the workflows, lock files, licenses and binary files, offline
	@$(TSX) scripts/check-supply-chain.ts

dist/cli.js: $(MODULES) scripts/build-cli.ts $(shell find src -type f)
	npm run --silent build:cli

.PHONY: data
data: install ## Generate the KMS facts and the resource types that use keys, from AWS data
	$(TSX) scripts/facts.ts
	npm install --prefix .cache/consumers --no-save --no-package-lock --ignore-scripts --legacy-peer-deps --no-audit --no-fund $(SCHEMAS)
	$(TSX) scripts/consumers.ts .cache/consumers

.PHONY: modules
modules: ## Generate the list of modules in bundles/ for the bill of materials (needs Go)
	$(TSX) scripts/modules.ts

.PHONY: docs
docs: install ## Generate the rule pages
	$(TSX) scripts/docs/index.ts

.PHONY: verify-docs
verify-docs: install ## Check that the rule pages are up to date
	@$(TSX) scripts/docs/index.ts --verify

.PHONY: api-docs
api-docs: install ## Generate the library reference in docs/api, as HTML
	npm install --prefix .cache/api-docs --no-save --no-package-lock --ignore-scripts --no-audit --no-fund $(TYPEDOC)
	.cache/api-docs/node_modules/.bin/typedoc --tsconfig tsconfig.json --entryPoints src/hosts/library/index.ts --out docs/api \
	  --readme docs/library.md --excludeInternal --githubPages false

.PHONY: schema
schema: install ## Generate the JSON Schema of the document
	$(TSX) scripts/schema.ts

.PHONY: fmt
fmt: tools install ## Format everything
	npx --no-install biome check --write .
	$(OPA) fmt --write policies
	gofmt -w terraform tools

.PHONY: fmt-check
fmt-check: tools install
	npx --no-install biome format .
	$(OPA) fmt --fail --list policies
	@test -z "$$(gofmt -l terraform tools)" || { echo "not formatted: $$(gofmt -l terraform tools)"; exit 1; }

.PHONY: lint
lint: tools install ## Lint TypeScript, Rego, Go, wording and links
	npx --no-install biome lint .
	npx --no-install knip --no-progress
	$(OPA) check --strict --schema policies/schemas $(IGNORE) policies
	go vet -C terraform ./...
	cd terraform && $(STATICCHECK) ./...
	GOOS=wasip1 GOARCH=wasm go vet -C terraform ./...
	cd terraform && GOOS=wasip1 GOARCH=wasm $(STATICCHECK) ./...
	$(TSX) scripts/check-prose.ts
	$(TSX) scripts/check-links.ts
	$(TSX) scripts/check-supply-chain.ts

.PHONY: check-prose
check-prose: install ## Check the wording against docs/glossary.md
	@$(TSX) scripts/check-prose.ts

.PHONY: check-links
check-links: install ## Check the links between Markdown pages, offline
	@$(TSX) scripts/check-links.ts

.PHONY: typecheck
typecheck: install ## Check the types
	npx --no-install tsc -p .

# OPA's default is 5 seconds for each test, which a busy machine exceeds.
OPA_TEST := $(OPA) test --timeout 120s $(IGNORE)

.PHONY: test-rego
test-rego: tools ## Test the rules in Rego
	$(OPA_TEST) policies

.PHONY: coverage-rego
coverage-rego: tools install ## Check that the Rego tests cover every line
	@$(OPA_TEST) --coverage --format json policies | $(TSX) scripts/rego-coverage.ts

.PHONY: test-terraform
test-terraform: ## Test the evaluator of Terraform source
	go test -C terraform ./...

# The CDK and the other libraries that embed Keywarden: 200 MB, so they are not dependencies of the project.
EMBED   := .cache/embed/node_modules/.package-lock.json

.PHONY: embed
embed: $(EMBED) ## Install the libraries that the tests of examples/embed and of the CDK plugin need

$(EMBED): test/integration/embed/modules/package.json test/integration/embed/modules/package-lock.json
	@mkdir -p .cache/embed
	cp $^ .cache/embed/
	npm ci --prefix .cache/embed --ignore-scripts --no-audit --no-fund
	@touch $@

# 500 MB of binaries, for Linux only.
NODES   := .cache/nodes/node_modules/.package-lock.json

.PHONY: nodes
nodes: $(NODES) ## Install Node 20, 22 and 24, to test the package on each

$(NODES): test/integration/nodes/package.json test/integration/nodes/package-lock.json
	@mkdir -p .cache/nodes
	cp $^ .cache/nodes/
	npm ci --prefix .cache/nodes --ignore-scripts --no-audit --no-fund
	@touch $@

.PHONY: test-node
test-node: tools promrules dist/cli.js ## Test the TypeScript, without test/integration
	npm test --silent

.PHONY: laws
laws: install ## Check that no generated input passes unjustly: make laws COUNT=200000 SEED=1 LAW=restriction
	$(TSX) test/laws/run.ts --count "$(or $(COUNT),10000)" --seed "$(or $(SEED),1)" --law "$(LAW)"

.PHONY: fuzz
fuzz: install ## Fuzz everything that reads input of others: make fuzz MINUTES=10 TARGET=plan INPUT=test/fuzz/corpus/plan/x
	$(TSX) test/fuzz/run.ts --minutes "$(or $(MINUTES),1)" --target "$(TARGET)" --seed "$(SEED)" --input "$(INPUT)"

.PHONY: mutate-rules
mutate-rules: tools install ## Check that a test notices each change of a rule: make mutate-rules RULE=public_access SINCE=main
	$(TSX) scripts/mutate/rules.ts --rule "$(RULE)" --since "$(SINCE)"

.PHONY: mutate-analysis
mutate-analysis: install ## Check that a test notices each change of src/core/analysis: make mutate-analysis FILE=openness COUNT=1000
	$(TSX) scripts/mutate/analysis.ts --file "$(FILE)" --count "$(or $(COUNT),1000)" --seed "$(or $(SEED),1)"

.PHONY: test
test: verify-bundles verify-docs test-rego test-terraform test-node ## Run the fast tests (two to three minutes)
	@echo "Not run: the $$(find test/integration -name '*.test.ts' | wc -l) files of integration tests. Run make test-integration, or make check for everything."

.PHONY: packed
packed: ## Build what the npm package contains
packed: dist/cli.js dist/types/hosts/library/index.d.ts bundles/terraform.wasm.br

dist/types/hosts/library/index.d.ts: $(MODULES) tsconfig.build.json scripts/build-types.ts $(shell find src -type f)
	npm run --silent build:types

bundles/terraform.wasm.br: $(MODULES) bundles/terraform.wasm
	npm run --silent build:compressed
	@touch $@

.PHONY: test-integration
test-integration: tools helm embed packed ## Run the slow tests: the npm package, embedding, conftest, browsers, registries, Helm
	npm run --silent test:integration

KUBE    := .cache/kube
SUM      = $(shell cat $(wildcard $(addprefix $(1)/,go.mod go.sum *.go)) | cksum | tr ' ' -)
CONTROL := $(KUBE)/control-plane-$(call SUM,tools/kube)
KEEPER  := $(KUBE)/gatekeeper-$(call SUM,tools/gatekeeper)
GO_TOOL  = go build -C $(1) -buildvcs=false -trimpath -ldflags='-s -w' -o $(CURDIR)/$(KUBE)/bin/

.PHONY: kube
kube: $(CONTROL) $(KEEPER) ## Build etcd, kube-apiserver, kubectl and Gatekeeper's libraries into .cache/kube (10 to 40 minutes the first time)

$(CONTROL):
	@mkdir -p $(KUBE)/bin
	$(call GO_TOOL,tools/kube)etcd go.etcd.io/etcd/server/v3
	$(call GO_TOOL,tools/kube) k8s.io/kubernetes/cmd/kube-apiserver k8s.io/kubernetes/cmd/kubectl
	@rm -f $(KUBE)/control-plane-*
	@touch $@

$(KEEPER):
	@mkdir -p $(KUBE)/bin
	$(call GO_TOOL,tools/gatekeeper)gatekeeper .
	@rm -f $(KUBE)/gatekeeper-*
	@touch $@

.PHONY: test-gate-real
test-gate-real: kube helm dist/cli.js ## Test the server with a real Kubernetes API server and with Gatekeeper; RECORD=1 writes test/server/recorded
	RECORD=$(RECORD) npm run --silent test:gate-real

.PHONY: coverage
coverage: tools helm promrules embed packed ## Run all TypeScript tests and check the coverage
	npm run --silent test:coverage

.PHONY: check
check: fmt-check lint typecheck verify-bundles verify-docs test-rego coverage-rego test-terraform coverage ## Run everything that CI runs

.PHONY: bench
bench: dist/cli.js ## Run the engine benchmark
	$(TSX) bench/bench.ts

REQUESTS ?= 20000
.PHONY: bench-server
bench-server: tools dist/cli.js ## Compare the server with opa run -s
	$(TSX) bench/server/server.ts

.PHONY: bench-server-memory
bench-server-memory: dist/cli.js ## Measure the memory of the server over many requests: make bench-server-memory REQUESTS=200000
	$(TSX) bench/server/memory.ts $(REQUESTS)

.PHONY: bench-terraform
bench-terraform: dist/cli.js ## Measure the evaluation of Terraform source: make bench-terraform FOLDER=...
	$(TSX) bench/terraform.ts $(FOLDER)

.PHONY: bench-library
bench-library: dist/cli.js ## Measure the library, compared with a peer: make bench-library CHECKS=100000
	npm install --prefix .cache/library-peers --no-save --no-package-lock --ignore-scripts --no-audit --no-fund $(PEER)
	$(TSX) bench/library.ts $(CHECKS)

.PHONY: peers
peers: dist/cli.js ## Run other tools on the rule examples and write docs/comparison.md
	$(TSX) bench/peers/compare.ts

.PHONY: new-rule
new-rule: install ## Create a rule: make new-rule KIND=key NAME=some_problem (KIND: key, statement, alias, grant, consumer, identity-policy)
	@$(TSX) scripts/new-rule.ts "$(KIND)" "$(NAME)"

.PHONY: release
release: check ## Tag a release with HEAD and dist/
	rm -rf dist
	npm run --silent prepare
	$(TSX) scripts/release.ts

.PHONY: clean
clean: ## Remove generated files
	rm -rf dist coverage .cache docs/api bundles/*.br
