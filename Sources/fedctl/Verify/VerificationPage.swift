import FederationModel
import FederationViews
import Terminal
import Verification

extension VerificationResult {
    /// The sum, the matrix, and every pair that is not well; below these the sum once more. And what was not looked at.
    ///
    /// - Parameters:
    ///   - width: of the terminal; where the matrix does not fit, pairs stand below each other.
    ///   - wide: with how many prefixes got how far.
    ///   - onlyFailed: without the pairs that are well, and without the matrix: what is not well is told anyway.
    func page(width: Int, wide: Bool, onlyFailed: Bool = false) -> Page {
        var page = Page()
        if size > 0 {
            page.line(sum)
            page.gap()
        }
        if let leaks, leaks > 0 {
            page.line(StyledText("ISOLATION VIOLATED", .bad) + StyledText(" by \(count(leaks, "import path")): fedctl isolation"))
            page.gap()
        }
        if isSummary { return summarized(page) }
        if onlyFailed {
            if failed.pairs.isEmpty { page.line("no failed, unknown or degraded pairs") } else if wide { page.table(failed.list) }
        } else if !wide, let matrix, matrix.width(wide: false) <= width {
            page.table(matrix)
        } else {
            page.table(list)
        }
        page.gap()
        page.append(explanations)
        guard size > 0 else { return page }
        page.gap()
        if pairs.contains(where: \.state.isExplained) { page.line(sum) }
        page.line(probes.note)
        return page
    }

    /// Each reason why pairs are not well, with its evidence and remedy.
    var explanations: Page {
        var page = Page()
        for group in explained {
            page.gap()
            for pair in group.pairs.prefix(Self.namedLimit) {
                page.line(pair.state.styled + StyledText(" \(pair.vpn): \(pair.direction)", .heading))
            }
            let more = group.pairs.count - Self.namedLimit
            if more > 0 { page.line(StyledText("… and \(count(more, "more pair")) for the same reason", .faint)) }
            page.append(group.explanation)
        }
        return page
    }

    /// More pairs than these are not shown one by one, unless somebody asks for all.
    static let mostPairs = 1000

    /// Reasons that are told on one screen, and those that are explained there.
    private static let groupLimit = 10
    private static let explainedLimit = 2

    /// What is not well, by reason; and how to see the rest.
    private func summarized(_ start: Page) -> Page {
        var page = start
        var table = Table(
            [.init("STATE"), .init("PAIRS", .trailing), .init("VPNS", .trailing), .init("BROKEN AT"), .init("WHY, OF THE FIRST")],
            emptyNote: "no failed, unknown or degraded pairs")
        for group in groups.prefix(Self.groupLimit) {
            table.add([
                group.first.state.styled, StyledText("\(group.pairs)"), StyledText("\(group.vpns)"),
                StyledText(group.first.cause?.step.rawValue ?? ""), StyledText(group.first.cause?.sentence ?? "unknown cause"),
            ])
        }
        page.table(table)
        let more = groups.count - min(groups.count, Self.groupLimit) + moreGroups
        if more > 0 { page.line(StyledText("… and \(count(more, "more reason"))", .faint)) }
        for group in groups.prefix(Self.explainedLimit) {
            let others = group.pairs > 1 ? " and \(count(group.pairs - 1, "more pair"))" : ""
            page.gap()
            page.line(group.first.state.styled + StyledText(" \(group.first.vpn): \(group.first.direction)\(others)", .heading))
            page.append(group.first.explanation)
        }
        page.gap()
        page.line("one by one: fedctl verify --vpn NAME, fedctl verify --cloud NAME, fedctl verify --failed -o wide")
        page.line(probes.note)
        return page
    }

    /// Why pairs are not well.
    private struct Reason: Hashable {
        var state: VerdictState
        var step: RouteStep?
        var code: String?
        var sentence: String?
        var remedy: String?
    }

    /// Pairs that are not well, or wait; those that are so for the same reason stand together.
    private var explained: [(pairs: [PairVerdict], explanation: Page)] {
        var groups: [[PairVerdict]] = []
        var places: [Reason: Int] = [:]
        for pair in pairs where pair.state.isExplained {
            let cause = pair.cause
            let reason = Reason(
                state: pair.state, step: cause?.step, code: cause?.code, sentence: cause?.sentence, remedy: cause?.remedy)
            if let place = places[reason] {
                groups[place].append(pair)
            } else {
                places[reason] = groups.count
                groups.append([pair])
            }
        }
        return groups.map { pairs in (pairs, pairs.count > 1 ? PairVerdict.explanation(of: pairs) : pairs[0].explanation) }
    }

    /// Pairs that are named where they are not well for the same reason.
    private static let namedLimit = 8
    /// More pairs of clouds than these are read more easily as lines.
    private static let matrixDirections = 6
    private static let emptyNote = "no VPN has two clouds: nothing to verify"

    private struct Direction: Hashable, Comparable {
        var origin: CloudName
        var viewer: CloudName

