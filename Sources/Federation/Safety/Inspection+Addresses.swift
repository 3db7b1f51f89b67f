import NetworkTypes

extension Inspection {
    /// Networks that a cloud of the VPN cannot tell apart.
    func overlaps(of name: VPNName, _ vpn: VPN) -> [Finding] {
        let conflicts = AddressPlan(name, in: new, found: found).conflicts()
        let known = foreignOverlaps(of: name, vpn)
        guard !conflicts.isEmpty else { return known }
        let before = Set(old.map { AddressPlan(name, in: $0, found: found).conflicts() } ?? [])
        return known
            + conflicts.map { conflict in
                let (one, other) = (conflict.one, conflict.other)
                let what = one.prefix == other.prefix ? "both have \(one.prefix)" : "have \(one.prefix) and \(other.prefix)"
                let isOld = before.contains(conflict)
                return Finding(
                    isOld ? .warning : .error, .overlappingPrefixes, path: "vpns.\(name)",
                    reason: "\(one.cloud) and \(other.cloud) \(what), and \(conflict.viewer) cannot tell them apart"
                        + (isOld ? "; it is so today" : ""),
                    remedy: "renumber one of them, keep it in with “export”, list it under “anycast” if it is one service at many places, "
                        + "or write allowOverlap: true if you know that nobody sends there")
            }
    }

    /// What agents have learned from somebody else's fabric by raw targets, over the VPN's own networks.
    private func foreignOverlaps(of name: VPNName, _ vpn: VPN) -> [Finding] {
        guard !vpn.importTargets.isEmpty, !vpn.allowsOverlap, !facts.isEmpty else { return [] }
        let raw = Set(vpn.importTargets)
        // Not ours: what gateways of the federation send is looked at with their clouds.
        let vteps = Set(new.intents.values.map { IPAddress.v4($0.base.vtep) } + (old?.intents.values.map { .v4($0.base.vtep) } ?? []))
        let plan = AddressPlan(name, in: new, found: found)
        var findings: [Finding] = []
        for cloud in (new.targets.entries[name] ?? []).map(\.cloud) {
            let own = plan.own(of: cloud).map(\.prefix)
            let received = (new.graph.clouds[cloud]?.gateways.keys.sorted() ?? []).flatMap {
                facts[GatewayID(cloud: cloud, node: $0)]?.received ?? []
            }
            let foreign = received.filter { route in
                !vteps.contains(route.nextHop) && !raw.isDisjoint(with: route.routeTargets) && vpn.importFilter.permits(route.prefix)
            }
            let met = foreign.compactMap { route in own.first { $0.overlaps(route.prefix) }.map { (own: $0, route: route) } }
            guard let first = met.min(by: { $0.route.prefix < $1.route.prefix }) else { continue }
            findings.append(
                Finding(
                    .warning, .overlappingPrefixes, path: "vpns.\(name).importTargets",
                    reason: "\(cloud) has \(first.own) itself, and has learned \(first.route.prefix) with a target that VPN \(name) imports"
                        + (met.count > 1 ? ", and \(met.count - 1) more like it" : ""),
                    remedy: "keep it out with “filters: {import: […]}”, or renumber"))
        }
        return findings
    }

    /// A hub's transit prefixes stand in its VRF as unreachable. What is more special than they are is found before them; an own
    /// subnet that holds one of them, or is one, is hidden by it.
    func transit(of name: VPNName, _ vpn: VPN) -> [Finding] {
        guard !vpn.policy.transit.isEmpty else { return [] }
        let plan = AddressPlan(name, in: new, found: found)
        var findings: [Finding] = []
        for entry in new.targets.entries[name] ?? [] {
            guard let intent = Self.intent(of: name, in: entry.cloud, new), !intent.originated.isEmpty else { continue }
            for network in plan.own(of: entry.cloud) {
                for transit in intent.originated where network.prefix.contains(transit) {
                    findings.append(
                        Finding(
                            .error, .transitHidesSubnet, path: "vpns.\(name).policy.hub-and-spoke.transit",
                            reason: "the transit prefix \(transit) lies in \(network.prefix), which the hub \(entry.cloud) has itself: its machines there "
                                + "would not be reached",
                            remedy: "take a transit prefix that holds the subnets of all clouds, or leave \(transit) out"))
                }
            }
        }
        return findings
    }

