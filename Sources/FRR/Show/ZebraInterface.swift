import NetworkTypes

/// A device as zebra knows it, which lags behind the kernel: one value of `show interface vrf all json`.
package struct ZebraInterface: Hashable, Sendable {
    package let name: String
    package var vrf: String
    package var index: Int
    package var isAdministrativelyUp: Bool
    package var isOperationallyUp: Bool
    package var address: MACAddress?
    /// In bytes.
    package var mtu: Int

    /// - Throws: `FRRDecodingError`.
    package static func decode(_ json: String) throws(FRRDecodingError) -> [String: ZebraInterface] {
        var cursor = JSONCursor(json)
        var result: [String: ZebraInterface] = [:]
        try cursor.enterObject()
        while let name = try cursor.nextKey() {
            guard try cursor.entersObject() else { continue }
            var entry = ZebraInterface(
                name: name, vrf: "default", index: 0, isAdministrativelyUp: false, isOperationallyUp: false, mtu: 0)
            while let key = try cursor.nextKey() {
                switch key {
                case "vrfName": entry.vrf = try cursor.string() ?? "default"
                case "administrativeStatus": entry.isAdministrativelyUp = try cursor.string() == "up"
                case "operationalStatus": entry.isOperationallyUp = try cursor.string() == "up"
                case "index": entry.index = try cursor.integer().flatMap { Int(exactly: $0) } ?? 0
                case "mtu": entry.mtu = try cursor.integer().flatMap { Int(exactly: $0) } ?? 0
                case "hardwareAddress": entry.address = try cursor.string().flatMap { MACAddress($0) }
                default: try cursor.skip()
                }
            }
            result[name] = entry
        }
        try cursor.finish()
        return result
    }
}
