import FederationAPI

/// Looks at what ends: our certificate, authorities, revocation lists, and the certificates of peers as they came by last.
struct ExpiryWatch: Sendable {
    let problems: CoordinatorProblems
    /// Milliseconds since 1970.
    let clock: @Sendable () -> Int64
    let credentials: Credentials
    let peers: PeerCertificates

    /// Until cancelled.
    func run(every interval: Duration = .seconds(60)) async {
        while !Task.isCancelled {
            look()
            try? await Task.sleep(for: interval)
        }
    }

    func look() {
        let now = credentials.clock()
        let snapshot = credentials.current()
        let ending = (snapshot.validities + peers.validities).compactMap { ProblemNotice($0, at: now) }
        problems.post(
            credentials.complaints.map(ProblemNotice.init(_:)) + ending, by: "credentials", at: clock())
    }
}
