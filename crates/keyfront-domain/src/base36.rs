//! Encodes numbers in base 36, as the service writes its codes.

const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The last thirteen base-36 digits of a number, which are all of a 64-bit number and of some more.
pub(crate) fn thirteen_digits(mut number: u128) -> String {
    let mut digits = [b'0'; 13];
    for place in digits.iter_mut().rev() {
        let digit = usize::try_from(number % 36).unwrap_or_default();
        *place = DIGITS.get(digit).copied().unwrap_or(b'0');
        number /= 36;
    }
    digits.iter().copied().map(char::from).collect()
}
