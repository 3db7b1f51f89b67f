import Foundation
import OVN
import OVSDB

/// A small real cloud: northbound and southbound databases and, where wanted, ovn-northd between them.
/// Chassis and bindings are set by hand, as ovn-controller would: no kernel support is needed.
struct World {
    enum Contents {
        /// Nothing but the schemas.
        case empty
        /// What Neutron 29 wrote: see Fixtures/neutron-29-ovn-23.03/README.md.
        case neutron
    }

    let directory: String
    let northbound: Database
    let southbound: Database

    static func with<T>(_ contents: Contents, northd: Bool = false, _ body: (World) throws -> T) throws -> T {
        // Unix socket paths have 107 characters at most, and TMPDIR may be long.
        let directory = "/tmp/ovn-tests-\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        var daemons: [Daemon] = []
        defer {
            for daemon in daemons.reversed() { daemon.stop() }
            try? FileManager.default.removeItem(atPath: directory)
        }
        func fixture(_ file: String) -> String? {
            contents == .empty
                ? nil : Bundle.module.bundleURL.appending(path: "Fixtures/neutron-29-ovn-23.03/\(file)").path(percentEncoded: false)
        }
        let northbound = try Database(
            name: "OVN_Northbound", directory: directory, copying: fixture("ovn-nb.db"), schema: "/usr/share/ovn/ovn-nb.ovsschema")
        daemons.append(northbound.daemon)
        let southbound = try Database(
            name: "OVN_Southbound", directory: directory, copying: fixture("ovn-sb.db"), schema: "/usr/share/ovn/ovn-sb.ovsschema")
        daemons.append(southbound.daemon)
        if northd {
            daemons.append(
                try Tool.start(
                    [
                        "ovn-northd", "--ovnnb-db=\(northbound.remote)", "--ovnsb-db=\(southbound.remote)",
                        "--unixctl=\(directory)/northd.ctl",
                    ], environment: ["OVN_RUNDIR": directory], log: "\(directory)/northd.log"))
        }
        let world = World(directory: directory, northbound: northbound, southbound: southbound)
        if northd { try world.sync() }
        return try body(world)
    }

    /// Commands of ovn-nbctl, each as one line of words; all in one transaction.
    @discardableResult
    func nb(_ lines: String...) throws -> String { try control("ovn-nbctl", northbound, lines) }

    @discardableResult
    func sb(_ lines: String...) throws -> String { try control("ovn-sbctl", southbound, lines) }

    private func control(_ tool: String, _ database: Database, _ lines: [String]) throws -> String {
        let words = lines.map { Self.words($0) }.joined(separator: ["--"])
        return try Tool.run([tool, "--db=\(database.remote)"] + words).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Words at spaces; what stands in single quotes keeps its spaces.
    private static func words(_ line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for character in line {
            switch character {
            case "'":
                isQuoted.toggle()
                word = word ?? ""
            case " " where !isQuoted:
                if let word { words.append(word) }
                word = nil
            default:
                word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }

    /// Waits until northd has brought all northbound changes to the southbound database.
    func sync() throws { try Tool.run(["ovn-nbctl", "--db=\(northbound.remote)", "--wait=sb", "--timeout=20", "sync"]) }

    func view() throws -> CloudView {
        CloudView(
            southbound: try southbound.replica(OVNMonitor.southbound), northbound: try northbound.replica(OVNMonitor.northbound))
    }

    func northboundView() throws -> NorthboundView { NorthboundView(NorthboundRows(try northbound.replica(OVNMonitor.northbound))) }

    /// Binds a port as ovn-controller does when it claims one: in one update, from wherever it was.
    func bind(_ port: String, to chassis: String) throws {
        let uuid = try sb("--bare --columns=_uuid find Chassis name=\(chassis)")
        try sb("set Port_Binding \(port) chassis=\(uuid) up=true")
    }

    func unbind(_ port: String) throws { try sb("set Port_Binding \(port) chassis=[] up=false") }

    func addChassis(_ names: String...) throws {
        for (index, name) in names.enumerated() { try sb("chassis-add \(name) geneve 192.0.2.\(index + 1)") }
    }
}
