import EVPN
import FederationModel
import Foundation
import Logging

/// What outlives the agent: the last intent, so that it can start while the coordinator is away, the local numbers, because
/// devices that forward bear them, and what was attached, so that it knows a database that lost half of it. Each file is replaced whole, and is on the disk before the call returns.
package struct StateDirectory: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let path: String
    private let log: Logger
    private let isReadOnly: Bool

    /// Makes the directory, readable for its owner only.
    package init(path: String, log: Logger) throws {
        self.path = path
        self.log = log
        isReadOnly = false
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure(
                description:
                    "cannot create the state directory \(path): \(error.localizedDescription); choose another with --state-directory")
        }
    }

    /// For who only looks: nothing is made, put aside or written.
    init(reading path: String, log: Logger) {
        self.path = path
        self.log = log
        isReadOnly = true
    }

    /// Milliseconds since 1970; nil where none is stored.
    var intentStoredAt: Int64? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/intent.json")
        return (attributes?[.modificationDate] as? Date).map { Int64($0.timeIntervalSince1970 * 1000) }
    }

    package func loadIntent() -> GatewayIntent? { load("intent.json") { try JSONDecoder().decode(GatewayIntent.self, from: $0) } }

    /// - Parameter intent: the stored one, for numbers that an agent stored which knew one VNI of each VPN only.
    package func loadIndexes(of intent: GatewayIntent?) -> LocalIndexes? {
        load("indexes.json") { data in
            if let former = try? JSONDecoder().decode(LocalIndexes.Former.self, from: data) {
                return LocalIndexes(former, vnis: intent?.vpns.mapValues(\.encapsulation.vni) ?? [:])
            }
            return try JSONDecoder().decode(LocalIndexes.self, from: data)
        }
    }

    /// What names were found to mean; none where nothing was found yet.
    package func loadPins() -> Pins { Pins(load("pins.json") { try JSONDecoder().decode([AttachmentPin].self, from: $0) } ?? []) }

    /// The attached part of the cloud, as it was last believed.
    package func loadCloud() -> RememberedCloud? { load("cloud.json") { try JSONDecoder().decode(RememberedCloud.self, from: $0) } }

    package func save(_ cloud: RememberedCloud) throws { try save(cloud, "cloud.json") }
    package func save(_ pins: Pins) throws { try save(pins.all, "pins.json") }
    package func save(_ intent: GatewayIntent) throws { try save(intent, "intent.json") }
    package func save(_ indexes: LocalIndexes) throws { try save(indexes, "indexes.json") }

    /// Nil where there is none. A file that cannot be read is kept aside for people, and the agent goes on without it.
    func load<Value>(_ name: String, _ decode: (Data) throws -> Value) -> Value? {
        let file = "\(path)/\(name)"
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        do {
            return try decode(Data(contentsOf: URL(fileURLWithPath: file)))
        } catch {
            guard !isReadOnly else { return nil }
            let aside = file + ".unreadable"
            log.error(
                "cannot read stored state; it is moved aside", metadata: ["file": "\(file)", "aside": "\(aside)", "reason": "\(error)"])
            try? FileManager.default.removeItem(atPath: aside)
            try? FileManager.default.moveItem(atPath: file, toPath: aside)
            return nil
        }
    }

    func save(_ value: some Encodable, _ name: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let data = try encoder.encode(value)
        let temporary = "\(path)/.\(name).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write", temporary) }
        defer { close(descriptor) }
        var rest = data[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { throw failure("write", temporary) }
            rest = rest.dropFirst(written)
        }
        guard fsync(descriptor) == 0 else { throw failure("sync", temporary) }
        guard rename(temporary, "\(path)/\(name)") == 0 else { throw failure("replace", "\(path)/\(name)") }
        // The new name is on the disk only when the directory is.
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw failure("open", path) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw failure("sync", path) }
    }

    private func failure(_ what: String, _ file: String) -> Failure {
        Failure(description: "cannot \(what) \(file): \(String(cString: strerror(errno)))")
    }
}
