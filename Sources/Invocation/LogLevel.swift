import ArgumentParser
import Logging

/// A log level as the command line gives it: `trace` to `critical`.
extension Logger.Level: @retroactive ExpressibleByArgument {}
