import Foundation
import Testing

/// Knowledge flows one way through the house: words ← law ← architect and judge; ear, hands and voice know the words and have
/// never heard of a federation; only the offices introduce them to each other.
@Suite("The house plan")
struct HousePlanTests {
    /// Our own modules that each room may know.
    private static let mayKnow: [String: Set<String>] = [
        "NetworkTypes": [],
        "FederationModel": ["NetworkTypes"],
        "Federation": ["NetworkTypes", "FederationModel"],
        "FederationFile": ["NetworkTypes", "FederationModel", "Federation"],
        "Verification": ["NetworkTypes", "FederationModel"],
        "EVPN": ["NetworkTypes", "FederationModel", "FRR"],
        "OVSDB": ["NetworkTypes"],
        "OVN": ["NetworkTypes", "OVSDB"],
        "Netlink": ["NetworkTypes", "CNetlink"],
        "OpenFlow": ["NetworkTypes"],
        "FRR": ["NetworkTypes"],
        "VTY": ["FRR"],
        "Probing": ["NetworkTypes"],
        "FederationAPI": ["NetworkTypes", "FederationModel", "Federation", "Verification", "COpenSSL"],
        "Coordinator": ["NetworkTypes", "FederationModel", "Federation", "FederationFile", "Verification", "FederationAPI"],
        "Agent": [
            "NetworkTypes", "FederationModel", "EVPN", "OVSDB", "OVN", "Netlink", "OpenFlow", "FRR", "VTY", "Probing", "FederationAPI",
        ],
        "Terminal": ["NetworkTypes"],
        "Invocation": [],
        "Lab": ["NetworkTypes", "CProcessor"],
        "fed-coordinator": ["NetworkTypes", "FederationAPI", "Coordinator", "Invocation"],
        "fed-agent": ["NetworkTypes", "FederationModel", "OVSDB", "FederationAPI", "Agent", "Terminal", "Invocation"],
        "FederationViews": ["NetworkTypes", "FederationModel", "Federation", "FederationFile", "Verification", "FederationAPI"],
        "fedctl": [
            "FederationViews", "NetworkTypes", "FederationModel", "Federation", "FederationFile", "FRR", "Verification", "FederationAPI",
            "Terminal",
            "Invocation",
        ],
        "fedlab": ["Lab", "NetworkTypes", "Invocation"],
        "fedbench": [
            "Coordinator", "FederationAPI", "FederationModel", "Federation", "FederationFile", "NetworkTypes", "Invocation", "Probing",
            "Verification",
        ],
    ]

    /// What the pure rooms must not touch: no clock, no file, no socket.
    private static let pure: Set<String> = [
        "NetworkTypes", "FederationModel", "Federation", "FederationFile", "Verification", "EVPN", "FRR", "Probing",
    ]
    /// Packages that pure rooms may know.
    private static let purePackages: [String: Set<String>] = ["FederationFile": ["Yams"]]

    private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../Sources").standardized

    private static func imports(of room: String) throws -> [(file: String, module: String)] {
        try imports(in: sources.appending(path: room))
    }

