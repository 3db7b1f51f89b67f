import FederationModel

extension IsolationProof {
    /// How many import paths there are that no policy allows.
    ///
    /// - Parameter cloud: nil: all; else those at its gateways, and those of which that is not known: a witness by intent names one gateway of
    ///   many, and beyond the first witnesses none is named.
    package func leaks(at cloud: CloudName?) -> Int {
        guard let cloud else { return witnessCount }
        return witnessCount - witnesses.count
            + witnesses.count {
                $0.level == .intent || $0.gatewayCount > $0.gateways.count || $0.gateways.contains { $0.cloud == cloud }
            }
    }
}
