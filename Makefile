# Samsyn: `make demo` shows it, `make test` tests it, `make check` reads it, `make prove` takes its time.
.DEFAULT_GOAL := help
.PHONY: help demo test check fix prove bench bench-live shots pictures messages lock docs clean
PY := .venv/bin/python
PYTEST := $(PY) -m pytest

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo:  ## install, rehearse the demo and serve it on http://localhost:8000
	@tools/install run
	@$(PY) tools/messages.py compile
	@exec $(PY) -m samsyn demo

test:  ## every test but the long proofs, also in a real browser
	@tools/install dev
	@$(PY) tools/messages.py compile
	@$(PY) tools/browser.py
	@tools/test

check:  ## style, types, layers, templates, migrations, translations, licences, generated documents
	@tools/install dev
	@tools/check

fix:  ## let ruff mend what it can
	@$(PY) -m ruff check --fix . && $(PY) -m ruff format .

prove:  ## the full browser matrix and the long proofs
	@tools/install dev
	@$(PY) tools/messages.py compile
	@$(PY) tools/browser.py
	@SAMSYN_PROVE=1 $(PYTEST) -m "prove or sampled"

bench-live:  ## what a push and a vote cost in the live room, beside an epoll loop, socket.io and an ordinary view; a crowd
	@tools/install dev
	@tools/install bench || true
	@$(PY) benchmarks/live/fanout.py; $(PY) benchmarks/live/votes.py sqlite; $(PY) benchmarks/live/votes.py postgresql
	@$(PY) benchmarks/live/crowd.py sqlite; $(PY) benchmarks/live/crowd.py postgresql

bench:  ## what the map of a dialogue costs, beside red-dwarf, which is installed in var/bench
	@tools/install run
	@tools/install bench || true
	@$$(test -x var/bench/bin/python && echo var/bench/bin/python || echo $(PY)) -W ignore benchmarks/opinion_map.py

shots:  ## pictures of every page as every role that sees it, in var/shots/
	@tools/install dev
	@$(PY) tools/messages.py compile
	@$(PY) tools/browser.py
	@$(PY) tools/shots.py

pictures:  ## the pictures of README.md and docs/use, taken anew into docs/images/
	@tools/install dev
	@$(PY) tools/messages.py compile
	@$(PY) tools/browser.py
	@$(PY) tools/pictures.py

messages:  ## what lacks a translation
	@$(PY) tools/messages.py check

docs:  ## the documents that are made from the code
	@$(PY) tools/programmes_doc.py

lock:  ## make the lock files anew (needs uv)
	uv pip compile -q --no-emit-index-url --generate-hashes --universal --python-version 3.11 --no-header pyproject.toml -o requirements/run.txt
	uv pip compile -q --no-emit-index-url --generate-hashes --universal --python-version 3.11 --no-header --extra dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt
	uv pip compile -q --no-emit-index-url --generate-hashes --universal --python-version 3.11 --no-header -c requirements/run.txt requirements/bench.in -o requirements/bench.txt

clean:  ## take away what was made here, the demo's data too
	rm -rf .venv var