    private static func imports(in folder: URL) throws -> [(file: String, module: String)] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return try files.filter { $0.pathExtension == "swift" }.flatMap { file in
            try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                guard let position = words.firstIndex(of: "import"), position <= 2, !line.hasPrefix(" "), !line.hasPrefix("/") else {
                    return nil
                }
                guard words[..<position].allSatisfy({ $0.hasPrefix("@") || ["package", "public", "internal", "private"].contains($0) })
                else { return nil }
                return words.last.map { (file.lastPathComponent, String($0.split(separator: ".")[0])) }
            }
        }
    }

    @Test("every room is in the plan")
    func complete() throws {
        let rooms = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path).filter {
            !$0.hasPrefix("C") || $0 == "Coordinator"
        }
        #expect(Set(rooms) == Set(Self.mayKnow.keys))
    }

    @Test("no room imports what it must not know", arguments: HousePlanTests.mayKnow.keys.sorted())
    func direction(room: String) throws {
        let ours = Set(Self.mayKnow.keys).union(["CNetlink", "COpenSSL", "CProcessor"])
        let found = try Self.imports(of: room)
        #expect(!found.isEmpty || room == "NetworkTypes")
        for (file, module) in found where ours.contains(module) {
            #expect(Self.mayKnow[room]?.contains(module) == true, "\(room)/\(file) imports \(module)")
        }
    }

    /// A module that is imported and not declared is there, or not yet, as the order of the build has it: a build from nothing fails.
    @Test("every target declares the modules of this package that it imports")
    func declared() throws {
        let root = Self.sources.appending(path: "..").standardized
        let package = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
        let targets = package.matches(
            of: /\.(target|executableTarget|testTarget)\(\s*name: "([^"]+)"(?:,\s*dependencies: \[([^\]]*)\])?(?:, path: "([^"]+)")?/
        ).map { match in
            let name = String(match.2)
            let path = match.4.map(String.init) ?? (match.1 == "testTarget" ? "Tests/\(name)" : "Sources/\(name)")
            return (name: name, path: path, dependencies: Set((match.3 ?? "").matches(of: /"([^"]+)"/).map { String($0.1) }))
        }
        let ours = Set(targets.map(\.name)).union(["CNetlink", "COpenSSL", "CProcessor"])
        #expect(ours.isSuperset(of: Self.mayKnow.keys), "the pattern reads every target")
        for target in targets {
            for (file, module) in try Self.imports(in: root.appending(path: target.path)) where ours.contains(module) {
                #expect(target.dependencies.contains(module), "\(target.name)/\(file) imports \(module), which Package.swift does not say")
            }
        }
    }

    /// The folders of a room, in order: each may name types of those before it.
    private static let order: [String: [String]] = [
        "FederationModel": ["Names", "Graph", "Intent", "Reports"],
        "Federation": ["Shares", "Ledger", "Findings", "Compile", "Plan", "Safety", "Planning"],
        "FederationFile": ["File", "Edit"],
    ]

    /// The code of a room by folder, without comments and strings.
    private static func code(of room: String) throws -> [String: String] {
        let folder = sources.appending(path: room)
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return try files.filter { $0.pathExtension == "swift" }.reduce(into: [:]) { code, file in
            let place = file.standardized.path.dropFirst(folder.path.count + 1).split(separator: "/")
            let text = try String(contentsOf: file, encoding: .utf8)
                .replacing(/"""[\s\S]*?"""/, with: "").replacing(/"(\\.|[^"\\\n])*"/, with: "").replacing(/\/\/[^\n]*/, with: "")
            code[place.count > 1 ? String(place[0]) : "", default: ""] += text
        }
    }

    @Test("no folder names a type of a folder that stands after it", arguments: HousePlanTests.order.keys.sorted())
    func folders(room: String) throws {
        let order = try #require(Self.order[room])
        let code = try Self.code(of: room)
        #expect(Set(code.keys) == Set(order), "each folder has a place in the order, and every file lies in one")
        let declared = code.mapValues { text in
            Set(
                text.matches(
                    of: /(?m)^(?:package |private |fileprivate |final |indirect )*(?:struct|enum|class|protocol|typealias|actor) (\w+)/
                ).map { String($0.1) })
        }
        for (place, folder) in order.enumerated() {
            let words = Set(code[folder, default: ""].split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
            for later in order[(place + 1)...] {
                let named = words.intersection(declared[later, default: []]).subtracting(declared[folder, default: []])
                #expect(named.isEmpty, "\(room)/\(folder) names \(named.sorted()) of \(later)")
            }
        }
    }

    @Test("only the federation file, the terminal and the lab's own scenarios know YAML")
    func yaml() throws {
        let rooms = try Self.mayKnow.keys.filter { room in try Self.imports(of: room).contains { $0.module == "Yams" } }
        #expect(Set(rooms) == ["FederationFile", "Terminal", "Lab"])
        // Its scenarios and faults only: what the lab runs does not depend on how they are written.
        let written = try ["Scenario", "Faults"].flatMap {
            try FileManager.default.contentsOfDirectory(atPath: Self.sources.appending(path: "Lab/\($0)").path)
        }
        let readers = try Self.imports(of: "Lab").filter { $0.module == "Yams" }.map(\.file)
        #expect(Set(readers).isSubset(of: written))
    }

    @Test("who finds a problem names one of the closed list; only what was told by an agent may have another word")
    func problems() throws {
        for room in Self.mayKnow.keys where room != "FederationModel" {
            let folder = Self.sources.appending(path: room)
            let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
            for file in files where file.pathExtension == "swift" && room != "FederationAPI" {
                #expect(try !String(contentsOf: file, encoding: .utf8).contains("Problem(told:"), "\(file.lastPathComponent)")
            }
        }
    }

    @Test("the pure rooms import nothing that has a clock, a file or a socket", arguments: HousePlanTests.pure.sorted())
    func purity(room: String) throws {
        for (file, module) in try Self.imports(of: room) {
            let allowed = Self.mayKnow[room, default: []].union(Self.purePackages[room, default: []])
            #expect(allowed.contains(module), "\(room)/\(file) imports \(module)")
        }
    }

    /// A hostile agent says what no domain type can, and so does a coordinator of another release.
    private static let mayNameTheWire: Set<String> = ["HostileAgent.swift", "UnreadableVPNTests.swift"]

    @Test("what travels is named where it is packed and unpacked, and nowhere else")
    func wire() throws {
        let roots = [Self.sources, Self.sources.deletingLastPathComponent().appending(path: "Tests")]
        var found = 0
        for root in roots {
            let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
            for file in files where file.pathExtension == "swift" && !file.pathComponents.contains("FederationAPI") {
                guard !file.pathComponents.contains("FederationAPITests"), !Self.mayNameTheWire.contains(file.lastPathComponent) else {
                    continue
                }
                let text = try String(contentsOf: file, encoding: .utf8)
                found += 1
                // `WireGateway`, and neither `"Wire…"` of this test nor the name of another wire.
                let others: Set = ["WireTests", "WireGuard"]
                let names = text.matches(of: /\bWire[A-Z][A-Za-z]*/).map { String($0.output) }.filter { !others.contains($0) }
                #expect(names.isEmpty || file.lastPathComponent == "HousePlanTests.swift", "\(file.lastPathComponent) names \(Set(names))")
            }
        }
        #expect(found > 500)
    }
}
