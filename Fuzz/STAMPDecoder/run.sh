#!/bin/bash
# Fuzzes the decoder of probes: Fuzz/STAMPDecoder/run.sh [SECONDS]. Exits non-zero when something crashed; the input is then in the build folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${FUZZ_BUILD:-$(mktemp -d)}
common=(-swift-version 6 -O -sanitize=fuzzer -parse-as-library -package-name ovn-federation)
mkdir -p "$build"
cd "$build"
# One module of both, without the imports of each other.
for file in "$root"/Sources/Probing/*/*.swift; do grep -v '^import NetworkTypes$' "$file" > "probing-$(basename "$file")"; done
swiftc "${common[@]}" -module-name STAMPDecoderFuzzer -wmo -o fuzz "$root"/Sources/NetworkTypes/*.swift probing-*.swift \
    "$root"/Fuzz/STAMPDecoder/STAMPDecoderFuzzer.swift
mkdir -p corpus
cp -n "$root"/Fuzz/STAMPDecoder/seeds/* corpus/
# Swift's own backtrace would swallow the signal that libFuzzer waits for.
SWIFT_BACKTRACE=enable=no ./fuzz -max_total_time="${1:-60}" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 corpus
