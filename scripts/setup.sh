#!/bin/sh
# Make .venv from requirements.lock (every file's hash checked) and install medkadr into it, editable.
# Called by `make setup`, which skips it while the lock is unchanged. Uses uv where it is present, else pip.
set -eu
cd "$(dirname "$0")/.."

fail() { printf 'medkadr: %s\n' "$*" >&2; exit 1; }

is_supported() {
    command -v "$1" >/dev/null 2>&1 &&
        "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null
}

find_python() {
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if is_supported "$candidate"; then command -v "$candidate"; return; fi
    done
    fail "no Python 3.11, 3.12 or 3.13 found ($(python3 --version 2>&1 || echo 'no python3')).
  Debian: apt install python3 python3-venv    macOS: brew install python@3.13
  Elsewhere: make setup PYTHON=/path/to/python3.11"
}

is_supported .venv/bin/python || {
    python=$(find_python)
    echo "Creating .venv with $("$python" --version)"
    rm -rf .venv
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --python "$python" .venv
    else
        "$python" -m venv .venv || fail "this Python cannot make environments.
  Debian: apt install python3-venv, then make setup again."
    fi
}

echo "Installing the locked packages (about 450 MB the first time)"
if command -v uv >/dev/null 2>&1; then
    uv pip install --python .venv/bin/python --require-hashes -r requirements.lock
    # setuptools, the build backend, came with the lock: nothing unlocked is fetched to build ourselves.
    uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
else
    .venv/bin/python -m ensurepip --upgrade >/dev/null 2>&1 || true
    .venv/bin/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --no-deps --no-build-isolation --editable .
fi

# Compiled once, as the packages are: a first run need not do it.
echo "Parsing the dbt project"
.venv/bin/python -m orchestration.running.dbt_manifest
