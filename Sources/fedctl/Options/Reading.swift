import ArgumentParser
import NetworkTypes

/// Reads a value of the command line; what is wrong with it is said with the remedy.
func reading<Value: TextualValue>(_ text: String) throws -> Value {
    do {
        return try Value(parsing: text)
    } catch {
        throw ValidationError("\(error.reason); \(error.remedy)")
    }
}
