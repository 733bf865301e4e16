#!/usr/bin/env bash
# Starts a server in the background of a CI job, waits until it answers, and tells the later steps where it is.
#
# KEYFRONT_SEED names a folder of stores, KEYFRONT_ARGUMENTS further arguments of `keyfront dev`, KEYFRONT_LOG_FILE where
# the log goes. In a job of GitHub, KEYFRONT_ENVIRONMENT=true gives the later steps the whole environment of
# `keyfront env` but NODE_OPTIONS, which GitHub refuses, and without it KEYFRONT_ENDPOINT and KEYFRONT_ADMIN alone.
set -euo pipefail

log=${KEYFRONT_LOG_FILE:-keyfront.log}
ready=$(mktemp)
arguments=(dev --ephemeral --listen 127.0.0.1:0 --admin 127.0.0.1:0)
if [ -n "${KEYFRONT_SEED:-}" ]; then arguments+=(--seed "$KEYFRONT_SEED"); fi
# shellcheck disable=SC2206  # these are words
arguments+=(${KEYFRONT_ARGUMENTS:-})

# In a session of its own, so that it outlives this step.
setsid keyfront "${arguments[@]}" </dev/null >"$ready" 2>"$log" &
server=$!
for _ in $(seq 300); do
    if [ "$(grep --count '^ready \|^admin ' "$ready")" = 2 ]; then break; fi
    if ! kill -0 "$server" 2>/dev/null; then break; fi
    sleep 0.1
done
endpoint=$(sed --quiet 's/^ready //p' "$ready")
admin=$(sed --quiet 's/^admin //p' "$ready")
edge=$(sed --quiet 's/^edge //p' "$ready" | head --lines=1)
rm "$ready"
if [ -z "$endpoint" ] || [ -z "$admin" ]; then
    kill "$server" 2>/dev/null || true
    cat "$log" >&2
    exit 1
fi
echo "Keyfront answers at $endpoint, its admin address is $admin"

if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf 'endpoint=%s\nadmin=%s\nedge=%s\npid=%s\n' "$endpoint" "$admin" "$edge" "$server" >>"$GITHUB_OUTPUT"
    printf 'KEYFRONT_ENDPOINT=%s\nKEYFRONT_ADMIN=%s\n' "$endpoint" "${admin#http://}" >>"$GITHUB_ENV"
    if [ "${KEYFRONT_ENVIRONMENT:-false}" = true ]; then
        keyfront env --endpoint "$endpoint" --format github >>"$GITHUB_ENV"
    fi
fi
