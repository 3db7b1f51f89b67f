// swift-tools-version: 6.2
import PackageDescription

// Versions are exact on purpose: facts about traps (stream limits, TLS defaults, CRL support) were measured
// on these releases, and a federation controller should not change its transport on `swift package update`.

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6)]

/// The driver links no Swift runtime for Embedded Swift; a module in C needs nothing else of it.
let withoutSwift: [LinkerSetting] = [.unsafeFlags(["-enable-experimental-feature", "Embedded"])]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHandshake = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let grpc = Target.Dependency.product(name: "GRPCCore", package: "grpc-swift-2")
let grpcTransport = Target.Dependency.product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport")
let grpcProtobuf = Target.Dependency.product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
    name: "ovn-federation",
    products: [
        // Beside fedlab, which preloads it into user-mode kernels.
        .library(name: "fedlab-xstate", type: .dynamic, targets: ["CXState"])
    ],
    dependencies: [
        .package(url: "https://github.com/grpc/grpc-swift-2.git", exact: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport.git", exact: "2.9.2"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf.git", exact: "2.4.1"),
        .package(url: "https://github.com/apple/swift-protobuf.git", exact: "1.39.0", traits: []),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-certificates.git", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1.git", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", exact: "1.0.2", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
    ],
    targets: [
        // System libraries.
        .systemLibrary(name: "CNetlink", pkgConfig: "libnl-route-3.0", providers: [.apt(["libnl-3-dev", "libnl-route-3-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),

        .systemLibrary(name: "CProcessor"),

        // What a user-mode kernel is given besides: C only, so it is linked without Swift's runtime.
        .target(name: "CXState", linkerSettings: withoutSwift),

        // The words, the nouns, the law and its file, judge and architect: pure.
        .target(name: "NetworkTypes", swiftSettings: strict),
        .target(name: "FederationModel", dependencies: ["NetworkTypes"], swiftSettings: strict),
        .target(name: "Federation", dependencies: ["NetworkTypes", "FederationModel"], swiftSettings: strict),
        .target(name: "FederationFile", dependencies: ["NetworkTypes", "FederationModel", "Federation", yams], swiftSettings: strict),
        .target(name: "Verification", dependencies: ["NetworkTypes", "FederationModel"], swiftSettings: strict),
        .target(name: "EVPN", dependencies: ["NetworkTypes", "FederationModel", "FRR"], swiftSettings: strict),

        // Ear, hands and voice: they have never heard of a federation.
        .target(name: "OVSDB", dependencies: ["NetworkTypes", nioCore, nioPosix, nioTLS, logging], swiftSettings: strict),
        .target(name: "OVN", dependencies: ["NetworkTypes", "OVSDB"], swiftSettings: strict),
        .target(name: "Netlink", dependencies: ["CNetlink", "NetworkTypes"], swiftSettings: strict),
        .target(name: "OpenFlow", dependencies: ["NetworkTypes", nioCore, nioPosix], swiftSettings: strict),
        // The voice: what is said to FRR, pure, and the sockets that it is said on.
        .target(name: "FRR", dependencies: ["NetworkTypes"], swiftSettings: strict),
        .target(name: "VTY", dependencies: ["FRR", nioCore, nioPosix, logging], swiftSettings: strict),

        // The pulse: packets that prove a way, and what they find. Pure.
        .target(name: "Probing", dependencies: ["NetworkTypes"], swiftSettings: strict),

        // The treaty, head office, branch office.
        .target(
            name: "FederationAPI",
            dependencies: [
                "COpenSSL", "NetworkTypes", "FederationModel", "Federation", "Verification", grpc, grpcTransport, grpcProtobuf, protobuf,
                nioCore, nioPosix, nioTLS, nioHandshake, x509, asn1, crypto, logging,
            ], swiftSettings: strict),
        .target(
            name: "Coordinator",
            dependencies: [
                "NetworkTypes", "FederationModel", "Federation", "FederationFile", "FederationAPI", "Verification", grpc, grpcTransport,
                grdb, lifecycle, signals, logging, crypto,
            ],
            swiftSettings: strict),
        .target(
            name: "Agent",
            dependencies: [
                "NetworkTypes", "FederationModel", "EVPN", "OVSDB", "OVN", "Netlink", "OpenFlow", "FRR", "VTY", "Probing", "FederationAPI",
                grpc, nioCore, nioPosix, logging, subprocess,
            ],
            swiftSettings: strict),

        // Front doors.
        .target(name: "Terminal", dependencies: ["NetworkTypes", yams], swiftSettings: strict),
        .target(name: "Invocation", dependencies: [arguments, logging], swiftSettings: strict),
        .target(name: "Lab", dependencies: ["CProcessor", "NetworkTypes", yams], swiftSettings: strict),
        .executableTarget(
            name: "fed-coordinator", dependencies: ["Coordinator", "FederationAPI", "Invocation", arguments, lifecycle, logging],
            swiftSettings: strict),
        .executableTarget(
            name: "fed-agent",
            dependencies: [
                "Agent", "FederationAPI", "FederationModel", "Invocation", "NetworkTypes", "OVSDB", "Terminal", arguments, lifecycle,
                logging,
            ],
            swiftSettings: strict),
        .target(
            name: "FederationViews",
            dependencies: ["NetworkTypes", "FederationModel", "Federation", "FederationFile", "Verification", "FederationAPI"],
            swiftSettings: strict),
        .executableTarget(
            name: "fedctl",
            dependencies: [
                "FederationViews", "FederationAPI", "FederationModel", "Federation", "FederationFile", "FRR", "Invocation", "NetworkTypes",
                "Verification", "Terminal", arguments, grpc, grpcTransport, logging, crypto,
            ],
            swiftSettings: strict),
        .executableTarget(name: "fedlab", dependencies: ["Lab", "Invocation", arguments], swiftSettings: strict),
        .executableTarget(
            name: "fedbench",
            dependencies: [
                "Coordinator", "FederationAPI", "FederationModel", "Federation", "FederationFile", "Invocation", "NetworkTypes",
                "Probing", "Verification", arguments,
            ],
            swiftSettings: strict),

        // Tests mirror targets.
        .executableTarget(name: "traced-child", path: "Tests/TracedChild", linkerSettings: withoutSwift),
        .target(
            name: "SimulatedGateway", dependencies: ["NetworkTypes", "FederationModel", "FRR", "EVPN"], path: "Tests/SimulatedGateway",
            swiftSettings: strict),
        .testTarget(name: "HousePlanTests", swiftSettings: strict),
        .testTarget(name: "NetworkTypesTests", dependencies: ["NetworkTypes"], swiftSettings: strict),
        .testTarget(
            name: "FederationTests", dependencies: ["NetworkTypes", "FederationModel", "Federation", "FederationFile"],
            exclude: ["Fixtures"],
            swiftSettings: strict),
        .target(name: "TypedCommands", path: "Tests/TypedCommands", swiftSettings: strict),
        .testTarget(
            name: "VerificationTests",
            dependencies: ["Verification", "Federation", "FederationModel", "NetworkTypes", "TypedCommands"], swiftSettings: strict),
        .testTarget(
            name: "EVPNTests", dependencies: ["EVPN", "FRR", "FederationModel", "NetworkTypes", "SimulatedGateway"], swiftSettings: strict),
        .testTarget(
            name: "OVSDBTests", dependencies: ["OVSDB", "NetworkTypes", nioCore, nioPosix, logging], resources: [.copy("Fixtures")],
            swiftSettings: strict),
        .testTarget(
            name: "OVNTests", dependencies: ["OVN", "OVSDB", "NetworkTypes"], resources: [.copy("Fixtures")], swiftSettings: strict),
        .testTarget(name: "NetlinkTests", dependencies: ["Netlink", "CNetlink", "NetworkTypes"], swiftSettings: strict),
        .testTarget(name: "ProbingTests", dependencies: ["Probing", "NetworkTypes"], swiftSettings: strict),
        .testTarget(name: "OpenFlowTests", dependencies: ["OpenFlow", "NetworkTypes"], swiftSettings: strict),
        .testTarget(
            name: "FRRTests", dependencies: ["FRR", "VTY", "EVPN", "SimulatedGateway", "Federation", "FederationModel", "NetworkTypes"],
            resources: [.copy("Fixtures")],
            swiftSettings: strict),
        .testTarget(
            name: "FederationAPITests",
            dependencies: [
                "FederationAPI", "COpenSSL", "NetworkTypes", "FederationModel", "Federation", "Verification", protobuf, logging, nioCore,
                nioPosix, nioTLS, x509, grpc, grpcTransport,
            ], swiftSettings: strict),
        .testTarget(
            name: "CoordinatorTests",
            dependencies: [
                "Coordinator", "fed-coordinator", "fed-agent", "NetworkTypes", "FederationModel", "Verification", "Federation",
                "FederationFile", "FederationAPI", "Agent", crypto, grdb, grpc, grpcTransport, lifecycle, logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "AgentTests",
            dependencies: [
                "Agent", "EVPN", "FRR", "OpenFlow", "Probing", "SimulatedGateway", "TypedCommands", "Netlink", "OVSDB", "OVN",
                "NetworkTypes",
                "FederationModel", "FederationAPI", logging, subprocess,
            ],
            resources: [.copy("Fixtures")],
            swiftSettings: strict),
        .testTarget(name: "InvocationTests", dependencies: ["Invocation", arguments], swiftSettings: strict),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal"], swiftSettings: strict),
        .testTarget(
            name: "FederationViewsTests",
            dependencies: ["FederationViews"],
            swiftSettings: strict),
        .testTarget(
            name: "FedctlTests",
            dependencies: [
                "fedctl", "FederationViews", "Coordinator", "FederationAPI", "FederationModel", "Federation", "FederationFile",
                "NetworkTypes", "Verification", "Terminal", arguments, grpc, grpcTransport, lifecycle, logging,
            ], swiftSettings: strict),
        .testTarget(name: "LabTests", dependencies: ["Lab", "NetworkTypes"], resources: [.copy("Fixtures")], swiftSettings: strict),
    ]
)
