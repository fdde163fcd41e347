#!/bin/sh
# Makes .venv with `audit` in it, from the lock file. Says in one line what the system lacks, and installs it when root on Debian or Ubuntu.
set -eu
python=${1:-python3}

say() { printf '%s\n' "$*" >&2; }

have_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

install() {
    if have_apt; then
        say "Installing: $*"
        apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    else
        say "Missing: $*. Install with: sudo apt-get install -y --no-install-recommends $*"
        return 1
    fi
}

command -v "$python" >/dev/null 2>&1 || { say "There is no $python; install Python 3.11 or later (apt-get install python3 python3-venv)."; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "$python is older than 3.11; name a later one: make PYTHON=python3.12 setup"; exit 1; }
"$python" -c 'import venv, ensurepip' 2>/dev/null || install python3-venv || exit 1

# The PDF needs Pango and HarfBuzz; everything else works without them, so their absence is said and does not stop the rest.
"$python" - <<'PROBE' || install libpangoft2-1.0-0 libharfbuzz-subset0 || say "Everything but the PDF works without them."
import ctypes, sys
for name in ("libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz.so.0", "libharfbuzz-subset.so.0", "libfontconfig.so.1"):
    try:
        ctypes.CDLL(name)
    except OSError:
        sys.exit(1)
PROBE

[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
# Compiled once here: where Python may not write its own cache, each start would compile everything again.
.venv/bin/python -m compileall -q auditor
