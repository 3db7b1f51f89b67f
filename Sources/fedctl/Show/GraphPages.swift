import FederationAPI
import FederationModel
import FederationViews
import Terminal
import Verification

extension [CloudView] {
    var page: Page {
        var table = Table(
            [
                .init("CLOUD"), .init("AS", .trailing), .init("GATEWAYS", .trailing), .init("CONNECTED", .trailing), .init("VPNS"),
                .init("BGP", wide: true), .init("ROUTE SERVERS", wide: true), .init("UNDERLAY MTU", .trailing, wide: true),
                .init("VTEPS", wide: true),
            ], emptyNote: "no clouds")
        for cloud in self {
            let connected = cloud.gateways.count { $0.connected }
            table.add([
                StyledText(cloud.name.text), StyledText(cloud.asn?.description ?? ""), StyledText("\(cloud.gateways.count)"),
                StyledText("\(connected)", connected < cloud.gateways.count ? .bad : .good),
                StyledText(cloud.vpns.map(\.text).joined(separator: ", ")), StyledText(cloud.management.rawValue),
                StyledText(cloud.routeServers.map(\.text).joined(separator: ", ")), StyledText("\(cloud.underlayMTU)"),
                StyledText(cloud.gateways.map(\.vtep).joined(separator: ", ")),
            ])
        }
        var page = Page()
        page.table(table)
        return page
    }
}

extension CloudView {
    /// Everything there is to say of one cloud.
    func description(verification: VerificationResult) -> Page {
        var page = Page()
        page.heading(StyledText("cloud \(name)"))
        page.field("AS", StyledText(asn?.description ?? ""))
        page.field("BGP", StyledText(management == .agent ? "managed by the agents" : "managed by the operator"))
        page.field("route servers", routeServers.map { StyledText($0.text) })
        page.field("underlay MTU", StyledText("\(underlayMTU)"))
        page.heading("GATEWAYS")
        var table = Table(
            [.init("GATEWAY"), .init("STATE"), .init("VTEP"), .init("ROUTER MAC"), .init("PROBE ADDRESS")], emptyNote: "none")
        for gateway in gateways {
            table.add([
                StyledText(gateway.gateway.description), gateway.state.styled,
                StyledText(gateway.vtep), StyledText(gateway.routerMAC), StyledText(gateway.probeAddress),
            ])
        }
        page.table(table, indentation: 2)
        page.heading("VPNS")
        page.table(verification.list, indentation: 2)
        if !verification.pairs.isEmpty { page.line(verification.probes.note, indentation: 2) }
        return page
    }
}

extension [VPNView] {
    var page: Page {
        var table = Table(
            [
                .init("VPN"), .init("VNI", .trailing), .init("ROUTE TARGET"), .init("KIND"), .init("POLICY"), .init("CLOUDS"),
                .init("ATTACHMENTS", wide: true),
            ], emptyNote: "no VPNs")
        for vpn in self {
            table.add([
                StyledText(vpn.name.text), StyledText(vpn.vni?.description ?? ""), StyledText(vpn.routeTarget),
                StyledText(vpn.kind.rawValue),
                StyledText(vpn.policy.pattern.rawValue), StyledText(vpn.clouds.map(\.text).joined(separator: ", ")),
                StyledText(vpn.attachments.map(\.description).joined(separator: "; ")),
            ])
        }
        var page = Page()
        page.table(table)
        return page
    }
}

extension VPNView {
    /// Everything there is to say of one VPN.
    func description(verification: VerificationResult) -> Page {
        var page = Page()
        page.heading(StyledText("VPN \(name)"))
        page.field("VNI", StyledText(vni?.description ?? ""))
        page.field("route target", StyledText(routeTarget))
        page.field("kind", StyledText(kind.rawValue))
        page.field("MTU", StyledText(mtu.map(String.init) ?? "what each underlay carries"))
        page.field("policy", StyledText(policy.pattern.rawValue))
        page.heading("ATTACHMENTS")
        for attachment in attachments {
            let reports = found.filter { $0.gateway.cloud == attachment.cloud && $0.report.selector == attachment.selector }
            page.field(
                "\(attachment)",
                reports.isEmpty
                    ? [StyledText("no gateway reports on it", .doubtful)] : reports.map { StyledText("\($0.gateway): ") + $0.report.place })
        }
        if !complaints.isEmpty {
            page.heading("COMPLAINTS")
            for complaint in complaints {
                page.append([complaint.problem].page(title: nil, of: "\(complaint.gateway): "))
            }
        }
        page.heading("PAIRS")
        page.table(verification.list, indentation: 2)
        if !verification.pairs.isEmpty { page.line(verification.probes.note, indentation: 2) }
        return page
    }
}

extension AppliedGraph {
    /// An overview; the file itself is what `-o yaml` gives.
    func page(status: FederationStatus) -> Page {
        var page = Page()
        guard let graph else {
            page.line("no federation file is applied yet")
            return page
        }
        page.line(StyledText("federation \(graph.federation), revision \(revision)"))
        page.gap()
        page.append(graph.clouds.sorted { $0.key < $1.key }.map { CloudView($0.key, $0.value, in: self, status: status) }.page)
        page.gap()
        page.append(graph.vpns.sorted { $0.key < $1.key }.map { VPNView($0.key, $0.value, in: self) }.page)
        return page
    }
}
