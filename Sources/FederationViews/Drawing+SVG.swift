import FederationModel
import Foundation

extension Drawing {
    /// A picture by itself, without another program: of few clouds a circle, of many a matrix.
    package var svg: String { clouds.count > Self.mostOnCircle ? matrixSVG : circleSVG }

    /// More clouds than these on a circle are a ball of wool.
    private static let mostOnCircle = 15

    /// Clouds on a circle, a curve for each VPN and pair.
    private var circleSVG: String {
        let radius = max(160, Double(clouds.count) * 26)
        let size = 2 * radius + 240
        var places: [CloudName: Point] = [:]
        for (number, cloud) in clouds.enumerated() {
            let angle = 2 * Double.pi * Double(number) / Double(max(1, clouds.count)) - .pi / 2
            places[cloud] = Point(x: size / 2 + radius * cos(angle), y: size / 2 + radius * sin(angle))
        }
        var body: [String] = []
        // Curves of one pair of clouds beside each other.
        var drawn: [[CloudName]: Int] = [:]
        for line in lines {
            guard let from = places[line.from], let to = places[line.to] else { continue }
            let pair = [line.from, line.to].sorted()
            let turn = drawn[pair, default: 0]
            drawn[pair] = turn + 1
            let side = line.from < line.to ? 1.0 : -1.0
            let bend = side * Double((turn + 1) / 2) * (turn % 2 == 0 ? 1 : -1) * 26
            body.append(Self.curve(from, to, bend, line))
        }
        for cloud in clouds {
            guard let place = places[cloud] else { continue }
            let width = Double(label(of: cloud).count) * 8 + 24
            let dash = draining.contains(cloud) ? #" stroke-dasharray="5 3""# : ""
            body.append(
                #"<rect x="\#(text(place.x - width / 2))" y="\#(text(place.y - 16))" width="\#(text(width))" height="32" rx="8" fill="white" stroke="black"\#(dash)/>"#
            )
            body.append(#"<text x="\#(text(place.x))" y="\#(text(place.y + 5))">\#(label(of: cloud))</text>"#)
        }
        if let legend { body.append(#"<text x="\#(text(size / 2))" y="\#(text(size - 12))" font-size="11">\#(legend)</text>"#) }
        let side = text(size)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(side)" height="\(side)" viewBox="0 0 \(side) \(side)" font-family="sans-serif" font-size="14" text-anchor="middle">
            <title>federation \(federation)</title>
            <rect width="100%" height="100%" fill="white"/>
            \(body.joined(separator: "\n"))
            </svg>

            """
    }

    private struct Point {
        package var x: Double
        package var y: Double
    }

    /// - Parameter bend: how far the middle is off the straight line.
    private static func curve(_ from: Point, _ to: Point, _ bend: Double, _ line: Line) -> String {
        let dx = to.x - from.x, dy = to.y - from.y
        let length = max(1, (dx * dx + dy * dy).squareRoot())
        let middle = Point(x: (from.x + to.x) / 2 - dy / length * bend, y: (from.y + to.y) / 2 + dx / length * bend)
        // A quadratic curve passes half-way between its control point and the straight line.
        let control = Point(x: 2 * middle.x - (from.x + to.x) / 2, y: 2 * middle.y - (from.y + to.y) / 2)
        let colour = line.state.colour
        let dash = line.state.isDashed ? #" stroke-dasharray="6 4""# : ""
        let arrow = line.isOneWay ? " →" : ""
        return #"<path d="M\#(text(from.x)) \#(text(from.y)) Q\#(text(control.x)) \#(text(control.y)) \#(text(to.x)) \#(text(to.y))" "#
            + #"fill="none" stroke="\#(colour)" stroke-width="2"\#(dash)/>"#
            + "\n"
            + #"<text x="\#(text(middle.x))" y="\#(text(middle.y - 4))" font-size="11" fill="\#(colour)">\#(line.vpn)"#
            + (line.isOneWay ? #": \#(line.from)\#(arrow) \#(line.to)"# : "") + "</text>"
    }
}

/// Tenths of a pixel: the same picture on every machine.
func text(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
}
