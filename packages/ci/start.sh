#!/usr/bin/env bash
# Starts a server in the background of a CI job, and tells the later steps where it is.
#
# KEYFRONT_SEED names a folder of stores, KEYFRONT_ARGUMENTS further arguments of `keyfront dev`, KEYFRONT_RUN_FOLDER the
# folder of its log, background.log; `keyfront dev --stop --run-folder` with that folder ends the server. In a job of
# GitHub, KEYFRONT_ENVIRONMENT=true gives the later steps the whole environment of `keyfront env` but NODE_OPTIONS, which
# GitHub refuses, and without it KEYFRONT_ENDPOINT and KEYFRONT_ADMIN alone.
set -euo pipefail

folder=${KEYFRONT_RUN_FOLDER:-keyfront-server}
arguments=(dev --detach --run-folder "$folder" --ephemeral --listen 127.0.0.1:0 --admin 127.0.0.1:0)
if [ -n "${KEYFRONT_SEED:-}" ]; then arguments+=(--seed "$KEYFRONT_SEED"); fi
# shellcheck disable=SC2206  # these are words
arguments+=(${KEYFRONT_ARGUMENTS:-})

# It ends once the server answers; if it does not, it prints the log.
ready=$(keyfront "${arguments[@]}")
endpoint=$(sed --quiet 's/^ready //p' <<<"$ready")
admin=$(sed --quiet 's/^admin //p' <<<"$ready")
edge=$(sed --quiet 's/^edge //p' <<<"$ready" | head --lines=1)
echo "Keyfront answers at $endpoint, its admin address is $admin"

if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf 'endpoint=%s\nadmin=%s\nedge=%s\nrun-folder=%s\n' "$endpoint" "$admin" "$edge" "$folder" >>"$GITHUB_OUTPUT"
    printf 'KEYFRONT_ENDPOINT=%s\nKEYFRONT_ADMIN=%s\n' "$endpoint" "${admin#http://}" >>"$GITHUB_ENV"
    if [ "${KEYFRONT_ENVIRONMENT:-false}" = true ]; then
        keyfront env --endpoint "$endpoint" --format github >>"$GITHUB_ENV"
    fi
fi
