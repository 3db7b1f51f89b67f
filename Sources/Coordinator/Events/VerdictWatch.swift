/// Keeps the verdicts current while nobody asks, so that their changes are told when they happen.
package struct VerdictWatch: Sendable {
    let board: VerdictBoard
    let interval: Duration

    /// - Parameter interval: how long a change may wait to be judged; changes that come together are judged together.
    package init(board: VerdictBoard, interval: Duration = .milliseconds(100)) {
        self.board = board
        self.interval = interval
    }

    /// Until cancelled.
    package func run() async {
        while !Task.isCancelled {
            if board.isBehind { board.refresh() }
            try? await Task.sleep(for: interval)
        }
    }
}
