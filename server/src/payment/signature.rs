//! Signatures of what is sent from server to server: HMAC-SHA256 over time, tenant and body.
//!
//! The tenant is signed, so that what was said to one shop is not taken by another with the same secret.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::secret;

/// The header that holds the signature.
pub const SIGNATURE_HEADER: &str = "orderkit-signature";
/// A message that is older, or further in the future, is not believed: somebody may have kept it to send it again.
const WINDOW_MS: i64 = 5 * 60 * 1_000;

/// The header of a body for or of a tenant: `t=<seconds>,v1=<hexadecimal>`, of the text `seconds.tenant.body`.
pub fn sign(secret: &str, tenant: &str, body: &[u8], at_ms: i64) -> String {
    let seconds = at_ms.div_euclid(1_000);
    let code = code(secret, seconds, tenant, body).finalize().into_bytes();
    format!("t={seconds},v1={}", secret::hexadecimal(&code))
}

/// Whether the header was made with this secret for this tenant and body, not long ago.
///
/// The comparison takes as long for a wrong signature as for the right one.
pub fn verify(secret: &str, header: &str, tenant: &str, body: &[u8], now_ms: i64) -> bool {
    let mut seconds = None;
    let mut signatures = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) => seconds = value.parse::<i64>().ok(),
            // Two while a secret is exchanged for a new one.
            Some(("v1", value)) => signatures.push(value),
            _ => {}
        }
    }
    let Some(seconds) = seconds else { return false };
    let age_ms = now_ms.saturating_sub(seconds.saturating_mul(1_000));
    let is_fresh = (-WINDOW_MS..=WINDOW_MS).contains(&age_ms);
    let fits = |text: &str| {
        let code = || code(secret, seconds, tenant, body);
        bytes(text).is_some_and(|bytes| code().verify_slice(&bytes).is_ok())
    };
    is_fresh && signatures.iter().any(|text| fits(text))
}

fn code(secret: &str, seconds: i64, tenant: &str, body: &[u8]) -> Hmac<Sha256> {
    // A key of any length is one.
    let mut code = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes())
        .unwrap_or_else(|_| Hmac::new(&Default::default()));
    for part in [seconds.to_string().as_bytes(), tenant.as_bytes()] {
        code.update(part);
        code.update(b".");
    }
    code.update(body);
    code
}

fn bytes(hexadecimal: &str) -> Option<Vec<u8>> {
    if !hexadecimal.len().is_multiple_of(2) || !hexadecimal.is_ascii() {
        return None;
    }
    let pairs = (0..hexadecimal.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(hexadecimal.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_764_000_000_000;

    #[test]
    fn a_signature_is_for_one_tenant_one_body_one_secret_and_a_short_time() {
        let header = sign("secret", "main", b"{}", NOW_MS);
        assert!(verify("secret", &header, "main", b"{}", NOW_MS + WINDOW_MS));
        assert!(!verify("secret", &header, "main", b"{} ", NOW_MS));
        assert!(!verify("other", &header, "main", b"{}", NOW_MS));
        assert!(!verify("secret", &header, "main", b"{}", NOW_MS + WINDOW_MS + 1));
        assert!(!verify("secret", &header, "main", b"{}", NOW_MS - WINDOW_MS - 1));
        assert!(!verify("secret", &header, "other", b"{}", NOW_MS), "the tenant is signed as well");
        let later = header.replace("t=1764000000", "t=1764000001");
        assert!(!verify("secret", &later, "main", b"{}", NOW_MS), "the time is signed as well");
        for broken in ["", "t=1", "v1=00", "t=1764000000,v1=0", "t=1764000000,v1=zz", "t=x,v1=é"] {
            assert!(!verify("secret", broken, "main", b"{}", NOW_MS), "{broken}");
        }
    }

    #[test]
    fn two_secrets_hold_while_one_is_exchanged() {
        let (old, new) = (sign("old", "main", b"{}", NOW_MS), sign("new", "main", b"{}", NOW_MS));
        let both = format!("{old},{}", new.split_once(',').unwrap().1);
        assert!(
            verify("old", &both, "main", b"{}", NOW_MS)
                && verify("new", &both, "main", b"{}", NOW_MS)
        );
    }

    #[test]
    fn the_code_is_that_of_rfc_4231() {
        // Test case 2: the key "Jefe", the data "what do ya want for nothing?".
        let mut code = <Hmac<Sha256> as KeyInit>::new_from_slice(b"Jefe").unwrap();
        code.update(b"what do ya want for nothing?");
        assert_eq!(
            secret::hexadecimal(&code.finalize().into_bytes()),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
