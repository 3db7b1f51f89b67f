/// Stores what names mean, and then tells all gateways of the cloud.
package struct PinKeeper: Sendable {
    let office: Office
    let interval: Duration

    package init(office: Office, interval: Duration = .milliseconds(250)) {
        self.office = office
        self.interval = interval
    }

    /// Until cancelled.
    package func run() async {
        while !Task.isCancelled {
            await office.keepPins()
            try? await Task.sleep(for: interval)
        }
    }
}
