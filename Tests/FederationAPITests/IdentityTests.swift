import FederationAPI
import FederationModel
import Testing

@Suite("Identities")
struct IdentityTests {
    @Test(
        "are read from the URI and written back",
        arguments: [
            "spiffe://demo/coordinator", "spiffe://demo/admin/alice", "spiffe://demo/cloud/paris/gateway/gw1",
            "spiffe://demo/cloud/paris/reader",
            "spiffe://demo.example/cloud/eu-west_1/gateway/node-1.example",
        ])
    func roundTrip(_ text: String) throws {
        #expect(try PeerIdentity(parsing: text).description == text)
    }

    @Test("say who it is")
    func parts() throws {
        let identity = try PeerIdentity(parsing: "spiffe://demo/cloud/paris/gateway/gw1")
        #expect(identity == .gateway(FederationID(unchecked: "demo"), World.paris))
        #expect(identity.role == .gateway)
    }

    @Test(
        "refuse everything else",
        arguments: [
            "", "demo", "https://demo/coordinator", "SPIFFE://demo/coordinator", "spiffe://", "spiffe:///coordinator", "spiffe://demo",
            "spiffe://demo/", "spiffe://demo/coordinator/", "spiffe://demo//coordinator", "spiffe://demo/coordinator?x=1",
            "spiffe://demo:443/coordinator", "spiffe://user@demo/coordinator", "spiffe://demo/Coordinator", "spiffe://demo/admin",
            "spiffe://demo/admin/", "spiffe://demo/admin/a/b", "spiffe://demo/cloud/paris/gateway", "spiffe://demo/cloud//reader",
            "spiffe://demo/reader/paris", "spiffe://demo/cloud/paris/gateway/",
            "spiffe://demo/cloud//gateway/gw1", "spiffe://demo/cloud/paris/gateway/gw1/x", "spiffe://demo/cloud/paris/node/gw1",
            "spiffe://demo/cloud/par%69s/gateway/gw1", "spiffe://demo/cloud/../gateway/gw1", "spiffe://demo/cloud/paris/gateway/gw1#f",
            "spiffe://demo/cloud/pa ris/gateway/gw1", " spiffe://demo/coordinator", "spiffe://demo/coordinator\n",
            "spiffe://demo/admin/al\0ice",
        ])
    func refused(_ text: String) {
        #expect(PeerIdentity(text) == nil)
    }
}

@Suite("Endpoints")
struct EndpointTests {
    @Test("are read and written back", arguments: ["192.0.2.1:7411", "[2001:db8::1]:7411", "coordinator.example:7411", "0.0.0.0:0"])
    func roundTrip(_ text: String) throws {
        #expect(try Endpoint(parsing: text).description == text)
    }

    @Test(
        "are refused without a port, without a host and with a bare IPv6 address",
        arguments: ["", "192.0.2.1", ":7411", "host:", "host:65536", "2001:db8::1:7411", "[host]:1", "ho st:1"])
    func refused(_ text: String) {
        #expect(Endpoint(text) == nil)
    }
}

@Suite("Resource names")
struct ResourceNameTests {
    @Test("are read and written back", arguments: ["base", "vpn/blue"])
    func roundTrip(_ text: String) throws {
        #expect(try ResourceName(parsing: text).description == text)
    }

    @Test("anything else is refused", arguments: ["", "Base", "vpn", "vpn/", "vpn/a/b", "cloud/x"])
    func refused(_ text: String) {
        #expect(ResourceName(text) == nil)
    }
}
