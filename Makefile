# make demo: the main job on the sample · make test: all tests · make bench: figures · make deep: forty times as many random filings · make fuzz: 200,000 random files · make faults: 200 kills over 1,000 filings · make wording: the catalogues as the program reads them · make ci: what CI runs
PYTHON ?= python3
BIN = .venv/bin
STAMP = .venv/.ready

.PHONY: demo test setup bench deep fuzz faults lint ci sample wording clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml setup.sh
	@sh setup.sh "$(PYTHON)"
	@touch $@

demo: setup
	@mkdir -p out
	@$(BIN)/audit check sample_data/majilis-2023/reports.csv --as-of 2023-04-15 --fail-on never
	@$(BIN)/audit report sample_data/majilis-2023/reports.csv --as-of 2023-04-15 -o out/findings.pdf

test: setup
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $$(($$(nproc) + 1)) --dist loadfile

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check auditor tests
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/audit rules lint

bench: setup
	@$(BIN)/python tests/benchmarks/bench.py $(ROWS)
	@$(BIN)/python tests/benchmarks/reading.py
	@$(BIN)/python tests/benchmarks/reports.py
	@$(BIN)/python tests/benchmarks/inbox.py

deep: setup
	@AUDIT_DEEP=40 $(BIN)/python -m pytest -n auto tests/test_engines_and_oracle.py tests/test_twelve_ways.py tests/test_what_changes_nothing.py tests/read tests/rulebook/test_refusals.py tests/render tests/test_reconciliation.py

fuzz: setup
	@$(BIN)/python tests/fuzz.py $(or $(INPUTS),200000)

faults: setup
	@$(BIN)/python tests/faults.py $(or $(KILLS),200) $(or $(FILINGS),1000)

sample: setup
	@$(BIN)/python sample_data/make_majilis_2023.py
	@$(BIN)/python sample_data/make_broken.py

wording: setup
	@$(BIN)/pybabel -q compile --domain audit --directory reports/wording

ci: lint test

clean:
	rm -rf .venv out dist
