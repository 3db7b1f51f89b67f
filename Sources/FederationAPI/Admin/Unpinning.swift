import FederationModel

/// What a name meant that is, or would be, looked for anew.
package struct Unpinning: Hashable, Sendable {
    package var pin: AttachmentPin
    /// Those with an attachment of that name. Sorted.
    package var vpns: [VPNName]
    /// False where it is looked for already.
    package var changes: Bool

    package init(pin: AttachmentPin, vpns: [VPNName], changes: Bool) {
        self.pin = pin
        self.vpns = vpns
        self.changes = changes
    }
}
