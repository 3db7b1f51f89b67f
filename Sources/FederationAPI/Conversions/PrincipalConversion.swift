import NetworkTypes

extension Principal {
    init(_ wire: WirePrincipal) throws(ConversionError) {
        do throws(ParseError) {
            try self.init(parsing: wire.name, certificate: wire.hasCertificate ? wire.certificate : nil)
        } catch {
            throw ConversionError(field: "name", reason: error.description)
        }
    }
}

extension WirePrincipal {
    init(_ principal: Principal) {
        self.init()
        name = principal.description
        if let serial = principal.certificate { certificate = serial }
    }
}
