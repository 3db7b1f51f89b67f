import Foundation
import Testing

@Suite("What programs get", .timeLimit(.minutes(2)))
struct JSONTests {
    private static let commands = [
        "status", "verify", "isolation", "get clouds", "get vpns", "get agents", "history", "history --audit", "events", "verify --at 0s",
        "verify --since 1", "top", "alloc list", "routes", "bgpvpn list",
        "describe vpn blue",
        "describe cloud paris", "describe agent paris/gw1", "plan -f f.yaml", "diff 0..1",
    ]

    /// Every key of a document with its values, wherever it is.
    private static func walk(_ value: Any, _ visit: (String, Any) -> Void) {
        if let object = value as? [String: Any] {
            for (key, value) in object {
                visit(key, value)
                walk(value, visit)
            }
        } else if let list = value as? [Any] {
            for value in list { walk(value, visit) }
        }
    }

    private static let numbers: Set<String> = ["vni", "asn"]
    private static let times: Set<String> = [
        "lastSeen", "appliedAt", "at", "deadline", "since", "until", "repairedAt", "madeAt", "oldestEvidence", "keptSince", "lastChange",
        "settledSince",
    ]

    @Test("numbers are numbers, times are RFC 3339, and each key is in docs/json.md")
    func documents() async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let manual = try String(contentsOf: root.appending(path: "docs/json.md"), encoding: .utf8)
        let documented = Set(manual.matches(of: /`([A-Za-z0-9]+)`/).map { String($0.output.1) })
        try await Headquarters.open { quarters in
            let tool = quarters.tool
            try Headquarters.file.write(toFile: tool.directory + "/f.yaml", atomically: true, encoding: .utf8)
            _ = try await tool.run("apply", "-f", "f.yaml", "-m", "why")
            try quarters.connect("paris/gw1")
            for command in Self.commands {
                let result = try await tool.run(command.split(separator: " ").map(String.init) + ["-o", "json"])
                let document = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
                Self.walk(document) { key, value in
                    #expect(documented.contains(key) || key == "blue", "\(command): docs/json.md does not have `\(key)`")
                    if Self.numbers.contains(key) {
                        #expect(value is NSNull || (value as? NSNumber) != nil, "\(command): \(key) is \(value)")
                    }
                    guard Self.times.contains(key), !(value is NSNull) else { return }
                    let text = value as? String ?? ""
                    #expect(text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(command): \(key) is \(value)")
                }
            }
            let vpns = try await tool.run("get", "vpns", "-o", "yaml")
            #expect(vpns.output.contains(/vni: \d+\n/) && !vpns.output.contains("advertise: 1"), "\(vpns.output)")
        }
    }
}
