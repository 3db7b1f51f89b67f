/// Stores what names mean, and then tells all gateways of the cloud.
package struct AttachmentPinWriter: Sendable {
    let controlPlane: ControlPlane
    let interval: Duration

    package init(controlPlane: ControlPlane, interval: Duration = .milliseconds(250)) {
        self.controlPlane = controlPlane
        self.interval = interval
    }

    /// Until cancelled.
    package func run() async {
        while !Task.isCancelled {
            await controlPlane.storePins()
            try? await Task.sleep(for: interval)
        }
    }
}
