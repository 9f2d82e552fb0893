//! Random bytes, and tokens made of them.

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Where random bytes come from, as a value: a simulation brings its own.
#[derive(Clone)]
pub struct Randomness(Arc<Fill>);

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

impl Randomness {
    /// The system's generator.
    ///
    /// # Panics
    ///
    /// When bytes are asked for, if the system has none; nothing safe can be done then.
    pub fn system() -> Self {
        Self::new(|bytes| getrandom::fill(bytes).expect("the system gives random bytes"))
    }

    /// Bytes that `fill` writes.
    pub fn new(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// Some bytes.
    pub(crate) fn bytes<const LENGTH: usize>(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        (self.0)(&mut bytes);
        bytes
    }

    /// A new token: 32 random bytes as text.
    pub(crate) fn token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }

    /// A new name of a feed's life.
    pub(crate) fn epoch(&self) -> String {
        hexadecimal(&self.bytes::<4>())
    }
}

impl fmt::Debug for Randomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Randomness")
    }
}

/// What the database keeps of a token. It is random, so one fast hash is enough.
pub(crate) fn token_hash(token: &str) -> String {
    hexadecimal(&Sha256::digest(token))
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
