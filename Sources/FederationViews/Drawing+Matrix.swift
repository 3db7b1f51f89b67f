import FederationModel
import Verification

extension Drawing {
    /// A row for each cloud that is reached, a column for each from where; in a cell the worst verdict of all VPNs, and how many VPNs there
    /// are.
    var matrixSVG: String {
        let cells = cells
        let margin = 24 + 8 * (clouds.map { label(of: $0).count }.max() ?? 0)
        let side = clouds.count * Self.cell
        var body: [String] = []
        for (row, cloud) in clouds.enumerated() {
            let middle = margin + row * Self.cell + Self.cell / 2
            body.append(#"<text x="\#(margin - 8)" y="\#(middle + 4)" text-anchor="end">\#(label(of: cloud))</text>"#)
            body.append(
                #"<text transform="translate(\#(middle + 4) \#(margin - 8)) rotate(-90)" text-anchor="start">\#(label(of: cloud))</text>"#)
        }
        for (row, origin) in clouds.enumerated() {
            for (column, viewer) in clouds.enumerated() {
                let (x, y) = (margin + column * Self.cell, margin + row * Self.cell)
                guard let cell = cells[Direction(origin: origin, viewer: viewer)] else {
                    let fill = origin == viewer ? "#dddddd" : "white"
                    body.append(
                        #"<rect x="\#(x)" y="\#(y)" width="\#(Self.cell)" height="\#(Self.cell)" fill="\#(fill)" stroke="\#(Self.grid)"/>"#)
                    continue
                }
                // A frame, so that colour is not the only sign.
                let frame = cell.state.isDashed ? #"stroke="black" stroke-width="2" stroke-dasharray="4 2""# : #"stroke="\#(Self.grid)""#
                let word = cell.state.map { " \($0.word)" } ?? ""
                body.append(
                    #"<g><title>\#(origin) → \#(viewer): \#(cell.vpns) \#(cell.vpns == 1 ? "VPN" : "VPNs")\#(word)</title>"#
                        + #"<rect x="\#(x)" y="\#(y)" width="\#(Self.cell)" height="\#(Self.cell)" fill="\#(cell.state.colour)" \#(frame)/>"#
                        + #"<text x="\#(x + Self.cell / 2)" y="\#(y + Self.cell / 2 + 4)" text-anchor="middle" fill="white">\#(cell.vpns)</text></g>"#
                )
            }
        }
        let notes =
            ["rows: who is reached; columns: from where; numbers: VPNs; a cell has the worst verdict of its VPNs"]
            + (legend.map { [$0] } ?? [])
        for (line, note) in notes.enumerated() {
            body.append(#"<text x="8" y="\#(margin + side + 20 + line * 16)" text-anchor="start">\#(note)</text>"#)
        }
        // Seven pixels a letter are more than it takes.
        let width = max(margin + side + 8, (notes.map(\.count).max() ?? 0) * 7), height = margin + side + 24 + notes.count * 16
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" font-family="sans-serif" font-size="11">
            <title>federation \(federation)</title>
            <rect width="100%" height="100%" fill="white"/>
            \(body.joined(separator: "\n"))
            </svg>

            """
    }

    private static let cell = 22
    private static let grid = "#bbbbbb"

    private struct Direction: Hashable {
        var origin: CloudName
        var viewer: CloudName
    }

    private struct Cell {
        var vpns = 0
        var state: VerdictState?
    }

    private var cells: [Direction: Cell] {
        var cells: [Direction: Cell] = [:]
        func add(_ vpn: VerdictState?, _ direction: Direction) {
            var cell = cells[direction] ?? Cell()
            cell.vpns += 1
            cell.state = Self.worst([cell.state, vpn].compactMap(\.self))
            cells[direction] = cell
        }
        for line in lines {
            add(line.forth, Direction(origin: line.from, viewer: line.to))
            if !line.isOneWay { add(line.back, Direction(origin: line.to, viewer: line.from)) }
        }
        return cells
    }
}
