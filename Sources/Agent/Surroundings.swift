/// Where the things of this node are.
package struct Surroundings: Sendable {
    package var databases: Databases.Remotes
    /// Of FRR's vty sockets: `/run/frr`.
    package var frrDirectory: String
    /// Of Open vSwitch's management sockets: `/run/openvswitch`.
    package var switchDirectory: String

    package init(databases: Databases.Remotes, frrDirectory: String, switchDirectory: String) {
        self.databases = databases
        self.frrDirectory = frrDirectory
        self.switchDirectory = switchDirectory
    }
}
