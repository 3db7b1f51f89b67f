#!/bin/bash
# Fuzzes the decoder of a switch's answers: Fuzz/OpenFlowDecoder/run.sh [SECONDS]. Exits non-zero when something crashed; the input is then in the build folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${FUZZ_BUILD:-$(mktemp -d)}
common=(-swift-version 6 -O -sanitize=fuzzer -parse-as-library -package-name ovn-federation)
mkdir -p "$build"
cd "$build"
swiftc "${common[@]}" -module-name NetworkTypes -emit-module -emit-object -wmo -o NetworkTypes.o "$root"/Sources/NetworkTypes/*.swift
swiftc "${common[@]}" -module-name OpenFlowDecoderFuzzer -wmo -I . -o fuzz NetworkTypes.o "$root"/Sources/OpenFlow/*.swift \
    "$root"/Sources/OpenFlow/Wire/*.swift "$root"/Sources/OpenFlow/Client/Exchange.swift "$root"/Fuzz/OpenFlowDecoder/OpenFlowDecoderFuzzer.swift
mkdir -p corpus
cp -n "$root"/Fuzz/OpenFlowDecoder/seeds/* corpus/
# Swift's own backtrace would swallow the signal that libFuzzer waits for.
SWIFT_BACKTRACE=enable=no ./fuzz -max_total_time="${1:-60}" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 corpus
