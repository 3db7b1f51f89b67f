extension VTYClient {
    /// The answer to a `show bgp …` about the default instance; nil where bgpd has no default instance.
    ///
    /// bgpd 8.4.4 answers `show bgp l2vpn evpn …` without one by a warning whose text is empty or an empty object, also while it has
    /// instances of VRFs.
    /// - Throws: `refused` for any other answer than `ok`.
    package func showDefaultInstance(_ command: String) async throws(VTYError) -> String? {
        do {
            return try await show(command)
        } catch {
            if case .refused(_, .warning, let text) = error, ["", "{}"].contains(text) { return nil }
            throw error
        }
    }
}
