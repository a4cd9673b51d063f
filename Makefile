# `make try` and `make test` are all that a fresh machine needs; CONTRIBUTING.md says when to use the others.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# Wheels and the sdist are built by the pinned hatchling, not by what the index has today.
BUILD := -m build --quiet --no-isolation

.PHONY: try test slow mistakes certify lint types imports docs wheel test-wheel learner-wheel bench clean
.DEFAULT_GOAL := try

# Redone only when what is to be installed has changed.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info < (3, 11) and sys.exit("dlgrade needs Python 3.11 or newer")'
	@echo "Installing into $(VENV); PyTorch is large, so the first time takes a minute."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python $(PIP_INSTALL) hatchling
	@$(BIN)/python $(PIP_INSTALL) --no-build-isolation --editable '.[dev]'
	@touch $(READY)

try: $(READY)
	@as_expected=true; \
	for case in right:0 wrong_by_two:1 hostile:1; do \
		file=tests/submissions/exercise03/$${case%:*}.py; expected=$${case#*:}; \
		printf '\n$$ dlgrade check exercise03 --no-record --file %s\n' "$$file"; \
		status=0; $(BIN)/dlgrade check exercise03 --no-record --file "$$file" || status=$$?; \
		if [ "$$status" -ne "$$expected" ]; then \
			echo "Exit status $$status; it should have been $$expected."; as_expected=false; \
		fi; \
	done; \
	$$as_expected && printf '\nThree submissions graded: one is right and two are not, as it should be.\n'

test: $(READY)
	$(BIN)/pytest --numprocesses auto --dist worksteal -m "not slow and not browser and not exhaustive"

# Those that take their time: whole classes, clusters, wheels, a browser.
slow: $(READY)
	$(BIN)/pytest --numprocesses auto --dist worksteal -m "(slow or browser) and not exhaustive"

# Every known mistake of the exercises in torch: hours.
mistakes: $(READY)
	$(BIN)/pytest --numprocesses auto --dist worksteal -m exhaustive

# Suites against their mistakes, variants and mutants; CERTIFIED="00 01" for some of them alone. All of them take
# half an hour on two cores, those of the exercises in torch most of it. Without --check it writes.
CERTIFIED ?=
certify: $(READY)
	$(BIN)/dlgrade author certify --check $(CERTIFIED)

lint: $(READY)
	$(BIN)/ruff check

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports --no-logo

# The sdist, then the wheel from the sdist: what is missing from the one is missing from the other.
wheel: $(READY)
	@rm -f dist/dlgrade-*
	@$(BIN)/python $(BUILD) --outdir dist
	@ls dist/dlgrade-*

# In a folder that holds the tests and an environment with the wheel, and nothing else of the checkout.
test-wheel: wheel
	@away=$$(mktemp -d) && trap 'rm -rf "$$away"' EXIT && \
	$(PYTHON) -m venv "$$away/venv" && \
	"$$away/venv/bin/python" $(PIP_INSTALL) "$$(echo dist/dlgrade-*.whl)[classroom]" pytest-xdist && \
	cp -R tests pyproject.toml "$$away" && cd "$$away" && \
	venv/bin/pytest --numprocesses auto --dist worksteal -m "not exhaustive and not browser"

# Built from a tree that has no solutions, so that none can be in it; its name cannot be taken for the other's.
learner-wheel: $(READY)
	@tree=$$(mktemp -d) && trap 'rm -rf "$$tree"' EXIT && mkdir -p dist/learner && rm -f dist/learner/dlgrade-* && \
	$(BIN)/python $(BUILD) --sdist --outdir "$$tree" && \
	tar -xzf "$$tree"/dlgrade-*.tar.gz -C "$$tree" && rm "$$tree"/dlgrade-*.tar.gz && \
	rm -r "$$tree"/dlgrade-*/solutions && \
	sed 's/^version = "\(.*\)"$$/version = "\1+learner"/' pyproject.toml > "$$tree/pyproject.toml" && \
	mv "$$tree/pyproject.toml" "$$tree"/dlgrade-*/ && \
	$(BIN)/python $(BUILD) --wheel --outdir dist/learner "$$tree"/dlgrade-* && \
	if $(BIN)/python -m zipfile --list dist/learner/dlgrade-*.whl | grep solutions; then \
		echo "These are not for learners."; rm dist/learner/dlgrade-*; exit 1; \
	fi && ls dist/learner/dlgrade-*

bench: $(READY)
	$(BIN)/python tests/benchmarks/run.py

# Into build/docs; a warning is an error.
docs: $(READY)
	$(BIN)/sphinx-build -W --keep-going -q -b html docs build/docs

# Leaves .venv, which takes longest to make again.
clean:
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find exercises solutions datasets grader tests -name __pycache__ -type d -prune -exec rm -rf {} +
