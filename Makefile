# make demo, make test: all that is needed on a fresh machine with Python 3.11+ and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help install demo test benchmark check format clean

help:
	@echo "make demo    install and write a piece from a sample portrait"
	@echo "make test    install the test extras and run the tests"
	@echo "make benchmark  time how long the networks take for an event, and for a face"
	@echo "make check   lint, format, types, import arrows"
	@echo "make format  let ruff mend what it can"

.venv/.installed: pyproject.toml constraints.txt
	test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt -e .
	touch $@

.venv/.tested: .venv/.installed
	$(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt -e ".[test]"
	touch $@

install: .venv/.installed

demo: install
	$(BIN)/python -m mood2music.generate style=jazz seed_len=35 length=400

test: .venv/.tested
	$(BIN)/python -m pytest -n auto --dist loadscope

benchmark: .venv/.tested
	$(BIN)/python -m pip install --disable-pip-version-check -q -c constraints.txt -e ".[benchmark]"
	$(BIN)/python -m pytest tests/benchmarks/bench_generating.py tests/benchmarks/bench_faces.py tests/benchmarks/bench_photos.py --benchmark-timer=time.process_time --benchmark-columns=median,iqr,rounds

check: .venv/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_imports.py

format: .venv/.tested
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache
