/// Where the things of this node are.
package struct Surroundings: Sendable {
    package var databases: Databases.Remotes
    /// Of FRR's vty sockets: `/run/frr`.
    package var frrDirectory: String
    /// Of Open vSwitch's management sockets: `/run/openvswitch`.
    package var switchDirectory: String
    /// The file with the passwords of BGP sessions; nil: they have none.
    package var bgpPasswords: String?

    package init(databases: Databases.Remotes, frrDirectory: String, switchDirectory: String, bgpPasswords: String? = nil) {
        self.databases = databases
        self.frrDirectory = frrDirectory
        self.switchDirectory = switchDirectory
        self.bgpPasswords = bgpPasswords
    }
}
