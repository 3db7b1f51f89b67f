#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Int64 {
    /// Seconds since 1970: what certificates are judged by.
    static var now: Int64 { Int64(time(nil)) }
}
