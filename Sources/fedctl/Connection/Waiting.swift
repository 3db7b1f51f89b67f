import FederationAPI
import Terminal

/// Asks once, or again and again until the answer is good or the time is over; gives the last answer.
///
/// While it waits, a coordinator that is away may come back; so does an answer that is an error (nothing applied yet).
///
/// - Parameter seconds: nil or 0 asks once.
func waiting<ChangeReply: Sendable>(
    _ seconds: Int?, on console: Console, _ ask: () async throws -> ChangeReply, isDone: (ChangeReply) -> Bool,
    progress: (ChangeReply) -> String
) async throws -> ChangeReply {
    let start = ContinuousClock.now
    let end = start + .seconds(seconds ?? 0)
    defer { console.endProgress() }
    while true {
        let words: String
        do {
            let answer = try await ask()
            if isDone(answer) || .now >= end { return answer }
            words = progress(answer)
        } catch let failure as CallFailure where failure.isUnreachable && .now < end {
            words = failure.commandError.reason
        } catch let error as CommandError where .now < end {
            words = error.reason
        }
        let elapsed = (ContinuousClock.now - start).components.seconds
        console.progress(
            StyledText("waiting \(elapsed)s of \(seconds ?? 0)s: ", .faint) + StyledText(String(words.prefix(max(20, console.width - 24)))))
        try await Task.sleep(for: .milliseconds(500))
    }
}
