import FederationModel

extension Drawing {
    /// For Graphviz: `fedctl graph -o dot | dot -Tsvg`.
    package var dot: String {
        var lines = ["digraph \(Self.quoted(federation.text)) {", "  layout=circo; node [shape=box, style=rounded]; edge [fontsize=10];"]
        if let legend { lines.append("  label=\(Self.quoted(legend));") }
        for cloud in clouds {
            lines.append("  \(Self.quoted(cloud.text))" + attributes(of: cloud))
        }
        for line in self.lines {
            let attributes = [
                "label=\(Self.quoted(line.vpn.text))", "color=\"\(line.state.colour)\"", line.isOneWay ? "dir=forward" : "dir=both",
                line.state.isDashed ? "style=dashed" : nil,
            ].compactMap(\.self)
            lines.append("  \(Self.quoted(line.from.text)) -> \(Self.quoted(line.to.text)) [\(attributes.joined(separator: ", "))];")
        }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    private func attributes(of cloud: CloudName) -> String {
        let label = label(of: cloud)
        guard label != cloud.text else { return ";" }
        return " [label=\(Self.quoted(label))" + (draining.contains(cloud) ? ", style=\"rounded,dashed\"" : "") + "];"
    }

    /// For Markdown that draws Mermaid.
    package var mermaid: String {
        var lines = ["flowchart LR"]
        if let legend { lines.append("  %% \(legend)") }
        // Names have characters that Mermaid takes for its own; numbers do not.
        let numbers = Dictionary(uniqueKeysWithValues: clouds.enumerated().map { ($1, $0) })
        for (number, cloud) in clouds.enumerated() {
            lines.append("  c\(number)[\"\(label(of: cloud))\"]\(draining.contains(cloud) ? ":::drained" : "")")
        }
        if !draining.isEmpty { lines.append("  classDef drained stroke-dasharray:5 3") }
        for (number, line) in self.lines.enumerated() {
            guard let from = numbers[line.from], let to = numbers[line.to] else { continue }
            lines.append("  c\(from) \(line.isOneWay ? "-->" : "<-->")|\"\(line.vpn)\"| c\(to)")
            lines.append("  linkStyle \(number) stroke:\(line.state.colour)\(line.state.isDashed ? ",stroke-dasharray:5 3" : "")")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Names have neither quotes nor backslashes.
    private static func quoted(_ text: String) -> String { "\"\(text)\"" }
}
