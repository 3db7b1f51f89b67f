import Agent
import ArgumentParser
import NetworkTypes
import OVSDB

/// Where the things of a gateway node are.
struct NodeOptions: ParsableArguments {
    @Option(help: "Directory for the last intent.")
    var stateDirectory = "/var/lib/ovn-federation"

    @Option(help: "The database of the local Open vSwitch.")
    var ovs = "unix:/run/openvswitch/db.sock"

    @Option(help: "The northbound database; by default ovn-nb-remote of the local Open vSwitch, else next to the southbound database.")
    var northbound: String?

    @Option(help: "The southbound database; by default ovn-remote of the local Open vSwitch.")
    var southbound: String?

    @Option(help: "Certificate for ssl: databases (PEM).")
    var databaseCertificate: String?

    @Option(help: "Its private key (PEM).")
    var databaseKey: String?

    @Option(help: "The databases' certificate authority (PEM).")
    var databaseTrustRoots: String?

    @Option(help: "Directory of FRR's vty sockets.")
    var frrDirectory = "/run/frr"

    @Option(help: "File with the passwords of BGP sessions: lines of ADDRESS PASSWORD, or * PASSWORD for all peers. Only root may read it.")
    var bgpPasswords: String?

    @Option(help: "Directory of Open vSwitch's management sockets.")
    var ovsRunDirectory = "/run/openvswitch"

    func surroundings() throws -> Surroundings {
        Surroundings(databases: try remotes(), frrDirectory: frrDirectory, switchDirectory: ovsRunDirectory, bgpPasswords: bgpPasswords)
    }

    /// As they are typed.
    var arguments: [String] {
        let given: [(String, String?)] = [
            ("--state-directory", stateDirectory), ("--ovs", ovs), ("--northbound", northbound), ("--southbound", southbound),
            ("--database-certificate", databaseCertificate), ("--database-key", databaseKey),
            ("--database-trust-roots", databaseTrustRoots),
            ("--frr-directory", frrDirectory), ("--bgp-passwords", bgpPasswords), ("--ovs-run-directory", ovsRunDirectory),
        ]
        return given.flatMap { name, value in value.map { [name, $0] } ?? [] }
    }

    private func remotes() throws -> Databases.Remotes {
        var tls: OVSDBTLS?
        switch (databaseCertificate, databaseKey, databaseTrustRoots) {
        case (let certificate?, let key?, let roots?):
            tls = OVSDBTLS(certificateFile: certificate, privateKeyFile: key, trustRootsFile: roots)
        case (nil, nil, nil): break
        default: throw ValidationError("--database-certificate, --database-key and --database-trust-roots must be given together.")
        }
        return Databases.Remotes(
            local: try OVSDBRemote.list(parsing: ovs), southbound: try southbound.map { try OVSDBRemote.list(parsing: $0) },
            northbound: try northbound.map { try OVSDBRemote.list(parsing: $0) }, tls: tls)
    }
}
