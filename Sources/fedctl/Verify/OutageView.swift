import FederationModel
import FederationViews
import Terminal
import Verification

/// What an outage would do.
struct OutageView: Encodable {
    var outage: String
    /// How many pairs there are.
    var pairs: Int
    var impacts: [Impact]

    init(outage: Outage, pairs: Int, impacts: [Impact]) {
        self.outage = outage.description
        self.pairs = pairs
        self.impacts = impacts
    }

    private static let limit = 30

    /// The sum, then the pairs, those that are lost first.
    /// - Parameter wide: all of them; else at most a screen.
    func page(wide: Bool) -> Page {
        var page = Page()
        let lost = impacts.filter { $0.effect == .lost }
        let moved = impacts.filter { $0.effect == .moved }
        let broken = impacts.count - lost.count - moved.count
        var sum = StyledText("\(outage): \(count(pairs, "pair")): ", .heading)
        sum = sum + StyledText("\(lost.count) LOST", lost.isEmpty ? .faint : .bad) + ", "
        sum = sum + StyledText("\(moved.count) MOVE", moved.isEmpty ? .faint : .doubtful) + ", \(pairs - impacts.count) unchanged"
        page.line(broken > 0 ? sum + ", \(broken) do not work now" : sum)
        let shown = wide ? lost + moved : Array((lost + moved).prefix(Self.limit))
        guard !shown.isEmpty else { return page }
        page.gap()
        var table = Table([.init("VPN"), .init("ORIGIN → VIEWER"), .init("EFFECT"), .init("WHY")], emptyNote: "none")
        for impact in shown {
            table.add([
                StyledText(impact.vpn.text), StyledText("\(impact.origin) → \(impact.viewer)"),
                impact.effect == .lost ? StyledText("LOST", .bad) : StyledText("MOVES", .doubtful), StyledText(impact.reason),
            ])
        }
        page.table(table)
        let rest = lost.count + moved.count - shown.count
        if rest > 0 { page.line(StyledText("… \(rest) more (-o wide has all)", .faint)) }
        return page
    }
}
