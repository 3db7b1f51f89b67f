#!/bin/bash
# Fuzzes the decoders of FRR's answers: Fuzz/FRRDecoder/run.sh [SECONDS]. Exits non-zero when something crashed; the input is then in the build folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${FUZZ_BUILD:-$(mktemp -d)}
common=(-swift-version 6 -O -sanitize=fuzzer -parse-as-library -package-name ovn-federation)
cd "$build"
swiftc "${common[@]}" -module-name NetworkTypes -emit-module -emit-object -wmo -o NetworkTypes.o "$root"/Sources/NetworkTypes/*.swift
swiftc "${common[@]}" -module-name FRRDecoderFuzzer -wmo -I . -o fuzz NetworkTypes.o \
    "$root"/Sources/FRR/TrimmedText.swift "$root"/Sources/FRR/VTY/VTYReply.swift \
    "$root"/Sources/FRR/Configuration/*.swift "$root"/Sources/FRR/Show/*.swift "$root"/Fuzz/FRRDecoder/FRRDecoderFuzzer.swift
mkdir -p corpus
cp -n "$root"/Tests/FRRTests/Fixtures/*.json "$root"/Fuzz/FRRDecoder/seeds/* corpus/
# Swift's own backtrace would swallow the signal that libFuzzer waits for.
SWIFT_BACKTRACE=enable=no ./fuzz -max_total_time="${1:-60}" -max_len=16384 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -dict="$root"/Fuzz/FRRDecoder/words.dict corpus
