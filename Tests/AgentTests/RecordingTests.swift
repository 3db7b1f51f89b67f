import EVPN
import FederationModel
import Foundation
import Logging
import NetworkTypes
import SimulatedGateway
import Testing

@testable import Agent

@Suite("Recordings")
struct RecordingTests {
    private func withFile(_ body: (String) throws -> Void) throws {
        let directory = NSTemporaryDirectory() + "fed-record-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory + "/recording")
    }

    /// A start, a route learned, drift, and a VPN that goes, told to a recorder too.
    private func record(_ path: String, limit: Int = Recorder.limit) throws {
        var world = World()
        world.routers[0].isTranslated = true
        let recorder = try Recorder(path: path, limit: limit, core: world.core, log: Logger(label: "test"))
        world.hears = { recorder.add($0, at: $1, $2, core: $3) }
        world.run()
        world.host.kernel.tunnels[10001] = [
            IPPrefix("10.2.0.11/32")!: TunnelRoute(prefix: IPPrefix("10.2.0.11/32")!, nextHop: IPAddress("10.255.2.1")!, isReady: true)
        ]
        world.run()
        world.host.routing.vrfs["fed1"]?.importTargets = []
        world.run()
        try world.receive(.vpnRemoved(VPNName(unchecked: "red")))
        world.run()
        #expect(world.host.violations == [])
    }

    @Test("a recording replays to the same decisions, byte for byte, and only its owner may read it")
    func same() throws {
        try withFile { path in
            try record(path)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            var decided = 0
            let difference = try Replay(text).run { decided += $0.actions.count }
            #expect(difference == nil)
            #expect(decided > 20)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("a decision that was another one is found, with its line")
    func different() throws {
        try withFile { path in
            try record(path)
            var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
            let index = try #require(lines.firstIndex { $0.contains("\"bindVNI\"") })
            lines[index] = lines[index].replacing("\"bindVNI\"", with: "\"unbindVNI\"")
            let difference = try #require(try Replay(lines.joined(separator: "\n")).run())
            #expect(difference.line == index + 1 && difference.recorded == lines[index])
            #expect(difference.decided.contains("\"bindVNI\""))
        }
    }

    @Test("a file that is full becomes the one before it, both replay, and there are no more than two")
    func full() throws {
        try withFile { path in
            try record(path, limit: 20_000)
            let files = try FileManager.default.contentsOfDirectory(atPath: (path as NSString).deletingLastPathComponent)
            #expect(files.sorted() == ["recording", "recording.1"])
            for file in [path, path + ".1"] {
                let text = try String(contentsOfFile: file, encoding: .utf8)
                #expect(try Replay(text).run() == nil)
            }
        }
    }

    @Test("what ends in the middle of a line, as when the agent is killed, replays to there")
    func cut() throws {
        try withFile { path in
            try record(path)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(try Replay(String(text.dropLast(40))).run() == nil)
        }
    }

    @Test("what is no recording, or one of another format, is refused")
    func refused() throws {
        for text in ["", "nonsense\n", "{}\n"] { #expect(throws: Replay.Failure.self) { try Replay(text) } }
        let error = #expect(throws: Replay.Failure.self) { try Replay("{\"core\":{},\"format\":99,\"release\":\"fed-agent 9\"}") }
        #expect(error?.description.contains("format 99") == true)
    }

    @Test("equal values have one spelling, however their sets and dictionaries came about")
    func canonical() throws {
        struct Value: Codable, Equatable {
            var set: Set<IPPrefix>
            var byPrefix: [IPPrefix: Int]
            var byNumber: [UInt32: [String]]
            var byName: [String: Set<Int>]
            var handoffs: LocalIndexes
            var text = "a \"b\"\\ \n \u{1} ü"
            var none: Int?
        }
        let prefixes = (0..<40).map { IPPrefix("10.\($0).0.0/16")! }
        func value(_ prefixes: [IPPrefix]) -> Value {
            var indexes = LocalIndexes()
            for vni in [10001, 10002] as [UInt32] {
                _ = indexes.index(of: VPNInstance(vpn: VPNName(unchecked: "blue"), vni: VNI(value: vni)!))
            }
            var value = Value(set: [], byPrefix: [:], byNumber: [:], byName: [:], handoffs: indexes)
            for (index, prefix) in prefixes.enumerated() {
                value.set.insert(prefix)
                value.byPrefix[prefix] = Int(prefix.description.count)
                value.byNumber[UInt32(prefix.description.hashValue & 7)] = nil
                value.byName["\(prefix)", default: []].insert(index & 0)
            }
            return value
        }
        let (first, second) = (value(prefixes), value(prefixes.reversed()))
        let text = try CanonicalJSON.text(of: first)
        #expect(try CanonicalJSON.text(of: second) == text)
        #expect(try JSONDecoder().decode(Value.self, from: Data(text.utf8)) == first)
    }
}
