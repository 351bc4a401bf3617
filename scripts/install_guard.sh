#!/usr/bin/env bash
# Installs the extra `guard`: llm-guard as uv.lock has it, with a torch for the CPU in place of several gigabytes of CUDA.
set -euo pipefail
cd "$(dirname "$0")/.."

torch=2.13.0+cpu
# A folder of wheels that pip is told of, by its variable or its configuration, is for uv, too.
links="${PIP_FIND_LINKS:-$(pip config get global.find-links 2>/dev/null || true)}"
if [ -n "$links" ]; then
    source=(--find-links "$links")
else
    source=(--index https://download.pytorch.org/whl/cpu)
fi
uv pip install --quiet "${source[@]}" "torch==$torch"
uv export --quiet --locked --extra guard --no-dev --no-emit-project --no-hashes --prune torch |
    uv pip install --quiet --requirements -
