import FederationModel

extension AttachmentPin {
    /// Of OpenStack's ids and of what stands in their place where nobody used OpenStack.
    private static let longest = 255

    package init(_ wire: WireAttachmentPin) throws(ConversionError) {
        try require(wire.hasSelector, "selector")
        let selector = try convert(wire.selector, "selector", AttachmentSelector.init(_:))
        guard selector.key == .name else { throw ConversionError(field: "selector.key", reason: "only a name needs to be remembered") }
        self.init(
            selector: selector, id: try Self.text(wire.id, "id"), project: wire.hasProject ? try Self.text(wire.project, "project") : nil,
            replaces: wire.hasReplaces ? try Self.text(wire.replaces, "replaces") : nil)
        _ = try Self.text(selector.value, "selector.value")
        if let project = selector.project { _ = try Self.text(project, "selector.project") }
    }

    private static func text(_ text: String, _ field: String) throws(ConversionError) -> String {
        guard (1...longest).contains(text.unicodeScalars.count) else {
            throw ConversionError(field: field, reason: "must be 1–\(longest) characters, has \(text.unicodeScalars.count)")
        }
        return text
    }
}

extension WireAttachmentPin {
    package init(_ pin: AttachmentPin) {
        selector = WireAttachmentSelector(pin.selector)
        id = pin.id
        if let project = pin.project { self.project = project }
        if let former = pin.replaces { replaces = former }
    }
}

extension Unpinning {
    init(_ wire: WireUnpinResponse) throws(ConversionError) {
        try require(wire.hasPin, "pin")
        self.init(
            pin: try convert(wire.pin, "pin", AttachmentPin.init(_:)), vpns: try parse(wire.vpns, "vpns"), changes: wire.changes)
    }
}

extension WireUnpinResponse {
    init(_ unpinning: Unpinning) {
        pin = WireAttachmentPin(unpinning.pin)
        vpns = unpinning.vpns.map(\.text)
        changes = unpinning.changes
    }
}
