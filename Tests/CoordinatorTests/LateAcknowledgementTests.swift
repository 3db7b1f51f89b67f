import Coordinator
import FederationAPI
import FederationModel
import Testing

@Suite("Acknowledgements that come late", .timeLimit(.minutes(1)))
struct LateAcknowledgementTests {
    @Test("one that was under way when its VPN was taken away leaves no record behind, and none that anybody waits for")
    func removed() async throws {
        try await TestControlPlane.with { test in
            try await test.apply(federationFile(vpns: ["blue", "red"]))
            let (controlPlane, paris, red) = (test.controlPlane, gateway("paris/gw1"), resource("vpn/red"))
            let session = controlPlane.begin(paris, hello: Hello(software: "test"))
            func read() { while controlPlane.next(for: session) != nil {} }
            func acknowledge(_ version: ResourceVersion) throws {
                try controlPlane.receive(.acknowledgement(red, .applied(version)), in: session)
            }
            read()
            let version = try #require(controlPlane.current.intents[paris]?.versions[red])
            try acknowledge(version)
            #expect(controlPlane.registry.all[paris]?.resources[red]?.applied == version)
            try await test.apply(federationFile(vpns: ["blue"]), .init(yesRemove: 10))
            read()
            try acknowledge(version)
            #expect(controlPlane.registry.all[paris]?.resources[red] == nil)
            // It comes back, and what is said of it counts again.
            try await test.apply(federationFile(vpns: ["blue", "red"]))
            read()
            let later = try #require(controlPlane.current.intents[paris]?.versions[red])
            try acknowledge(later)
            #expect(controlPlane.registry.all[paris]?.resources[red]?.applied == later)
        }
    }
}
