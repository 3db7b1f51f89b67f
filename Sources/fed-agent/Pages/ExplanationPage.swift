import Agent
import Terminal

extension RouteExplanation {
    /// Each step with a mark: `+` it holds, `-` it does not, nothing: it only tells.
    var page: Page {
        var page = Page()
        page.heading(StyledText("VPN \(vpn)" + (prefix.map { ", \($0)" } ?? "")))
        for step in steps {
            let mark = step.holds.map { $0 ? "+" : "-" } ?? " "
            page.line(StyledText("\(mark) \(step.text)", step.holds == false ? .bad : nil), indentation: 2)
        }
        if !problems.isEmpty {
            page.heading("PROBLEMS")
            for problem in problems { page.problem(problem, of: "VPN \(vpn)") }
        }
        return page
    }
}
