import FederationModel
import NetworkTypes

extension FileWalk {
    /// VTEPs of other fabrics whose routes a VPN accepts.
    mutating func externalOrigins(of item: Item, _ context: VPNContext) -> [RouteOrigin] {
        let example = "externalOrigins: [{vtep: 192.0.2.9, as: 65010}]"
        guard let elements = elements(of: item, example: example) else { return [] }
        var origins: [RouteOrigin] = []
        var lines: [IPv4Address: Int] = [:]
        for element in elements {
            guard let fields = fields(of: element, .externalOrigin) else { continue }
            let asn = fields["as"].flatMap { value(of: $0, as: ASN.self) }
            let takesDefault = fields["defaultRoute"].flatMap { flag(of: $0) } ?? false
            guard let item = fields["vtep"], let vtep = foreignVTEP(of: item, context) else { continue }
            if let line = lines.updateValue(item.place.line, forKey: vtep) {
                reportTwice(item, vtep.description, line)
            } else if let asn {
                origins.append(RouteOrigin(vtep: vtep, asn: asn, originatesDefault: takesDefault))
            }
        }
        return origins
    }

    private mutating func foreignVTEP(of item: Item, _ context: VPNContext) -> IPv4Address? {
        guard let address = value(of: item, as: IPAddress.self) else { return nil }
        guard case .v4(let vtep) = address else {
            report(
                at: item.place, path: item.path, value: address.description,
                reason: "\(address) is an IPv6 address: EVPN in FRR 8.4 supports IPv4 VTEPs only",
                remedy: "write the IPv4 next hop of the other fabric's routes, like 192.0.2.9")
            return nil
        }
        if let purpose = SpecialPurpose(of: address) {
            report(
                at: item.place, path: item.path, value: address.description,
                reason: "invalid VTEP \(address): \(purpose.words)",
                remedy: "write the next hop of the other fabric's routes, like 192.0.2.9")
            return nil
        }
        let own = context.clouds.sorted { $0.key < $1.key }.first { _, cloud in
            cloud.gateways.values.contains { $0.vtep == address } || cloud.vtepPool?.contains(IPPrefix(host: address)) == true
        }
        guard let own else { return vtep }
        report(
            at: item.place, path: item.path, value: vtep.description,
            reason: "\(vtep) is a VTEP of cloud \(own.key), which is in this federation: its routes enter the VPN through attachments only",
            remedy: "add an attachment of \(own.key), or write a VTEP of the other fabric")
        return nil
    }

    /// Raw import targets alone accept nothing: the allowed origins must be listed.
    mutating func checkRawImports(_ vpn: VPN, _ fields: [String: Item]) {
        guard let item = fields["importTargets"], !vpn.importTargets.isEmpty, fields["externalOrigins"] == nil else { return }
        report(
            .warning, at: item.namePlace, path: item.path,
            reason: "“importTargets” has no effect without “externalOrigins”: no route of another fabric is installed",
            remedy: "add the VTEPs whose routes are accepted, like “externalOrigins: [{vtep: 192.0.2.9, as: 65010}]”")
    }
}
