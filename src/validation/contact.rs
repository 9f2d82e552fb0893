//! The buyer: a name, and an e-mail address or telephone number.

use super::text;
use crate::{
    draft::Customer,
    issue::{Code, Issue},
    limits::{MAX_CODE_BYTES, MAX_EMAIL_BYTES, MAX_TEXT_BYTES},
};

pub(super) fn customer(customer: Option<&Customer>, issues: &mut Vec<Issue>) {
    const EMAIL: &str = "/details/customer/email";
    const PHONE: &str = "/details/customer/phone";
    let nobody = Customer::default();
    let customer = customer.unwrap_or(&nobody);
    text::required(&customer.name, MAX_TEXT_BYTES, "/details/customer/name", issues);
    text::optional(&customer.id, MAX_CODE_BYTES, "/details/customer/id", issues);
    text::optional(&customer.tax_number, MAX_CODE_BYTES, "/details/customer/taxNumber", issues);
    let filled =
        |field: &Option<String>| field.as_ref().is_some_and(|text| !text.trim().is_empty());
    if !filled(&customer.email) && !filled(&customer.phone) {
        issues.push(Issue::new(Code::Required, EMAIL));
    }
    match &customer.email {
        Some(email) if filled(&customer.email) && !is_email(email.trim()) => {
            issues.push(Issue::new(Code::EmailInvalid, EMAIL));
        }
        _ => {}
    }
    match &customer.phone {
        Some(phone) if filled(&customer.phone) && !is_phone(phone.trim()) => {
            issues.push(Issue::new(Code::PhoneInvalid, PHONE));
        }
        _ => {}
    }
}

/// Whether mail can be sent to it, as far as the form tells (the rule of the HTML standard's
/// `input type=email`, plus a dot in the domain, which every public mailbox has).
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let local_fits =
        |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || !letter.is_ascii())
    };
    text.len() <= MAX_EMAIL_BYTES
        && (1..=64).contains(&local.len())
        && local.bytes().all(local_fits)
        && local.split('.').all(|part| !part.is_empty())
        && domain.contains('.')
        && domain.split('.').all(label_fits)
}

/// 6 to 15 digits (E.164 allows 15), with the separators that people use.
fn is_phone(text: &str) -> bool {
    let number = text.strip_prefix('+').unwrap_or(text);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    (6..=15).contains(&digits)
        && number.bytes().all(|byte| byte.is_ascii_digit() || b" -()./".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_addresses() {
        for good in
            ["a@b.co", "first.last+tag@shop.example.org", "o'neil@example.ie", "x@例子.公司"]
        {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@",
            "@b.co",
            "a@b",
            "a b@c.de",
            ".a@b.co",
            "a..b@c.de",
            "a@-b.co",
            "a@b..co",
            "a@b.co, c@d.de",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(!is_email(&format!("{}@b.co", "a".repeat(65))));
    }

    #[test]
    fn phone_numbers() {
        for good in ["+44 20 7946 0958", "(030) 901820", "13800138000", "+1-555-010-9999"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["", "12345", "+", "1234567890123456", "call me", "++441234567"] {
            assert!(!is_phone(bad), "{bad}");
        }
    }
}
