import FederationModel

/// A VPN's report cut to messages that the coordinator takes: it refuses more than 4 MiB, and the lists of ours stay below 1 MiB each.
package enum VPNReportChunks {
    /// The most that the prefixes of one chunk take, in bytes as encoded.
    package static let largest = 1 << 20

    /// One at least. The first has everything but the rest of the lists.
    package static func of(_ report: VPNReport, atMost limit: Int = largest) -> [VPNReport] {
        guard encodedSize(of: report) > limit else { return [report] }
        var current = report
        current.clearPrefixes()
        var chunks: [VPNReport] = []
        var room = limit
        func fill<Element>(_ list: WritableKeyPath<VPNReport, [Element]>, _ size: Int) {
            var rest = report[keyPath: list][...]
            while !rest.isEmpty {
                let count = room / size
                if count == 0 {
                    chunks.append(current)
                    current = VPNReport(name: report.name)
                    room = max(limit, size)
                    continue
                }
                let fitting = rest.prefix(count)
                current[keyPath: list] += fitting
                rest = rest.dropFirst(fitting.count)
                room -= fitting.count * size
            }
        }
        fill(\.expected, prefix)
        fill(\.advertised, prefix)
        fill(\.imported, route)
        fill(\.installed, route)
        fill(\.steered, prefix)
        fill(\.exempted, prefix)
        return chunks + [current]
    }

    /// The same as parts of a report.
    package static func parts(of report: VPNReport) -> [ReportPart.Content] {
        let chunks = of(report)
        guard chunks.count > 1 else { return [.vpn(report)] }
        return chunks.enumerated().map { .vpnChunk($1, isFirst: $0 == 0, isLast: $0 == chunks.count - 1) }
    }

    /// An upper bound without encoding: the longest texts that the types print, two bytes of tag and length each.
    private static let prefix = 45
    private static let route = 45 + 41 + 6

    private static func encodedSize(of report: VPNReport) -> Int {
        prefix * (report.expected.count + report.advertised.count + report.steered.count + report.exempted.count)
            + route * (report.imported.count + report.installed.count)
    }
}

extension VPNReport {
    /// Goes on with a further chunk of the same report.
    package mutating func append(_ chunk: VPNReport) {
        expected += chunk.expected
        advertised += chunk.advertised
        imported += chunk.imported
        installed += chunk.installed
        steered += chunk.steered
        exempted += chunk.exempted
    }

    fileprivate mutating func clearPrefixes() {
        (expected, advertised, steered, exempted) = ([], [], [], [])
        (imported, installed) = ([], [])
    }
}

/// Puts chunks together again.
package struct VPNReportAssembly: Sendable {
    private var report: VPNReport?

    package init() {}

    /// The whole, at the last chunk; nil before.
    /// - Throws: `ConversionError` if the chunk does not follow a first one of the same VPN. What was collected is dropped then.
    package mutating func add(_ chunk: VPNReport, isFirst: Bool, isLast: Bool) throws(ConversionError) -> VPNReport? {
        if isFirst {
            report = chunk
        } else if report?.name == chunk.name {
            report?.append(chunk)
        } else {
            report = nil
            throw ConversionError(field: "report.vpn_chunk.is_first", reason: "the first chunk is missing")
        }
        guard isLast else { return nil }
        defer { report = nil }
        return report
    }
}
