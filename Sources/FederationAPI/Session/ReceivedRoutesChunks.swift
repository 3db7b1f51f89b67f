import FederationModel

/// Received routes cut to messages that gRPC passes: it refuses more than 4 MiB, and ours stay below 1 MiB.
package enum ReceivedRoutesChunks {
    /// The most that one chunk takes, in bytes as encoded.
    package static let largest = 1 << 20

    /// One chunk at least (an empty one says that there are no routes); the first and the last are marked.
    package static func of(_ routes: [ReceivedRoute], atMost limit: Int = largest) -> [ReportPart.Content] {
        var chunks: [ArraySlice<ReceivedRoute>] = []
        var start = routes.startIndex
        var size = 0
        for (index, route) in routes.enumerated() {
            let more = encodedSize(of: route)
            if size + more > limit, index > start {
                chunks.append(routes[start..<index])
                start = index
                size = 0
            }
            size += more
        }
        chunks.append(routes[start...])
        return chunks.enumerated().map { index, chunk in
            .received(Array(chunk), isFirst: index == 0, isLast: index == chunks.count - 1)
        }
    }

    /// An upper bound without encoding: the longest texts that the types print, two bytes of tag and length each.
    private static func encodedSize(of route: ReceivedRoute) -> Int {
        let prefix = 45
        let distinguisher = 23
        let nextHop = 41
        let target = 23
        let mac = 19
        let flags = 4
        let envelope = 8
        return prefix + distinguisher + nextHop + mac + flags + envelope + target * route.routeTargets.count + 5 * route.asPath.count
    }
}

/// Puts chunks together again.
package struct ReceivedRoutesAssembly: Sendable {
    private var routes: [ReceivedRoute]?

    package init() {}

    /// The whole, at the last chunk; nil before.
    /// - Throws: `ConversionError` if the chunk does not follow a first one. What was collected is dropped then.
    package mutating func add(_ chunk: [ReceivedRoute], isFirst: Bool, isLast: Bool) throws(ConversionError) -> [ReceivedRoute]? {
        var collected: [ReceivedRoute]
        if isFirst {
            collected = []
        } else if let routes {
            collected = routes
        } else {
            throw ConversionError(field: "report.received_routes.is_first", reason: "the first chunk is missing")
        }
        routes = nil
        collected += chunk
        if isLast { return collected }
        routes = collected
        return nil
    }
}
