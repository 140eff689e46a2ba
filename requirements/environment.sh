#!/bin/sh
# Makes .venv from a lock file, once; a second call finds its stamp and touches neither disk nor network.
# Usage: sh requirements/environment.sh runtime|development     (PYTHON=/path/to/python chooses the interpreter)
set -eu
unset CDPATH
cd "$(dirname "$0")/.."
lock=$1
venv=.venv
python=$venv/bin/python
fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
sum=$(cksum <"requirements/$lock.txt")

# The development lock holds the runtime lock, so either stamp may serve.
is_installed() {
    [ -x "$python" ] && "$python" -c '' 2>/dev/null && [ "$(cat "$venv/$lock.stamp" 2>/dev/null)" = "$sum" ]
}

# A distribution's own Python is built for speed; one that was compiled at home seldom is, and takes a tenth longer.
find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} /usr/bin/python3 python3.14 python3.13 python3.12 python3.11 python3 python; do
        if "$candidate" -c "$fits" 2>/dev/null; then
            echo "$candidate"
            return
        fi
        if [ -n "${PYTHON:-}" ]; then
            echo "PYTHON=$PYTHON is not a Python 3.11, 3.12, 3.13 or 3.14 that runs." >&2
            exit 1
        fi
    done
    echo "No Python 3.11, 3.12, 3.13 or 3.14 found. Install one, or name it: make demo PYTHON=/path/to/python3.12" >&2
    exit 1
}

# A folder without pip is as good: what installs then stands outside it.
make_folder() {
    rm -rf "$venv"
    base=$(find_python)
    "$base" -m venv "$venv" >/dev/null 2>&1 && return
    rm -rf "$venv"
    "$base" -m venv --without-pip "$venv" 2>/dev/null && return
    rm -rf "$venv"
    if command -v uv >/dev/null; then
        uv venv --quiet --python "$base" "$venv" && return
    fi
    echo "$base cannot make an environment. On Debian: apt-get install python3-venv" >&2
    exit 1
}

# The folder's own, or that of another Python for it: Debian's has none unless python3-venv is there.
pip() {
    for owner in "$python" python3.14 python3.13 python3.12 python3.11 python3 python; do
        if "$owner" -m pip --python "$python" --version >/dev/null 2>&1; then
            "$owner" -m pip --python "$python" --quiet --disable-pip-version-check "$@"
            return
        fi
    done
    echo "There is no pip to install with. On Debian: apt-get install python3-venv" >&2
    return 1
}

# uv needs seconds where pip needs most of a minute. It is fetched by hash; without it pip does the same work.
find_uv() {
    if command -v uv 2>/dev/null; then
        return
    fi
    if pip install --require-hashes -r requirements/bootstrap.txt >&2; then
        echo "$venv/bin/uv"
    fi
}

install() {
    uv=$(find_uv)
    if [ -n "$uv" ]; then
        UV_SYSTEM_CERTS=1 "$uv" pip install --quiet --python "$python" --require-hashes \
            -r "requirements/$lock.txt" && return
        echo "uv could not install; trying pip." >&2
    fi
    pip install --require-hashes -r "requirements/$lock.txt"
}

if is_installed; then
    exit 0
fi
echo "Installing what the portal needs into $venv ($lock) ..."
if ! "$python" -c "$fits" 2>/dev/null; then
    make_folder
fi
install
if [ "$lock" = development ]; then
    cksum <requirements/runtime.txt >"$venv/runtime.stamp"
fi
echo "$sum" >"$venv/$lock.stamp"
