import Federation
import Foundation

extension SavedPlan {
    func save(to path: String) throws(Complaint) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            var data = try encoder.encode(self)
            data.append(0x0a)
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Complaint("the plan cannot be written to \(path): \(error.localizedDescription)", remedy: "name another file with --out")
        }
    }

    init(path: String) throws(Complaint) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw Complaint(
                "\(path) cannot be read: \(FederationText.reason(error))", remedy: "make a plan with “fedctl plan -f FILE --out \(path)”")
        }
        do {
            self = try JSONDecoder().decode(SavedPlan.self, from: data)
        } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
            throw Complaint("\(path) is no plan to go by: \(context.debugDescription)", remedy: "fedctl plan -f FILE --out \(path)")
        } catch {
            throw Complaint(
                "\(path) is no saved plan",
                remedy: "a federation file is applied with -f; a plan is made with “fedctl plan -f FILE --out \(path)”")
        }
    }
}
