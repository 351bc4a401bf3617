#!/usr/bin/env bash
# Installs the extra `guard`: llm-guard as uv.lock has it, with a torch for the CPU in place of several gigabytes of CUDA.
set -euo pipefail
cd "$(dirname "$0")/.."

torch=2.13.0+cpu
if [ -n "${PIP_FIND_LINKS:-}" ]; then
    source=(--find-links "$PIP_FIND_LINKS")
else
    source=(--index https://download.pytorch.org/whl/cpu)
fi
uv pip install --quiet "${source[@]}" "torch==$torch"
uv export --quiet --locked --extra guard --no-dev --no-emit-project --no-hashes --prune torch |
    uv pip install --quiet --requirements -
