# What takes too long for every change. Its last figures are in BENCHMARKS.md.
.PHONY: check soak fuzz

check:
	.ci/run

soak:
	uv run python -m tests.many_guests --guests 500
	uv run python -m tests.many_guests --guests 500 --faults

fuzz:
	uv run python -m tests.fuzz
