# The commands of the project. `make demo` is where a newcomer begins.
HOST ?= 127.0.0.1
PORT ?= 8000
# More words for pytest, for example: make test TESTS="tests/parents -x"
TESTS ?=
PYTEST = .venv/bin/python -m pytest $(TESTS)
SIDE_BY_SIDE = --dist loadfile --no-loadscope-reorder
# One process more than there are processors, as some tests wait for a server or a worker; on a large machine nine.
PROCESSORS := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
SEVERAL := $(shell echo $$(($(PROCESSORS) > 8 ? 9 : $(PROCESSORS) < 2 ? 3 : $(PROCESSORS) + 1)))
FAST = $(PYTEST) -n $(SEVERAL) $(SIDE_BY_SIDE)
EMBEDDED = --engine sqlite --first-engine -m "not browser and not fault and not full"
SECOND = --engine postgres --second-engine -m "not browser and not full"
# Browsers, each with a portal of its own; the journeys, which wait more, in one process more. They run on the real
# servers, in production's settings and behind nginx; all the rest on the embedded ones.
WINDOWS = $(PYTEST) -n $(SEVERAL) $(SIDE_BY_SIDE) $(if $(TESTS),,tests/browser)
JOURNEYS = $(addprefix tests/browser/,test_first_administrator.py test_june.py test_journeys.py test_another_city.py test_until_reached.py test_booking.py)
ON_EMBEDDED = $(WINDOWS) -m "browser and not full" --engine sqlite $(addprefix --ignore ,$(JOURNEYS))
ON_SERVERS = $(PYTEST) -n $(shell echo $$(($(SEVERAL) + 1))) $(SIDE_BY_SIDE) $(if $(TESTS),,$(JOURNEYS)) -m "browser and worker" --engine postgres --behind-nginx
# Machines are shared and hiccup: what fails is tried once more, alone; what fails twice has failed.
AGAIN = --last-failed --last-failed-no-failures none
# Random for each run: the checks look at production settings, not at a production.
AS_PRODUCTION = INGROEIBLOEI_ENV=production DEBUG=0 ALLOWED_HOSTS=portaal.example.be SITE_URL=https://portaal.example.be \
	SECRET_KEY=$$(od -An -N32 -tx1 /dev/urandom | tr -d " \n") NOTICE_LINK_KEY=$$(od -An -N32 -tx1 /dev/urandom | tr -d " \n")
AS_TEST = INGROEIBLOEI_ENV=test
LOCK = uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-header --quiet

export PORT
# Containers set it; then each of the many processes of a run reads all sources anew, for seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo demo-reset test test-full check check-code check-imports check-types check-templates check-migrations \
	check-catalogs check-deployment bench screenshots lock environment development packages clean

demo: environment
	@INGROEIBLOEI_ENV=demo exec .venv/bin/python manage.py run --demo --host "$(HOST)" --port "$(PORT)"

# Forgets everything in the demo and begins anew.
demo-reset: environment
	@INGROEIBLOEI_ENV=demo exec .venv/bin/python manage.py run --demo --fresh --host "$(HOST)" --port "$(PORT)"

# Everything on the embedded engines but the faults and what is left to the real ones; on these what meets an engine
# (tests/engines.py) and the faults; each test in a browser on one of them.
test: development packages
	$(FAST) $(EMBEDDED) || $(FAST) $(EMBEDDED) $(AGAIN)
	$(FAST) $(SECOND) || $(FAST) $(SECOND) $(AGAIN)
	$(ON_EMBEDDED) || $(ON_EMBEDDED) $(AGAIN)
	$(ON_SERVERS) || $(ON_SERVERS) $(AGAIN)

# Everything on both, and what takes long.
test-full: development packages
	$(FAST) -m "not browser" --engine sqlite
	$(FAST) -m "not browser" --engine postgres
	$(WINDOWS) -m browser --engine sqlite
	$(WINDOWS) -m browser --engine postgres
	$(WINDOWS) -m browser --engine postgres --behind-nginx

# Each kind of check is a target of its own: `make -k check` shows what all of them find.
check: check-code check-imports check-types check-templates check-migrations check-catalogs check-deployment

check-code: development
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .

check-imports: development
	.venv/bin/python -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

check-types: development
	$(AS_TEST) .venv/bin/python -m mypy

check-templates: development
	.venv/bin/python -m djlint --quiet --check templates
	.venv/bin/python -m djlint --quiet --lint templates

check-migrations: development
	$(AS_TEST) .venv/bin/python manage.py makemigrations --check --dry-run

check-catalogs: development
	$(AS_TEST) .venv/bin/python manage.py catalogs --check

check-deployment: development
	$(AS_PRODUCTION) .venv/bin/python manage.py check --deploy --fail-level WARNING

bench: development packages
	.venv/bin/python -m tests.bench; city=$$?; .venv/bin/python -m tests.bench --size province && exit $$city

screenshots: development packages
	.venv/bin/python -m tests.screenshots

# Writes the lock files anew, with the versions of today.
lock:
	cd requirements && for name in runtime development bootstrap; do $(LOCK) --upgrade $$name.in -o $$name.txt || exit 1; done

environment:
	@sh requirements/environment.sh runtime

development:
	@sh requirements/environment.sh development

packages:
	@sh requirements/packages.sh

# Leaves the demo's data in var/; `make demo-reset` forgets those.
clean:
	rm -rf .venv .cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
