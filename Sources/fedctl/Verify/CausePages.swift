import FederationViews
import Terminal
import Verification

extension CauseCode {
    /// Its entry in the catalogue.
    var page: Page {
        let manual = manual
        var page = Page()
        page.line(StyledText(rawValue, .heading) + ", at \(step.place): " + state.styled)
        page.line(StyledText(manual.meaning))
        page.gap()
        page.field("comes from", manual.origins.map { StyledText($0) })
        page.field("look", manual.looks.flatMap { [StyledText](remedy: $0) })
        page.field("mend", manual.fixes.flatMap { [StyledText](remedy: $0) })
        return page
    }

    /// All causes, by the step that they break.
    static var listPage: Page {
        var page = Page()
        for (step, causes) in byStep {
            page.heading(StyledText(step.place))
            var table = Table([.init("CAUSE"), .init("VERDICT"), .init("MEANING", wide: true)], emptyNote: "none")
            for cause in causes { table.add([StyledText(cause.rawValue), cause.state.styled, StyledText(cause.manual.meaning)]) }
            page.table(table, indentation: 2)
        }
        page.gap()
        page.line(StyledText("fedctl causes CAUSE explains one; -o wide shows what each means", .faint))
        return page
    }

    private static var byStep: [(step: RouteStep, causes: [CauseCode])] {
        RouteStep.allCases.compactMap { step in
            let causes = allCases.filter { $0.step == step }
            return causes.isEmpty ? nil : (step, causes)
        }
    }

    /// docs/causes.md.
    static var markdown: String {
        var text = """
            # Causes

            Every verdict that is not well has one of these causes, at the first step that is broken. The verdict itself has the values, the evidence and
            the remedy of the case; here is what holds for every case. `fedctl help CAUSE` prints the same. “Look” only looks; “mend” changes something.
            This page is made of the catalogue in `Sources/Verification/Catalogue`: `fedctl causes --markdown`.

            """
        for (step, causes) in byStep {
            text += "\n## \(step.place)\n"
            for cause in causes {
                let manual = cause.manual
                text += "\n### `\(cause.rawValue)`: \(cause.state.word)\n\n\(manual.meaning)\n\n"
                text += "- comes from: \(manual.origins.joined(separator: "; "))\n"
                text += manual.looks.map { "- look, \($0)\n" }.joined()
                text += manual.fixes.map { "- mend: \($0)\n" }.joined()
            }
        }
        return text
    }
}
