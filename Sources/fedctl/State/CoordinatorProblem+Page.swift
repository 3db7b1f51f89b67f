import FederationAPI
import Terminal

extension [CoordinatorProblem] {
    /// Below `status`: each with its remedy.
    func add(to page: inout Page) {
        guard !isEmpty else { return }
        page.line(StyledText("coordinator", .heading))
        for problem in self {
            page.line(
                StyledText("\(problem.code): ", problem.severity == .error ? .bad : .doubtful) + StyledText(problem.reason), indentation: 2)
            page.line(StyledText("remedy: ", .faint) + StyledText(problem.remedy), indentation: 4)
        }
    }
}
