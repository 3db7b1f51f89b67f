import FederationAPI
import Foundation
import Terminal

/// A certificate of the development authority, as it is shown.
struct CertificateView: Hashable, Sendable, Encodable {
    enum State: String, Hashable, Sendable, Encodable {
        case valid, expired, revoked
    }

    /// `spiffe://demo/cloud/paris/gateway/gw1`
    var identity: String
    var serial: String
    var state: State
    var notBefore: Date
    var notAfter: Date
    var file: String

    init(_ certificate: IssuedCertificate, now: Date) {
        identity = certificate.identity.description
        serial = certificate.serial
        state = certificate.isRevoked ? .revoked : certificate.notAfter < now ? .expired : .valid
        notBefore = certificate.notBefore
        notAfter = certificate.notAfter
        file = certificate.path
    }

    init(identity: String, serial: String, state: State, notBefore: Date, notAfter: Date, file: String) {
        self.identity = identity
        self.serial = serial
        self.state = state
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.file = file
    }

    private enum CodingKeys: CodingKey {
        case identity, serial, state, notBefore, notAfter, file
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(identity, forKey: .identity)
        try container.encode(serial, forKey: .serial)
        try container.encode(state, forKey: .state)
        try container.encode(notBefore.formatted(.iso8601), forKey: .notBefore)
        try container.encode(notAfter.formatted(.iso8601), forKey: .notAfter)
        try container.encode(file, forKey: .file)
    }

    /// `2027-11-23`, UTC.
    static func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }
}

extension [CertificateView] {
    var page: Page {
        var table = Table(
            [.init("IDENTITY"), .init("STATE"), .init("VALID UNTIL"), .init("FILE"), .init("SERIAL", wide: true)],
            emptyNote: "no certificate was issued yet: fedctl pki issue")
        for certificate in self {
            let style: Style =
                switch certificate.state {
                case .valid: .good
                case .expired: .doubtful
                case .revoked: .bad
                }
            table.add([
                StyledText(certificate.identity), StyledText(certificate.state.rawValue, style),
                StyledText(CertificateView.day(certificate.notAfter)), StyledText(certificate.file), StyledText(certificate.serial),
            ])
        }
        var page = Page()
        page.table(table)
        return page
    }
}
