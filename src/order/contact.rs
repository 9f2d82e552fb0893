//! Whether somebody knows what only the buyer of an order and the shop know.

use super::{HistoryEntry, Order, Role};

/// Fewer digits of a telephone number prove nothing.
const LEAST_DIGITS: usize = 4;
/// A stored number that is shorter than this is not taken for the end of a longer one that was typed.
const LEAST_STORED_DIGITS: usize = 7;
/// Longer texts are no telephone number and no e-mail address.
const MOST_CHARS: usize = 254;

impl Order {
    /// Whether a telephone number or an e-mail address is the buyer's. Of a telephone number the last four digits are
    /// enough, and country codes and leading zeros may be there or not.
    ///
    /// An order without either fits nobody.
    pub fn fits_contact(&self, typed: &str) -> bool {
        let Some(customer) = self.details.customer.as_ref() else { return false };
        let known =
            |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_lowercase();
        fits(&known(&customer.email), &known(&customer.phone), typed.trim())
    }

    /// The order as its buyer may see it on a page: without the names of the staff, and without the places of what is withheld.
    #[must_use]
    pub fn for_buyer(mut self) -> Self {
        self.history.retain(|entry| entry.event != "withheld");
        // Whoever of the staff placed it owns it.
        let is_staff = |entry: &&HistoryEntry| entry.by.role != Role::Customer;
        if self.history.iter().filter(is_staff).any(|entry| entry.by.user == self.owner) {
            self.owner.clear();
        }
        for entry in &mut self.history {
            if entry.by.role != Role::Customer {
                entry.by.user.clear();
            }
        }
        self
    }
}

/// Whether a text is this e-mail address, or this telephone number or the end of it.
fn fits(email: &str, phone: &str, typed: &str) -> bool {
    if typed.len() > MOST_CHARS {
        return false;
    }
    if typed.contains('@') {
        return !email.is_empty() && email == typed.to_lowercase();
    }
    let (typed, known) = (digits(typed), digits(phone));
    // Zeros that are dialled before a number are not part of it; those inside of its end are.
    let (dialled, whole) = (typed.trim_start_matches('0'), known.trim_start_matches('0'));
    let is_tail = |tail: &str| tail.len() >= LEAST_DIGITS && known.ends_with(tail);
    is_tail(&typed)
        || is_tail(dialled)
        || (whole.len() >= LEAST_STORED_DIGITS && dialled.ends_with(whole))
}

fn digits(text: &str) -> String {
    text.chars().filter_map(digit).collect()
}

/// A digit, also one of full width, as Chinese keyboards write them.
fn digit(letter: char) -> Option<char> {
    match letter {
        '0'..='9' => Some(letter),
        '０'..='９' => {
            let value = u32::from(letter).checked_sub(u32::from('０'))?;
            char::from_digit(value, 10)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telephone_number_fits_however_it_is_written() {
        let phone = "+44 20 7946 0018";
        let fitting = [
            "+44 20 7946 0018",
            "0044 20 79460018",
            "020 7946 0018",
            "7946-0018",
            "0018",
            "００１８",
            " (020) 7946.0018 ",
        ];
        for typed in fitting {
            assert!(fits("", phone, typed), "{typed}");
        }
        for typed in ["", "018", "0019", "0000 0000", "+44 20 7946 00188", "946 0019", "telephone"]
        {
            assert!(!fits("", phone, typed), "{typed}");
        }
        assert!(fits("", "7946 0018", "+44 20 7946 0018"), "stored without its area");
        assert!(!fits("", "0018", "+44 20 7946 0018"), "too short to be the end of another");
        assert!(!fits("", "", "7946 0018"));
    }

    #[test]
    fn an_address_fits_as_a_whole() {
        assert!(fits("ada@example.org", "", "ADA@Example.org"));
        for typed in ["da@example.org", "ada@example.or", "@", ""] {
            assert!(!fits("ada@example.org", "", typed), "{typed}");
        }
        assert!(!fits("", "", "@"), "an order without an address fits nobody");
        assert!(!fits("", "", ""));
    }
}
