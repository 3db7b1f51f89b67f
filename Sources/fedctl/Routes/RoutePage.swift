import FederationModel
import FederationViews
import Terminal

extension [RouteView] {
    var page: Page {
        var table = Table(
            [
                .init("VPN"), .init("GATEWAY"), .init("PREFIX"), .init("FROM"), .init("ADVERTISED"), .init("RECEIVED"), .init("IMPORTED"),
                .init("INSTALLED"), .init("STEERED"), .init("NAT EXEMPT", wide: true), .init("NEXT HOP", wide: true),
                .init("RD", wide: true),
                .init("ROUTE TARGETS", wide: true), .init("ROUTER MAC", wide: true), .init("AS PATH", wide: true),
            ], emptyNote: "no gateway reports any route")
        for route in self {
            table.add(
                [
                    StyledText(route.vpn?.text ?? "none", route.vpn == nil ? .doubtful : nil), StyledText("\(route.gateway)"),
                    StyledText("\(route.prefix)"),
                ]
                    + (route.origin == .local ? route.localCells : route.learnedCells))
        }
        var page = Page()
        page.table(table)
        if !isEmpty {
            page.gap()
            let local = count { $0.origin == .local }
            page.line(StyledText("\(Terminal.count(count, "route")): \(local) from gateways’ own ports, \(count - local) learned", .faint))
            let intruders = count { !$0.intruders.isEmpty }
            if intruders > 0 {
                page.line(StyledText("\(intruders) from an intruder; details: fedctl verify", .bad))
            }
        }
        return page
    }
}

extension RouteView {
    fileprivate var localCells: [StyledText] {
        let mark: StyledText =
            switch (expected, advertised) {
            case (true, true): StyledText("yes", .good)
            case (true, false): StyledText("no", .bad)
            // Somebody else put it into the VRF.
            case (false, _): StyledText("unexpected", .doubtful)
            }
        return ["local", mark]
    }

    fileprivate var learnedCells: [StyledText] {
        let best = received.first(where: \.isBest) ?? received.first
        let hop = best?.nextHop ?? imported?.nextHop ?? installed?.nextHop
        return [
            StyledText(from.isEmpty ? hop?.description ?? "" : from.map(\.description).joined(separator: ", ")), "", receivedMark,
            intruders.isEmpty
                ? mark(imported.map { $0.isBest ? "yes" : "not best" }, good: imported?.isBest == true) : StyledText("INTRUDER", .bad),
            mark(installed.map { $0.tunnelReady ? "yes" : "no tunnel" }, good: installed?.tunnelReady == true),
            mark(steered ? "yes" : nil, good: steered), mark(exempted ? "yes" : nil, good: exempted),
            StyledText(hop?.description ?? ""), StyledText(best?.routeDistinguisher.description ?? ""),
            StyledText(best?.routeTargets.map(\.description).joined(separator: " ") ?? ""), StyledText(best?.routerMAC?.description ?? ""),
            StyledText(best?.asPath.map { "\($0)" }.joined(separator: " ") ?? ""),
        ]
    }

    private var receivedMark: StyledText {
        if received.contains(where: { $0.isBest && $0.isValid }) {
            return StyledText(received.count > 1 ? "yes (\(received.count) paths)" : "yes", .good)
        }
        return received.isEmpty ? mark(nil, good: false) : StyledText(received.contains(where: \.isValid) ? "not best" : "not valid", .bad)
    }

    private func mark(_ text: String?, good: Bool) -> StyledText { StyledText(text ?? "no", good ? .good : .bad) }
}
