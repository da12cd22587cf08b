#!/bin/sh
# Find a Chromium for the browser tests, or install one; print its path on stdout, everything else on stderr.
set -eu
cd "$(dirname "$0")/.."

find_browser() {
    for candidate in "${MEDKADR_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
        "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    .venv/bin/python - <<'PYTHON' 2>/dev/null
from pathlib import Path
from playwright.sync_api import sync_playwright

with sync_playwright() as p:
    path = Path(p.chromium.executable_path)
if not path.exists():
    raise SystemExit(1)
print(path)
PYTHON
}

install_browser() {
    if command -v apt-get >/dev/null 2>&1; then
        if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
        if $as_root true 2>/dev/null; then
            echo "Installing Debian's chromium for the browser tests" >&2
            $as_root apt-get update -qq >&2 || true
            DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends \
                chromium fonts-dejavu-core >&2 && return
        fi
    fi
    echo "Installing Playwright's Chromium for the browser tests" >&2
    .venv/bin/python -m playwright install chromium >&2
}

find_browser && exit
install_browser || true
find_browser && exit
cat >&2 <<'TEXT'
medkadr: the browser tests need a Chromium, and none could be found or installed.
  Debian: sudo apt install chromium      macOS: brew install --cask chromium
  Elsewhere: MEDKADR_CHROMIUM=/path/to/chrome make test
TEXT
exit 1
