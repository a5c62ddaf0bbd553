//! Prices: `float` on the wire, decimal for people and in the database.
//!
//! A `float` can't hold 0.1; the nearest one is 0.100000001490116... Yet exactly one decimal is
//! the shortest that rounds to a given `float`, and for 0.1 that is "0.1". Okno takes this
//! decimal as the price: it is what the sender typed for every price of up to seven digits
//! (a `float`'s precision), it survives the way there and back unchanged, and a person sees it
//! with at least two places.
//!
//! Never rounds a price: 0.125 stays 0.125.

/// Why a number can't be a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPrice {
    /// NaN.
    #[error("the price is not a number: give a decimal such as 9.90")]
    NotANumber,
    /// Positive infinity, or a number too large for a `float`.
    #[error("the price is infinite or above 3.4e38: give a decimal such as 9.90")]
    Infinite,
    /// Below zero.
    #[error("the price is negative: give 0 or more")]
    Negative,
}

/// Checks a price and makes -0 an ordinary 0.
///
/// # Errors
/// NaN, infinite or negative.
pub fn check(price: f32) -> Result<f32, BadPrice> {
    match price {
        p if p.is_nan() => Err(BadPrice::NotANumber),
        p if p < 0.0 => Err(BadPrice::Negative),
        p if p.is_infinite() => Err(BadPrice::Infinite),
        p => Ok(p + 0.0),
    }
}

/// Reads what a person typed: a decimal with a point or, if there is no point, a comma.
///
/// # Errors
/// Not a number, negative or too large.
pub fn parse(text: &str) -> Result<f32, BadPrice> {
    let text = text.trim();
    let price = match text.parse::<f32>() {
        Ok(price) => price,
        Err(_) if !text.contains('.') => {
            text.replacen(',', ".", 1).parse().map_err(|_| BadPrice::NotANumber)?
        }
        Err(_) => return Err(BadPrice::NotANumber),
    };
    check(price)
}

/// The price for people: the shortest decimal, with at least two places. 0.1 is "0.10".
#[must_use]
pub fn show(price: f32) -> String {
    // `Display` of f32 is the shortest decimal that reads back as the same f32, never with an
    // exponent.
    let mut text = price.to_string();
    let places = text.find('.').map_or(0, |dot| text.len() - dot - 1);
    if places == 0 {
        text.push('.');
    }
    for _ in places..2 {
        text.push('0');
    }
    text
}

/// The price as the database holds it: the `double` nearest to the shortest decimal, so that
/// whoever opens the file with another tool reads 0.1 and not 0.100000001490116.
#[must_use]
pub fn to_stored(price: f32) -> f64 {
    let decimal = price.to_string().parse::<f64>().unwrap_or_else(|_| f64::from(price));
    // Rounding twice could in principle miss by one step; then the exact value is stored.
    if from_stored(decimal).to_bits() == price.to_bits() { decimal } else { f64::from(price) }
}

/// The way back from [`to_stored`].
#[must_use]
#[allow(clippy::cast_possible_truncation, reason = "the inverse of to_stored, checked there")]
pub fn from_stored(stored: f64) -> f32 {
    stored as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_stays_a_tenth() {
        assert_eq!(show(0.1), "0.10");
        assert_eq!(to_stored(0.1).to_bits(), 0.1_f64.to_bits());
        assert_eq!(from_stored(to_stored(0.1)).to_bits(), 0.1_f32.to_bits());
    }

    #[test]
    fn at_least_two_places_and_never_fewer_than_were_given() {
        for (price, text) in [
            (0.0, "0.00"),
            (5.0, "5.00"),
            (19.99, "19.99"),
            (0.125, "0.125"),
            (12_345.67, "12345.67"),
            (1e10, "10000000000.00"),
            (1e-3, "0.001"),
        ] {
            assert_eq!(show(price), text);
        }
    }

    #[test]
    fn every_float_comes_back_from_the_database() {
        // A step that is coprime to the number of floats visits all exponents and odd mantissas.
        let mut bits = 0_u32;
        while bits < f32::INFINITY.to_bits() {
            let price = f32::from_bits(bits);
            assert_eq!(from_stored(to_stored(price)).to_bits(), bits, "{price}");
            assert_eq!(parse(&show(price)).map(f32::to_bits), Ok(bits), "{price}");
            bits += 104_729;
        }
    }

    #[test]
    fn what_is_no_price_is_refused() {
        assert_eq!(check(f32::NAN), Err(BadPrice::NotANumber));
        assert_eq!(check(f32::INFINITY), Err(BadPrice::Infinite));
        assert_eq!(check(f32::NEG_INFINITY), Err(BadPrice::Negative));
        assert_eq!(check(-0.01), Err(BadPrice::Negative));
        assert_eq!(check(-0.0).map(f32::to_bits), Ok(0));
        assert_eq!(parse("1e40"), Err(BadPrice::Infinite));
        assert_eq!(parse("dear"), Err(BadPrice::NotANumber));
        assert_eq!(parse("1,000.5"), Err(BadPrice::NotANumber));
    }

    #[test]
    fn a_comma_is_read_as_a_point() {
        assert_eq!(parse(" 9,90 "), Ok(9.9));
    }
}
