import FederationAPI
import FederationModel
import Foundation
import NetworkTypes
import Testing

@Suite("Who acts", .timeLimit(.minutes(1)))
struct PrincipalTests {
    private let all: [Principal] = [
        Principal(.admin(AdminName("ada")!), certificate: "3f01"), Principal(.admin(AdminName("gw1")!)),
        Principal(.admin(AdminName("coordinator")!)), Principal(.agent(GatewayID(cloud: CloudName("paris")!, node: NodeName("gw1")!))),
        .coordinator,
    ]

    @Test("is printed so that it reads as nobody else, and is read back")
    func text() throws {
        #expect(all.map(\.description) == ["ada", "gw1", "coordinator", "paris/gw1", "(coordinator)"])
        for principal in all { #expect(try Principal(parsing: principal.description, certificate: principal.certificate) == principal) }
    }

    @Test(
        "is stored and read back; what is no name is nobody",
        arguments: ["", "a b", "(ada)", "(coordinator", "a/b/c", "/", "ada\n(coordinator)", "a\u{202e}b"])
    func forged(_ text: String) throws {
        #expect(throws: ParseError.self) { try Principal(parsing: text) }
        let json = try JSONEncoder().encode(["name": text])
        #expect(throws: (any Error).self) { try JSONDecoder().decode(Principal.self, from: json) }
        for principal in all { #expect(try JSONDecoder().decode(Principal.self, from: JSONEncoder().encode(principal)) == principal) }
    }
}
