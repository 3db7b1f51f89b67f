import FederationModel

extension ReceivedRoute {
    /// As many of a route's targets are reported.
    package static let mostTargets = 1_024

    /// Whether it may have more targets than are known.
    var mayHaveMoreTargets: Bool { routeTargets.count >= Self.mostTargets }
}
