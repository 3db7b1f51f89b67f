import Federation
import Terminal
import Verification

extension Verification {
    /// The matrix, then every pair that is not well, then the sum.
    ///
    /// - Parameters:
    ///   - width: of the terminal; where the matrix does not fit, pairs stand below each other.
    ///   - wide: with how many prefixes got how far.
    func page(width: Int, wide: Bool) -> Page {
        var page = Page()
        let matrix = matrix
        page.table(!wide && matrix.columns.count <= Self.matrixColumns && matrix.width(wide: false) <= width ? matrix : list)
        for pair in pairs where pair.state == .failed || pair.state == .unknown {
            page.gap()
            page.append(pair.explanation)
        }
        page.gap()
        page.line(sum)
        return page
    }

    /// More pairs of clouds than these are read more easily as lines.
    private static let matrixColumns = 7
    private static let emptyNote = "no VPN has two clouds: there is nothing to verify"

    /// A row per VPN and a column per pair of clouds.
    private var matrix: Table {
        let directions = Set(pairs.map { [$0.origin, $0.viewer] }).sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
        var table = Table(
            [Table.Column("VPN")] + directions.map { Table.Column("\($0[0]) → \($0[1])") }, emptyNote: Self.emptyNote)
        for vpn in Set(pairs.map(\.vpn)).sorted() {
            table.add(
                [StyledText(vpn.text)]
                    + directions.map { direction in
                        guard let pair = pairs.first(where: { $0.vpn == vpn && $0.origin == direction[0] && $0.viewer == direction[1] }) else {
                            return StyledText("·", .faint)
                        }
                        return pair.state == .empty ? pair.state.styled : pair.state.styled + StyledText(" \(pair.share)")
                    })
        }
        return table
    }

    /// A row per pair.
    private var list: Table {
        var table = Table(
            [
                .init("VPN"), .init("ORIGIN → VIEWER"), .init("STATE"), .init("WORKING", .trailing), .init("EXPECTED", .trailing, wide: true),
                .init("ADVERTISED", .trailing, wide: true), .init("RECEIVED", .trailing, wide: true), .init("IMPORTED", .trailing, wide: true),
                .init("INSTALLED", .trailing, wide: true), .init("STEERED", .trailing, wide: true), .init("BROKEN AT"),
                .init("CAUSE", wide: true),
            ], emptyNote: Self.emptyNote)
        for pair in pairs {
            let counts = pair.counts
            let numbers = [counts.expected, counts.advertised, counts.received, counts.imported, counts.installed, counts.steered]
            table.add(
                [StyledText(pair.vpn.text), StyledText(pair.direction), pair.state.styled, StyledText(pair.share)]
                    + numbers.map { StyledText("\($0)") }
                    + [StyledText(pair.cause?.step.rawValue ?? ""), StyledText(pair.cause?.code ?? "")])
        }
        return table
    }

    /// `4 pairs: 3 OK, 1 FAIL`.
    private var sum: StyledText {
        let tally = tally
        let parts = [(tally.ok, VerdictState.ok), (tally.failed, .failed), (tally.unknown, .unknown), (tally.empty, .empty)]
            .filter { $0.0 > 0 }
            .map { StyledText("\($0.0) ") + $0.1.styled }
        guard !parts.isEmpty else { return "" }
        return StyledText("\(count(pairs.count, "pair")): ") + parts.joined(separator: ", ")
    }
}

extension PairVerdict {
    /// The first broken step, why, how one sees it, and what to do.
    var explanation: Page {
        var page = Page()
        page.line(state.styled + StyledText(" \(vpn): \(direction)", .heading))
        guard let cause else { return page }
        page.field("why", StyledText(cause.sentence))
        page.field("broken at", StyledText("\(cause.step.place), \(cause.code)"))
        page.field("prefixes", brokenPrefixes)
        page.field("evidence", cause.evidence.map { StyledText($0) })
        page.field("remedy", StyledText(cause.remedy, .accent))
        return page
    }

    private static let prefixLimit = 6

    /// `2 of 4: 10.1.0.11/32, fd10:1::11/128`.
    private var brokenPrefixes: [StyledText] {
        guard !broken.isEmpty else { return [] }
        let names = broken.prefix(Self.prefixLimit).map(\.prefix.description).joined(separator: ", ")
        let rest = broken.count > Self.prefixLimit ? ", … (-o json has all)" : ""
        return [StyledText("\(broken.count) of \(prefixes.count): \(names)\(rest)")]
    }
}
