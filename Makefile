# The commands of every day; `make help` lists them. Whatever takes more than a line is a script in .ci/.

bin := .venv/bin
manage := $(bin)/python manage.py

# Lint, types and the like load the settings but serve nobody: any key will do.
lint types messages: export SECRET_KEY ?= not-a-secret-and-never-used-to-serve-anything-0123456789

.PHONY: help run test quick crash fuzz screenshots bench lint types requirements messages clean venv

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

run: ## prepare everything and serve on http://127.0.0.1:8000/ (PORT=8001 for another port)
	@bash .ci/serve

test: ## install what the tests need and run them all (ARGS="-k upload" to choose)
	@bash .ci/test $(ARGS)

quick: venv ## the tests that need no browser, server or tool of the system: an answer in three minutes
	$(bin)/pytest --numprocesses 2 --dist loadgroup -m "not slow" --ignore rooms/tests/browser --ignore rooms/tests/live --ignore rooms/tests/bucket $(ARGS)

crash: ## kill, fail and crowd it at every point: many more of the tests in this folder (a quarter of an hour)
	@SCALE=full bash .ci/test rooms/tests/live $(ARGS)

fuzz: venv ## throw made-up files at the photo gate for some minutes (FUZZ_EXAMPLES=20000)
	FUZZ_EXAMPLES=$(or $(FUZZ_EXAMPLES),20000) $(bin)/pytest rooms/tests/test_gate_fuzz.py

screenshots: ## take the pictures of docs/screenshots/ anew, of a demonstration of its own
	@bash .ci/screenshots

bench: ## compare speed and memory with peers (ARGS="--only images --rounds 5")
	@bash bench/run $(ARGS)

lint: venv ## check style, imports and likely mistakes in Python and templates
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/lint-imports --no-logo --no-cache
	$(bin)/djlint --lint --quiet templates

types: venv ## check the types of the product and of the bench
	$(bin)/mypy

requirements: venv ## compile the .in files to exact pins with hashes (ARGS=--upgrade for the newest)
	@bash .ci/compile-requirements $(ARGS)

messages: venv ## collect the texts to translate, then compile the catalogues
	@bash .ci/messages

clean: ## remove what tools made; database, photos and the key stay
	rm -rf .venv .uv bench/.venv bench/work staticfiles .mypy_cache .pytest_cache .ruff_cache test-results test.sqlite3*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv:
	@bash .ci/venv requirements-dev.txt
