/// Stores what names mean again and again, which then is told to all gateways of the cloud.
package struct AttachmentPinWriter: Sendable {
    let interval: Duration
    let save: @Sendable () async -> Void

    package init(interval: Duration = .milliseconds(250), _ save: @escaping @Sendable () async -> Void) {
        self.interval = interval
        self.save = save
    }

    /// Until cancelled.
    package func run() async {
        while !Task.isCancelled {
            await save()
            try? await Task.sleep(for: interval)
        }
    }
}