    /// Routers that are in two VPNs of one cloud.
    func routersInSeveral() -> [Finding] {
        let touched = Set(vpns)
        var plans: [VPNName: AddressPlan] = [:]
        var findings: [Finding] = []
        for cloud in Set(vpns.flatMap { new.targets.entries[$0] ?? [] }.map(\.cloud)).sorted() {
            for (router, places) in places(in: cloud, new) {
                let names = places.keys.sorted()
                guard names.count > 1, names.contains(where: touched.contains) else { continue }
                let before = old.map { self.places(in: cloud, $0)[router] ?? [:] } ?? [:]
                for (index, one) in names.enumerated() {
                    for other in names[(index + 1)...] where touched.contains(one) || touched.contains(other) {
                        let isOld = before[one] != nil && before[other] != nil
                        let path = "vpns.\(touched.contains(other) ? other : one).attachments"
                        if places[one] == .own, places[other] == .own {
                            findings.append(
                                Finding(
                                    .warning, .routerInTwoVPNs, path: path,
                                    reason: "router \(router) of \(cloud) is in VPN \(one) and in VPN \(other); its agent lets it into one",
                                    remedy: "attach different routers, or let one VPN share prefixes into the other (“shares”)"))
                        }
                        for name in [one, other] where plans[name] == nil { plans[name] = AddressPlan(name, in: new, found: foundEverywhere(name)) }
                        guard let met = meeting(plans[one], plans[other], at: cloud) else { continue }
                        findings.append(
                            Finding(
                                isOld ? .warning : .error, .routerSharesAddresses, path: path,
                                reason: "router \(router) of \(cloud) is in VPN \(one) and VPN \(other), which have \(met.0.prefix) in \(met.0.cloud) "
                                    + "and \(met.1.prefix) in \(met.1.cloud): what it sends there cannot be told apart" + (isOld ? "; it is so today" : ""),
                                remedy: "renumber one of them, or share from another router"))
                    }
                }
            }
        }
        return findings
    }

    private enum Share {
        case own, shared
    }

    /// The VPNs of each router of the cloud; where agents do not know it, of each selector.
    private func places(in cloud: CloudName, _ compilation: Compilation) -> [String: [VPNName: Share]] {
        var places: [String: [VPNName: Share]] = [:]
        guard let node = compilation.graph.clouds[cloud]?.gateways.keys.first,
            let intent = compilation.intents[GatewayID(cloud: cloud, node: node)]
        else { return [:] }
        for (name, vpn) in intent.vpns {
            for attachment in vpn.attachments {
                let routers = found[cloud]?[attachment.selector]?.routers ?? []
                for router in routers.isEmpty ? [attachment.selector.description] : routers {
                    if attachment.only.isEmpty || places[router]?[name] == nil {
                        places[router, default: [:]][name] = attachment.only.isEmpty ? .own : .shared
                    }
                }
            }
        }
        return places
    }

    /// With what is found in the clouds of a VPN that the plan does not touch.
    private func foundEverywhere(_ name: VPNName) -> [CloudName: [AttachmentSelector: Found]] {
        guard !facts.isEmpty else { return [:] }
        var all = found
        for cloud in (new.targets.entries[name] ?? []).map(\.cloud) where all[cloud] == nil {
            all[cloud] = Found.index(
                cloud, new.graph.clouds[cloud]?.gateways.keys.compactMap { facts[GatewayID(cloud: cloud, node: $0)] } ?? [])
        }
        return all
    }

    /// Two networks that the cloud learns in either VPN, with addresses in common.
    private func meeting(
        _ one: AddressPlan?, _ other: AddressPlan?, at cloud: CloudName
    ) -> (AddressPlan.Network, AddressPlan.Network)? {
        guard let one = one?.learned(by: cloud), let other = other?.learned(by: cloud) else { return nil }
        // A cloud that is in both by the same share has its prefixes once.
        for network in one {
            if let met = other.first(where: { $0.prefix.overlaps(network.prefix) && $0.cloud != network.cloud }) { return (network, met) }
        }
        return nil
    }
}
