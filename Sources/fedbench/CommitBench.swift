import ArgumentParser
import Coordinator
import Federation
import FederationAPI
import FederationFile
import FederationModel
import Foundation
import NetworkTypes

/// What it costs to make a plan the next revision: the transaction on a real file, until it is durable.
struct CommitBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit",
        abstract: "Commits changes of one VPN among 1,000 in 100 clouds, and among 2,000 in 1,000.",
        discussion: "Prints medians, 95th percentiles and the growth of the database. Exits with 1 where one is over its limit.")

    @Option(help: "Commits among 1,000 VPNs.") var commits = 50
    @Option(help: "Commits among 2,000 VPNs.") var largeCommits = 10
    @Flag(help: "Leave out 1,000 clouds and 2,000 VPNs.") var quick = false
    @Option(help: "Where the databases are made and removed again; a file system that is on a disk.") var directory = "/var/tmp"

    /// Milliseconds.
    private static let limit = 50.0
    /// KiB for each revision.
    private static let sizeLimit = 50.0

    func run() async throws {
        var noise = Calibration()
        noise.run()
        let usual = try await measure(
            SyntheticFederation(clouds: 100, vpns: 1000, cloudsPerVPN: 20, hasRouteServers: true), commits: commits)
        print("100 clouds × 1,000 VPNs, each in 20 clouds, 2 gateways a cloud: a VPN changes, \(commits) times")
        show(usual, limits: " (limit \(Int(Self.limit)) ms)", " (limit \(Int(Self.sizeLimit)) KiB)")
        noise.run()
        // The reader takes files of 3 MiB at most.
        if !quick {
            let large = try await measure(
                SyntheticFederation(clouds: 1000, vpns: 2000, cloudsPerVPN: 20, hasRouteServers: true), commits: largeCommits)
            print("1,000 clouds × 2,000 VPNs, the same, \(largeCommits) times")
            show(large)
            noise.run()
        }
        print("noise of this machine: a loop of fixed length took \(noise.summary)")
        if usual.milliseconds.median > Self.limit || usual.sizes.median > Self.sizeLimit { throw ExitCode.failure }
    }

    private struct Outcome {
        /// Of the first revision.
        var (first, firstSize) = (0.0, 0.0)
        var milliseconds: [Double] = []
        /// KiB that the database has more after a commit.
        var sizes: [Double] = []
        /// An fsync(2) of one page alone, in the same directory.
        var floor: [Double] = []
        var (open, old) = (0.0, 0.0)
        var file = 0
    }

    private func show(_ outcome: Outcome, limits time: String = "", _ size: String = "") {
        func text(_ value: Double) -> String { String(format: value < 10 ? "%.2f" : "%.1f", value) }
        print(
            "  commit                  median \(text(outcome.milliseconds.median)) ms\(time), p95 \(text(outcome.milliseconds.percentile(95))) ms; "
                + "a page and fsync alone \(text(outcome.floor.median)) ms")
        print(
            "  database                median \(text(outcome.sizes.median)) KiB\(size), p95 \(text(outcome.sizes.percentile(95))) KiB more for each, "
                + "\(text(outcome.firstSize / 1024)) MiB for the first; the federation file has \(text(Double(outcome.file) / 1_048_576)) MiB"
        )
        print(
            "  the first of all        \(text(outcome.first)) ms; opened again, the last one is there after \(text(outcome.open)) ms, "
                + "the one in the middle after \(text(outcome.old)) ms")
    }

    private func measure(_ federation: SyntheticFederation, commits: Int) async throws -> Outcome {
        let directory = URL(filePath: directory).appending(path: "fedbench-\(UUID().uuidString)").path(percentEncoded: false)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/coordinator.sqlite"
        var graph = try federation.graph()
        let store = try SQLiteStore(path: path, federation: graph.federation)
        var outcome = Outcome()
        var base = try Revision(compiling: try await store.inForce().revision)
        var size = try store.size()
        for index in 0...commits {
            if index > 0 { try change(&graph, index) }
            // Nothing of it shares memory with what is in force, as with a file just read.
            let reading = FederationYAML.read(text: FederationYAML.write(graph), fileName: "federation.yaml")
            guard let read = reading.graph else { throw ValidationError("invalid file made up: \(Self.first(reading.diagnostics))") }
            let planned: PlannedChange
            switch Planning.plan(read, on: base.snapshot, at: Int64(index)) {
            case .planned(let change): planned = change
            case .refused(let findings):
                throw ValidationError(
                    "the federation made up cannot be planned: \(findings.first.map { "\($0.path): \($0.reason)" } ?? "")")
            }
            let text = FederationYAML.write(graph)
            let next = try Revision(
                after: base,
                RevisionSummary(number: base.number + 1, author: .coordinator, appliedAt: Int64(index), size: ChangeSize(planned.plan)),
                text: text, planned.compilation)
            let start = ContinuousClock.now
            _ = try await store.commit(next.record, until: nil)
            let seconds = (ContinuousClock.now - start).milliseconds
            base = next
            let (former, grown) = (size, try store.size())
            size = grown
            outcome.file = text.utf8.count
            if index == 0 {
                (outcome.first, outcome.firstSize) = (seconds, Double(grown - former) / 1024)
            } else {
                outcome.milliseconds.append(seconds)
                outcome.sizes.append(Double(grown - former) / 1024)
                outcome.floor.append(try syncOnePage(in: directory))
            }
        }
        try store.close()
        let start = ContinuousClock.now
        let again = try SQLiteStore(path: path, federation: graph.federation)
        guard try Revision(compiling: try await again.inForce().revision).graph == base.graph else {
            throw ValidationError("the last revision is not what was committed")
        }
        outcome.open = (ContinuousClock.now - start).milliseconds
        let middle = ContinuousClock.now
        guard let old = try await again.revision(UInt64(commits / 2 + 1)) else { throw ValidationError("a revision is gone") }
        _ = try Revision(compiling: old)
        outcome.old = (ContinuousClock.now - middle).milliseconds
        try again.close()
        return outcome
    }

    private static func first(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.first { $0.severity == .error }.map { "line \($0.line): \($0.path): \($0.reason); \($0.remedy)" } ?? "no error is told"
    }

    /// In turn: an attachment moves, a VPN comes, its preference changes.
    private func change(_ graph: inout FederationGraph, _ index: Int) throws {
        let name = try VPNName(parsing: "tenant-\(index * 7 % graph.vpns.count)")
        switch index % 3 {
        case 0:
            let taken = graph.vpns[name]?.clouds ?? []
            if let other = graph.clouds.keys.sorted().first(where: { !taken.contains($0) }) {
                graph.vpns[name]?.attachments[0].cloud = other
            }
        case 1:
            graph.vpns[try VPNName(parsing: "another-\(index)")] = VPN(
                attachments: graph.clouds.keys.sorted().prefix(20).map {
                    Attachment(cloud: $0, selector: AttachmentSelector(kind: .router, key: .name, value: "another-\(index)-router"))
                })
        default: graph.vpns[name]?.localPreference = UInt32(200 + index)
        }
    }

    /// What no durable commit can be faster than. Milliseconds.
    private func syncOnePage(in directory: String) throws -> Double {
        let descriptor = open(directory + "/page", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard descriptor >= 0 else { throw ValidationError("\(directory): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        let page = [UInt8](repeating: 1, count: 4096)
        let start = ContinuousClock.now
        guard write(descriptor, page, page.count) == page.count, fsync(descriptor) == 0 else {
            throw ValidationError("\(directory): \(String(cString: strerror(errno)))")
        }
        return (ContinuousClock.now - start).milliseconds
    }
}

extension Duration {
    fileprivate var milliseconds: Double { Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15 }
}
