# make demo, make test: all that is needed on a fresh machine with Python 3.11+ and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help install demo app test test-quick test-random fuzz mutants benchmark check docs lock audit format clean

help:
	@echo "make demo    install and write a piece from a sample portrait; TORCH=cpu takes PyTorch without CUDA"
	@echo "make app     install and serve the page on this machine"
	@echo "make test    install the test extras and run the tests"
	@echo "make test-quick   imports, and the tests of music, networks, stores and judges: 83 processor seconds"
	@echo "make test-random  all tests in another order each time"
	@echo "make fuzz    the tests of properties on EXAMPLES=1000 inputs drawn anew each time"
	@echo "make mutants  how many small faults in a sample the tests of music, style, sampling, judge notice"
	@echo "make benchmark  time how long the networks take for an event and a face, a page and its sound"
	@echo "make check   lint, format, types, import arrows"
	@echo "make docs    build the site of docs/ into site/, warnings are errors"
	@echo "make lock    remake constraints.txt, UPGRADE=--upgrade for newer versions"
	@echo "make audit   say which pins have known vulnerabilities (asks osv.dev)"
	@echo "make format  let ruff mend what it can"

PIP := $(BIN)/python -m pip install --disable-pip-version-check -q
# TORCH=cpu takes PyTorch's build without CUDA, which only Linux has apart, from PyTorch's own index, whose
# files are not in constraints.txt; the folder .venv remembers it.
TORCH ?= $(shell cat .venv/.torch 2>/dev/null)
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
CUDA := torch|torchvision|triton|cuda-[a-z-]+|nvidia-[a-z0-9-]+
without = $(if $(filter cpu,$(TORCH)),&& !/\n($(CUDA))==/)
# What a target needs of constraints.txt, each file checked by its hash. Wheels only, so that nothing
# of a package runs while it is installed, but for those that have none.
locked = awk -v RS= -v ORS='\n\n' '/^\# for [^\n]*$(1)[,\n]/ $(without)' constraints.txt > .venv/$(1).txt \
	&& $(PIP) --require-hashes --no-deps --no-build-isolation --only-binary :all: \
	--no-binary antlr4-python3-runtime -r .venv/$(1).txt

.venv/.installed: pyproject.toml constraints.txt
	test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv
	$(call locked,build)
ifeq ($(TORCH),cpu)
	$(PIP) --no-deps --index-url $(TORCH_INDEX) $$(grep -oE '^(torch|torchvision)==[0-9.]+' constraints.txt)
	echo cpu > .venv/.torch
else
	@command -v nvidia-smi > /dev/null || echo "no NVIDIA GPU is seen: make TORCH=cpu $(MAKECMDGOALS) takes PyTorch without CUDA"
endif
	$(call locked,run)
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

.venv/.tested: .venv/.installed
	$(call locked,test)
	touch $@

install: .venv/.installed

demo: install
	$(BIN)/python -m mood2music.generate style=jazz seed_len=35 length=400

app: install
	$(call locked,app)
	$(BIN)/python -m mood2music.app

test: .venv/.tested
	$(BIN)/python -m pytest -n auto --dist worksteal

# What tells most a second; CONTRIBUTING.md says what it leaves out.
QUICK := tests/test_imports.py tests/test_mirror.py tests/test_files.py tests/test_mood.py \
	tests/command/test_settings.py tests/command/test_text.py tests/command/test_groups.py \
	tests/music tests/judge tests/style tests/generator tests/store
test-quick: .venv/.tested
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow" $(QUICK)

# It says its seed first; SEED=7 takes that order again.
SEED ?= default
test-random: .venv/.tested
	$(BIN)/python -m pytest -n auto --dist worksteal -p randomly --randomly-seed=$(SEED)

EXAMPLES ?= 1000
fuzz: .venv/.tested
	EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -m hypothesis --hypothesis-profile=fuzz

# mutmut changes a place of the source at a time; what no test notices is named.
mutants: .venv/.tested
	$(PIP) mutmut==3.8.1
	nice -n 15 $(BIN)/python -m experiments.mutants.measure

benchmark: .venv/.tested
	$(call locked,benchmark)
	$(BIN)/python -m pytest tests/benchmarks/bench_generating.py tests/benchmarks/bench_training.py tests/benchmarks/bench_faces.py tests/benchmarks/bench_photos.py tests/benchmarks/bench_rendering.py --benchmark-timer=time.process_time --benchmark-columns=median,iqr,rounds

check: .venv/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_imports.py

docs: .venv/.installed
	$(call locked,docs)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# uv resolves for all platforms at once; pip does it for its own alone.
lock: .venv/.installed
	$(PIP) uv
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python .ci/lock.py $(UPGRADE)

audit: .venv/.installed
	$(BIN)/python .ci/audit.py

format: .venv/.tested
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv site .pytest_cache .mypy_cache .ruff_cache
