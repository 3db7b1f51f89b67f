import Federation
import Terminal

extension Plan {
    /// All that would be done: what changes of clouds and VPNs, what that makes of the gateways, who reaches whom.
    ///
    /// - Parameter wide: with every gateway and every pair.
    func page(wide: Bool) -> Page {
        var page = changesPage
        guard !isEmpty else { return page }
        if wide, !gateways.isEmpty {
            page.heading("GATEWAYS")
            page.table(gatewayTable, indentation: 2)
        }
        page.heading("REACHABILITY")
        page.table(reachTable(limit: wide ? .max : Self.pairLimit), indentation: 2)
        page.gap()
        page.line(StyledText(sum))
        return page
    }

    /// What changes of the graph alone.
    var changesPage: Page {
        var page = Page()
        guard !objects.isEmpty else {
            page.line(StyledText(gateways.isEmpty ? "no cloud and no VPN changes" : "the graph stays as it is", .faint))
            return page
        }
        let width = objects.reduce(0) { max($0, displayWidth($1.path)) }
        for object in objects {
            let filling = String(repeating: " ", count: width - displayWidth(object.path))
            let gateways = object.gateways.isEmpty ? "" : "\(filling)  → \(Self.names(object.gateways.map(\.description)))"
            page.line(StyledText("\(object.kind.mark) \(object.path)", object.kind.style) + StyledText(gateways, .faint))
            for detail in object.details { page.line(StyledText(detail), indentation: 4) }
        }
        return page
    }

    /// More pairs of a VPN than these are counted and not named.
    private static let pairLimit = 6
    private static let nameLimit = 4

    private static func names(_ names: [String]) -> String {
        guard names.count > nameLimit else { return names.joined(separator: ", ") }
        return names.prefix(nameLimit).joined(separator: ", ") + " and \(names.count - nameLimit) more"
    }

    private var gatewayTable: Table {
        var table = Table([.init("GATEWAY"), .init("RESOURCE"), .init("CHANGE"), .init("DETAILS")], emptyNote: "no gateway is affected")
        for change in gateways {
            let details = change.details.isEmpty ? [""] : change.details
            for (index, detail) in details.enumerated() {
                table.add(
                    index == 0
                        ? [
                            StyledText("\(change.gateway)"), StyledText("\(change.resource)"),
                            StyledText(change.kind.rawValue, change.kind.style), StyledText(detail),
                        ] : ["", "", "", StyledText(detail)])
            }
        }
        return table
    }

    private func reachTable(limit: Int) -> Table {
        var table = Table(
            [.init("VPN"), .init("GAINED", .trailing), .init("LOST", .trailing), .init("PAIRS")], emptyNote: "nobody gains or loses anybody")
        let gained = Dictionary(grouping: gained, by: \.vpn)
        let lost = Dictionary(grouping: lost, by: \.vpn)
        for vpn in Set(gained.keys).union(lost.keys).sorted() {
            let more = gained[vpn] ?? [], less = lost[vpn] ?? []
            let pairs = more.map { ("+", Style.good, $0) } + less.map { ("-", Style.bad, $0) }
            var words = pairs.prefix(limit).map { mark, style, reach in StyledText("\(mark)\(reach.from) → \(reach.to)", style) }
            if pairs.count > limit { words.append(StyledText("… (-o wide has all)", .faint)) }
            table.add([
                StyledText(vpn.text), StyledText("\(more.count)", more.isEmpty ? .faint : .good),
                StyledText("\(less.count)", less.isEmpty ? .faint : .bad), words.joined(separator: ", "),
            ])
        }
        return table
    }

    /// `2 changes, 2 gateways affected; 2 reachabilities gained, 0 lost; 0 prefixes withdrawn`.
    var sum: String {
        "\(count); \(Terminal.count(gained.count, "reachability", plural: "reachabilities")) gained, \(lost.count) lost; "
            + "\(Terminal.count(withdrawals, "prefix", plural: "prefixes")) withdrawn"
    }
}

extension GraphChange {
    /// `VPN blue` as `vpn/blue`, the way that commands name it.
    var path: String {
        let attachment = "attachment of VPN "
        if object.hasPrefix(attachment) {
            let parts = object.dropFirst(attachment.count).split(separator: ": ", maxSplits: 1)
            return parts.count == 2 ? "vpn/\(parts[0]) attachment \(parts[1])" : object
        }
        guard let blank = object.firstIndex(of: " ") else { return object }
        return object[..<blank].lowercased() + "/" + object[object.index(after: blank)...]
    }
}

extension GraphChange.Kind {
    var mark: String {
        switch self {
        case .added: "+"
        case .changed: "~"
        case .removed: "-"
        }
    }

    var style: Style {
        switch self {
        case .added: .good
        case .changed: .doubtful
        case .removed: .bad
        }
    }
}

extension [Finding] {
    /// Without the places of a file.
    var page: Page {
        var page = Page()
        for finding in self {
            let style: Style = finding.severity == .error ? .bad : .doubtful
            page.line(
                StyledText("\(finding.severity.rawValue): ", style) + StyledText("\(finding.path): \(finding.reason) (\(finding.code.rawValue))"))
            page.line(StyledText("remedy: ", .faint) + StyledText(finding.remedy), indentation: 4)
        }
        let errors = count { $0.severity == .error }
        if errors > 0 { page.line(StyledText("\(Terminal.count(errors, "error")); nothing was applied", .heading)) }
        return page
    }
}
