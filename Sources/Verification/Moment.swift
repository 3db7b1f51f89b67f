/// A time for people, to the second: `2026-11-29 09:46:07 UTC`.
/// - Parameter milliseconds: since 1970.
func utc(_ milliseconds: Int64) -> String {
    let (day, second) = (milliseconds / 1000).quotientAndFloor(by: 86_400)
    // Days since 1 March 0000, so that the leap day is the last of a year. 400 years have 146,097 days.
    let (era, ofEra) = (day + 719_468).quotientAndFloor(by: 146_097)
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let dayOfYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let march = (5 * dayOfYear + 2) / 153
    let month = march < 10 ? march + 3 : march - 9
    let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    return "\(year.padded(4))-\(month.padded(2))-\((dayOfYear - (153 * march + 2) / 5 + 1).padded(2)) "
        + "\((second / 3600).padded(2)):\((second / 60 % 60).padded(2)):\((second % 60).padded(2)) UTC"
}

extension Int64 {
    fileprivate func quotientAndFloor(by divisor: Int64) -> (Int64, Int64) {
        let remainder = (self % divisor + divisor) % divisor
        return ((self - remainder) / divisor, remainder)
    }

    fileprivate func padded(_ digits: Int) -> String {
        let text = String(self)
        return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
    }
}
