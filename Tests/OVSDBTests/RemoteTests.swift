import NetworkTypes
import Testing

@testable import OVSDB

@Suite("Remotes")
struct RemoteTests {
    @Test(
        "are read and printed",
        arguments: [
            ("unix:/run/ovn/ovnsb_db.sock", OVSDBRemote.unix(path: "/run/ovn/ovnsb_db.sock")),
            ("tcp:192.0.2.1:6642", .tcp(host: "192.0.2.1", port: 6642)), ("ssl:db.example:6641", .ssl(host: "db.example", port: 6641)),
            ("tcp:[2001:db8::1]:6642", .tcp(host: "2001:db8::1", port: 6642)), ("ssl:[::1]:1", .ssl(host: "::1", port: 1)),
        ])
    func remotes(text: String, remote: OVSDBRemote) throws {
        #expect(try OVSDBRemote(parsing: text) == remote)
        #expect(remote.description == text)
    }

    @Test("are read as a list")
    func list() throws {
        #expect(
            try OVSDBRemote.list(parsing: "ssl:10.0.0.1:6642,ssl:10.0.0.2:6642, unix:/x")
                == [.ssl(host: "10.0.0.1", port: 6642), .ssl(host: "10.0.0.2", port: 6642), .unix(path: "/x")])
    }

    @Test(
        "are refused with a remedy",
        arguments: [
            "", "unix:", "192.0.2.1:6642", "http:x:1", "tcp:x", "tcp::1", "tcp:x:0", "tcp:x:65536", "tcp:x:", "tcp:2001:db8::1:6642",
            "tcp:[x]:1", "tcp:[]:1", "tcp:x:+1", "unix:/x,", ",unix:/x",
        ])
    func refused(text: String) {
        #expect(throws: ParseError.self) { try OVSDBRemote.list(parsing: text) }
    }
}
