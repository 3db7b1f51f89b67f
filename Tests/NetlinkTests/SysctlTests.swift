import Netlink
import Testing

@Suite("Kernel parameters", .serialized, .timeLimit(.minutes(1)))
struct SysctlTests {
    let namespace: NetworkNamespace

    init() throws { namespace = try NetworkNamespace() }

    @Test("a parameter is written and read, in the network namespace of the thread")
    func roundTrip() throws {
        let (before, changed, again, after) = try namespace.inside {
            let forwarding = Sysctl.forwarding(.ipv4, "lo")
            // A new namespace has what this machine has.
            _ = try forwarding.set(0)
            return (try forwarding.read(), try forwarding.set(1), try forwarding.set(1), try forwarding.read())
        }
        #expect(before == "0" && after == "1")
        #expect(changed && !again)
    }

    @Test(
        "paths are those of /proc/sys",
        arguments: [
            (Sysctl.forwarding(.ipv6, "all"), "/proc/sys/net/ipv6/conf/all/forwarding"),
            (Sysctl.reversePathFilter("fed1"), "/proc/sys/net/ipv4/conf/fed1/rp_filter"),
            (Sysctl.acceptRouterAdvertisements("eth0.100"), "/proc/sys/net/ipv6/conf/eth0.100/accept_ra"),
            (Sysctl.ipv4Forwarding, "/proc/sys/net/ipv4/ip_forward"),
        ])
    func paths(sysctl: Sysctl, path: String) throws {
        #expect(sysctl.description == path)
    }

    @Test("an error says the path, the number's name and what to look at")
    func missing() throws {
        do throws(SysctlError) {
            _ = try Sysctl.forwarding(.ipv4, "nothing").read()
            Issue.record("read the parameter of an interface that does not exist")
        } catch {
            #expect(
                error.description == """
                    cannot read /proc/sys/net/ipv4/conf/nothing/forwarding: ENOENT (No such file or directory); \
                    check that the interface exists and the kernel has this parameter
                    """)
        }
    }

    @Test("a value that the kernel refuses is in the error")
    func refused() throws {
        do throws(SysctlError) {
            try Sysctl.forwarding(.ipv4, "lo").write("maybe")
            Issue.record("the kernel took it")
        } catch {
            #expect(error.description.hasPrefix("cannot write “maybe” to /proc/sys/net/ipv4/conf/lo/forwarding: EINVAL"))
        }
    }

    @Test("a path does not lead out of /proc/sys")
    func traversal() throws {
        #expect(throws: SysctlError.self) { try Sysctl(path: "net/../../etc/passwd").read() }
    }
}
