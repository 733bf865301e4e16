#!/bin/sh
# Compiles the crates of this workspace with the coverage that libFuzzer steers by: cargo's RUSTC_WORKSPACE_WRAPPER.
# These are flags of the stable compiler. What the workspace depends on is compiled without, and so is shared with
# the other builds.
exec "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing
