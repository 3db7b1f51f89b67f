import Foundation

/// How many connections there may be.
package struct ConnectionLimits: Hashable, Sendable {
    /// In all.
    package var total: Int
    /// Of those, without a certificate so far.
    package var unproven: Int
    /// Of those, from one source address (see `SourceAddress`).
    package var unprovenPerAddress: Int
    /// Of one gateway. An agent has one; a second one, because an agent that comes again after its connection broke is here before the
    /// old one is known to be dead. A third one ends the oldest.
    package var perGateway = 2
    /// Of one admin: as many `fedctl` at a time.
    package var perAdmin = 32
    /// Beyond `total`, connections that are being closed and have their descriptor still.
    package var slack = 8

    package init(total: Int, unproven: Int, unprovenPerAddress: Int) {
        self.total = total
        self.unproven = unproven
        self.unprovenPerAddress = unprovenPerAddress
    }

    /// What fits a process that may have so many descriptors: a quarter of them, 96 at least, stay for the database, files, threads.
    ///
    /// libdispatch traps where it finds no descriptor (it reads /proc/self/task), so that they must never run out.
    package init(descriptors: Int) {
        let total = min(max(8, descriptors - max(96, descriptors / 4)), 16_384)
        let unproven = min(max(4, total / 4), 512)
        self.init(total: total, unproven: unproven, unprovenPerAddress: max(2, unproven / 4))
    }

    /// By the limit of this process as it is now.
    package static var ofThisProcess: ConnectionLimits {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return ConnectionLimits(descriptors: 256) }
        return ConnectionLimits(descriptors: Int(clamping: limit.rlim_cur))
    }

    func connections(of identity: PeerIdentity) -> Int {
        switch identity.role {
        case .gateway: perGateway
        case .admin, .reader, .coordinator: perAdmin
        }
    }
}
