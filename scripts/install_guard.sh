#!/usr/bin/env bash
# Installs the extra `guard`: llm-guard as uv.lock has it, with a torch for the CPU in place of several gigabytes of CUDA.
set -euo pipefail
cd "$(dirname "$0")/.."

torch=2.13.0+cpu
command -v uv >/dev/null || {
    echo "uv is not here: pip install uv" >&2
    exit 1
}
# A folder of wheels that pip is told of, by its variable or its configuration, is for uv, too.
links="${PIP_FIND_LINKS:-$(pip config get global.find-links 2>/dev/null || true)}"
if [ -n "$links" ]; then
    source=(--find-links "$links")
else
    source=(--index https://download.pytorch.org/whl/cpu)
fi
# In a fresh clone there is no environment yet; in another one, what is in it stays.
uv sync --quiet --locked --inexact --no-dev
# `uv run` has `uv pip` work on the kiosk's environment, wherever it is and whichever other one is active.
uv run --no-sync uv pip install --quiet "${source[@]}" "torch==$torch"
uv export --quiet --locked --extra guard --no-dev --no-emit-project --no-hashes --prune torch |
    uv run --no-sync uv pip install --quiet --requirements -
