import FederationModel
import NetworkTypes

/// Compiles a VPN's policy to the route targets of each of its clouds.
///
/// A pattern only decides which targets a cloud exports and imports; import-only and export-only remove one side in every
/// pattern, and raw targets are added to the rest.
///
/// A cloud that is in the VPN only because of shares is a guest: it and the members reach each other, whatever their roles, but
/// guests do not reach guests. That separates two tenants that share into the same VPN.
struct PolicyTargets {
    private let name: VPNName
    private let vpn: VPN
    private let clouds: [CloudName: Cloud]
    /// The target that guests export.
    private let guests: RouteTarget?
    private let target: (TargetOwner) throws(CompilationError) -> RouteTarget

    /// - Parameter guests: Nil if nobody shares into the VPN, and in ledgers of older releases, where guests were like members: an old
    ///   revision is compiled as it was, and the next change allocates the target.
    init(
        _ name: VPNName, _ vpn: VPN, in clouds: [CloudName: Cloud], guests: RouteTarget?,
        target: @escaping (TargetOwner) throws(CompilationError) -> RouteTarget
    ) {
        self.name = name
        self.vpn = vpn
        self.clouds = clouds
        self.guests = guests
        self.target = target
    }

    /// In the order of the members.
    func entries(_ members: [Member]) throws(CompilationError) -> [TargetTable.Entry] {
        switch vpn.policy {
        case .fullMesh: try fullMesh(members)
        case .hubAndSpoke: try hubAndSpoke(members)
        case .partialMesh(let edges): try partialMesh(members, edges)
        }
    }

    /// Every member reaches every other: one target in both directions, and one for guests.
    private func fullMesh(_ members: [Member]) throws(CompilationError) -> [TargetTable.Entry] {
        let mesh = try target(.vpn(name))
        // Created once, shared by all members.
        let own = (imports: withRaw([mesh] + guestTargets, vpn.importTargets), exports: withRaw([mesh], vpn.exportTargets))
        let guests = (imports: withRaw([mesh], vpn.importTargets), exports: withRaw([self.guests ?? mesh], vpn.exportTargets))
        return members.map { $0.isGuest ? Self.entry($0, guests.imports, guests.exports) : Self.entry($0, own.imports, own.exports) }
    }

    /// Hubs export what spokes import, and vice versa (RFC 4364, section 4.3.5); hubs also reach each other.
    /// A spoke whose cloud serves another VPN's prefixes is also a hub.
    private func hubAndSpoke(_ members: [Member]) throws(CompilationError) -> [TargetTable.Entry] {
        let hub = try target(.vpn(name))
        let spoke = try target(.spoke(name))
        let hubs = (imports: withRaw([hub, spoke] + guestTargets, vpn.importTargets), exports: withRaw([hub], vpn.exportTargets))
        let spokes = (imports: withRaw([hub] + guestTargets, vpn.importTargets), exports: withRaw([spoke], vpn.exportTargets))
        let guests = (imports: withRaw([hub, spoke], vpn.importTargets), exports: withRaw([self.guests ?? hub], vpn.exportTargets))
        let both = (imports: hubs.imports, exports: withRaw([hub, spoke], vpn.exportTargets))
        return members.map { member in
            let targets =
                switch (member.role, member.isServing) {
                case (nil, _): guests
                case (.hub, _): hubs
                case (_, true): both
                case (_, false): spokes
                }
            return Self.entry(member, targets.imports, targets.exports)
        }
    }

    /// One target per cloud, imported by clouds that have an edge to it. A cloud that serves another VPN's prefixes has an edge with
    /// all; a guest has no other edges, and none with guests.
    private func partialMesh(_ members: [Member], _ edges: [PolicyEdge]) throws(CompilationError) -> [TargetTable.Entry] {
        var targets: [RouteTarget] = []
        for member in members { targets.append(try target(.cloud(name, member.cloud))) }
        var sources = Array(repeating: Set<Int>(), count: members.count)
        let picks = members.map { clouds[$0.cloud] ?? Cloud() }
        let own = members.indices.filter { !members[$0].isGuest }
        func connect(_ from: [Int], _ to: [Int]) { for index in to { sources[index].formUnion(from) } }
        for edge in edges {
            let from = own.filter { edge.from.picks(members[$0].cloud, picks[$0]) }
            let to = own.filter { edge.to.picks(members[$0].cloud, picks[$0]) }
            connect(from, to)
            if !edge.isOneWay { connect(to, from) }
        }
        let guests = members.indices.filter { members[$0].isGuest }, serving = own.filter { members[$0].isServing }
        for (some, others) in [(guests, own), (serving, Array(members.indices))] {
            connect(some, others)
            connect(others, some)
        }
        return members.indices.map { index in
            let imports = sources[index].filter { $0 != index }.map { targets[$0] }
            return Self.entry(
                members[index], withRaw(imports, vpn.importTargets), withRaw([targets[index]], vpn.exportTargets))
        }
    }

    private var guestTargets: [RouteTarget] { guests.map { [$0] } ?? [] }

    private static func entry(_ member: Member, _ imports: [RouteTarget], _ exports: [RouteTarget]) -> TargetTable.Entry {
        TargetTable.Entry(cloud: member.cloud, imports: member.learns ? imports : [], exports: member.advertises ? exports : [])
    }

    private func withRaw(_ targets: [RouteTarget], _ raw: [RouteTarget]) -> [RouteTarget] {
        targets.count + raw.count < 2 ? targets + raw : Set(targets + raw).sorted()
    }
}
