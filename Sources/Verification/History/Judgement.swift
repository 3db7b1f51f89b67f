/// What is remembered of a verdict.
package struct Judgement: Hashable, Sendable {
    package var state: VerdictState
    /// Of the cause; nil where there is none.
    package var step: RouteStep?
    /// As in `Cause`. Empty where there is none.
    package var code: String
    /// Empty where it is not kept.
    package var sentence: String

    package init(state: VerdictState, step: RouteStep? = nil, code: String = "", sentence: String = "") {
        self.state = state
        self.step = step
        self.code = code
        self.sentence = sentence
    }

    package init(_ verdict: PairVerdict) {
        self.init(
            state: verdict.state, step: verdict.cause?.step, code: verdict.cause?.code ?? "", sentence: verdict.cause?.sentence ?? "")
    }

    /// Whether it is the same for the history. Sentences have numbers in them that change by the second.
    package func isLike(_ other: Judgement) -> Bool { state == other.state && code == other.code }
}
