//! Passwords: argon2id, off the async threads, a few at a time.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, SaltString};
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordVerifier, Version};
use rand::RngCore;
use tokio::sync::Semaphore;

use super::{OrgError, SignInOptions};

pub(super) struct Passwords {
    argon: Argon2<'static>,
    /// What a sign-in without a hash to compare with is compared with, so that it takes as long.
    nobody: String,
    /// Each holds 19 MiB and a core for a while.
    turns: Arc<Semaphore>,
}

impl Passwords {
    pub fn new(options: &SignInOptions) -> Result<Self, OrgError> {
        let params = Params::new(options.hash_memory_kib, options.hash_passes, 1, None).map_err(|error| OrgError::Hash(error.into()))?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon, &hex(&random::<16>()))?;
        Ok(Self { argon, nobody, turns: Arc::new(Semaphore::new(2)) })
    }

    pub async fn hash(&self, password: &str) -> Result<String, OrgError> {
        let (argon, password) = (self.argon.clone(), password.to_owned());
        self.in_turn(move || hash(&argon, &password)).await?
    }

    /// Whether the password is that of the hash; without a hash it is not, after the same time.
    pub async fn verify(&self, hash: Option<String>, password: &str) -> Result<bool, OrgError> {
        let (argon, password) = (self.argon.clone(), password.to_owned());
        let (known, hash) = (hash.is_some(), hash.unwrap_or_else(|| self.nobody.clone()));
        self.in_turn(move || {
            let parsed = PasswordHash::new(&hash).map_err(OrgError::Hash)?;
            match argon.verify_password(password.as_bytes(), &parsed) {
                Ok(()) => Ok(known),
                Err(argon2::password_hash::Error::Password) => Ok(false),
                Err(error) => Err(OrgError::Hash(error)),
            }
        })
        .await?
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, OrgError> {
        let turn = self.turns.clone().acquire_owned().await.ok();
        Ok(tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        })
        .await?)
    }
}

fn hash(argon: &Argon2<'_>, password: &str) -> Result<String, OrgError> {
    let salt = SaltString::encode_b64(&random::<16>()).map_err(OrgError::Hash)?;
    Ok(argon.hash_password(password.as_bytes(), &salt).map_err(OrgError::Hash)?.to_string())
}

/// Bytes of the system's secure generator (ChaCha seeded by the kernel).
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A password that can be read out over the telephone: four groups of five, 97 bits, without letters that look like digits.
pub fn readable() -> String {
    const LETTERS: &[u8; 29] = b"abcdefghjkmnpqrstuvwxyz234567";
    let mut text = String::new();
    while text.len() < 23 {
        if matches!(text.len(), 5 | 11 | 17) {
            text.push('-');
        }
        // 232 = 8 × 29: bytes above would favour the first letters.
        let [byte] = random::<1>();
        if byte < 232 {
            text.push(LETTERS[usize::from(byte) % LETTERS.len()] as char);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_passwords_are_readable_and_differ() {
        let (one, other) = (readable(), readable());
        assert_ne!(one, other);
        assert_eq!(one.split('-').map(str::len).collect::<Vec<_>>(), [5, 5, 5, 5], "{one}");
        assert!(one.bytes().all(|b| b == b'-' || b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b)), "{one}");
    }

    #[tokio::test]
    async fn verifies_what_it_hashed() {
        let passwords = Passwords::new(&SignInOptions { hash_memory_kib: 64, hash_passes: 1, ..SignInOptions::default() }).unwrap();
        let hash = passwords.hash("四海 correct horse").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
        assert!(passwords.verify(Some(hash.clone()), "四海 correct horse").await.unwrap());
        assert!(!passwords.verify(Some(hash), "四海 correct house").await.unwrap());
        assert!(!passwords.verify(None, "anything").await.unwrap());
        assert!(passwords.verify(Some("nonsense".to_owned()), "x").await.is_err());
        let expensive = Passwords::new(&SignInOptions::default()).unwrap();
        assert!(expensive.nobody.contains("m=19456,t=2"), "{}", expensive.nobody);
    }
}
