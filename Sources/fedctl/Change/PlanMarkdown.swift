import Federation
import Terminal

extension Plan {
    /// For a merge request or a ticket: the whole plan in Markdown.
    var markdown: String {
        var lines = ["# Plan for federation \(federation), on revision \(base)", "", isEmpty ? "Nothing changes." : Self.escaped(sum) + "."]
        func table(_ title: String, _ columns: [String], _ rows: [[String]]) {
            guard !rows.isEmpty else { return }
            lines += ["", "## \(title)", "", "| \(columns.joined(separator: " | ")) |"]
            lines.append("|" + String(repeating: " --- |", count: columns.count))
            lines += rows.map { "| \($0.map(Self.escaped).joined(separator: " | ")) |" }
        }
        table(
            "Findings", ["", "Where", "What", "Remedy"],
            findings.map { [$0.severity.rawValue, $0.path, "\($0.reason) (\($0.code.rawValue))", $0.remedy] })
        table(
            "Clouds and VPNs", ["", "Object", "Details", "Gateways"],
            objects.map {
                [$0.kind.rawValue, $0.path, $0.details.joined(separator: "; "), $0.gateways.map(\.description).joined(separator: ", ")]
            })
        table(
            "Reachability", ["", "VPN", "From", "To"],
            gained.map { ["gained", $0.vpn.text, $0.from.text, $0.to.text] } + lost.map { ["lost", $0.vpn.text, $0.from.text, $0.to.text] })
        table(
            "Gateways", ["", "Gateway", "Resource", "Details"],
            gateways.map { [$0.kind.rawValue, "\($0.gateway)", "\($0.resource)", $0.details.joined(separator: "; ")] })
        return lines.joined(separator: "\n") + "\n"
    }

    /// Text in a cell, without what Markdown would take for its own.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in printable(text) {
            if "\\|*_`<>[]".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
