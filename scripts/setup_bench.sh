#!/bin/sh
# Make .venv-bench, the environment of the benchmark peers, from requirements-bench.lock (hashes checked).
# Called by `make bench-forecast`; Python is the one of .venv. Uses uv where it is present, else pip.
set -eu
cd "$(dirname "$0")/.."

echo "Installing the benchmark peers into .venv-bench (about 250 MB the first time)"
[ -x .venv-bench/bin/python ] || .venv/bin/python -m venv .venv-bench 2>/dev/null ||
    uv venv --quiet --python .venv/bin/python .venv-bench
if command -v uv >/dev/null 2>&1; then
    uv pip install --python .venv-bench/bin/python --require-hashes -r requirements-bench.lock
else
    .venv-bench/bin/python -m pip install --quiet --require-hashes -r requirements-bench.lock
fi
touch .venv-bench/.installed