        static func < (a: Self, b: Self) -> Bool { (a.origin, a.viewer) < (b.origin, b.viewer) }
    }

    /// A row per VPN and a column per pair of clouds; nil where there are too many of these.
    private var matrix: Table? {
        let directions = Set(pairs.map { Direction(origin: $0.origin, viewer: $0.viewer) }).sorted()
        guard directions.count <= Self.matrixDirections else { return nil }
        var table = Table(
            [.init("VPN")] + directions.map { Table.Column("\($0.origin) → \($0.viewer)") }, emptyNote: Self.emptyNote)
        let byVPN = Dictionary(grouping: pairs, by: \.vpn)
        for (vpn, pairs) in byVPN.sorted(by: { $0.key < $1.key }) {
            let cells = directions.map { direction in
                pairs.first { $0.origin == direction.origin && $0.viewer == direction.viewer }?.cell ?? StyledText("·", .faint)
            }
            table.add([StyledText(vpn.text)] + cells)
        }
        return table
    }

    /// A row per pair.
    var list: Table {
        var table = Table(
            [
                .init("VPN"), .init("ORIGIN → VIEWER"), .init("STATE"), .init("PREFIXES", .trailing),
                .init("EXPECTED", .trailing, wide: true), .init("FILTERED", .trailing, wide: true),
                .init("ADVERTISED", .trailing, wide: true), .init("RECEIVED", .trailing, wide: true),
                .init("IMPORTED", .trailing, wide: true),
                .init("INSTALLED", .trailing, wide: true), .init("STEERED", .trailing, wide: true), .init("PROBED", .trailing, wide: true),
                .init("RETURNED", .trailing, wide: true), .init("BROKEN AT"),
                .init("CAUSE", wide: true),
            ], emptyNote: Self.emptyNote)
        for pair in pairs {
            let counts = pair.counts
            let numbers = [
                counts.expected, counts.filtered, counts.advertised, counts.received, counts.imported, counts.installed, counts.steered,
                counts.probed, counts.returned,
            ]
            table.add(
                [StyledText(pair.vpn.text), StyledText(pair.direction), pair.state.styled, StyledText(pair.share)]
                    + numbers.map { StyledText("\($0)") }
                    + [StyledText(pair.cause?.step.rawValue ?? ""), StyledText(pair.cause?.code ?? "")])
        }
        return table
    }

    /// `4 pairs: 3 OK, 1 FAIL`.
    var sum: StyledText {
        let tally = tally
        let counts: [(Int, VerdictState)] = [
            (tally.ok, .ok), (tally.programmed, .programmed), (tally.degraded, .degraded), (tally.failed, .failed),
            (tally.unknown, .unknown), (tally.waiting, .waiting), (tally.empty, .empty),
        ]
        let parts = counts.filter { $0.0 > 0 }.map { StyledText("\($0.0) ") + $0.1.styled }
        guard !parts.isEmpty else { return "" }
        return StyledText("\(count(counts.reduce(0) { $0 + $1.0 }, "pair")): ") + parts.joined(separator: ", ")
    }
}

extension PairVerdict {
    /// `OK 4/4`
    fileprivate var cell: StyledText { share.isEmpty ? state.styled : state.styled + StyledText(" \(share)") }

    /// The first broken step, why, how one sees it, and what to do.
    var explanation: Page {
        var page = Page()
        guard let cause else {
            page.field("why", "the coordinator sent no cause")
            return page
        }
        page.field("why", StyledText(cause.sentence))
        page.field(state.placeTitle, StyledText("\(cause.step.place), \(cause.code)"))
        page.field("prefixes", brokenPrefixes)
        page.field("evidence", cause.evidence.map { StyledText($0) })
        page.field("remedy", [StyledText](remedy: cause.remedy))
        return page
    }

    /// The same of several pairs for the same reason: what was seen for any of them, each once.
    fileprivate static func explanation(of pairs: [PairVerdict]) -> Page {
        var whole = pairs[0]
        var seen: Set<String> = []
        // How many prefixes it is, is told once for all.
        let evidence = pairs.flatMap { pair in (pair.cause?.evidence ?? []).filter { !$0.hasSuffix(" prefixes do not arrive") } }
        whole.cause?.evidence = Array(evidence.filter { seen.insert($0).inserted }.prefix(evidenceLimit))
        // What an agent did with its intent is no matter of prefixes.
        whole.prefixes = whole.cause?.step == .acknowledged ? [] : pairs.flatMap(\.prefixes)
        return whole.explanation
    }

    private static let evidenceLimit = 8
    private static let prefixLimit = 6

    /// `2 of 4: 10.1.0.11/32, fd10:1::11/128`.
    private var brokenPrefixes: [StyledText] {
        guard !broken.isEmpty else { return [] }
        let names = broken.prefix(Self.prefixLimit).map(\.prefix.description).joined(separator: ", ")
        let rest = broken.count > Self.prefixLimit ? ", … (-o json has all)" : ""
        return [StyledText("\(broken.count) of \(prefixes.count): \(names)\(rest)")]
    }
}
