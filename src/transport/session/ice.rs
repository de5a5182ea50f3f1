//! The ICE-lite agent (RFC 8445 2.5): it answers connectivity checks and keeps the paths that passed one.

use std::fmt;
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use rand::Rng;

use super::stun::{self, Refusal, Request};
use super::{Counters, Path};

/// A client of many interfaces checks a handful of paths; a liar may check from every port it has.
const MAX_PATHS: usize = 16;
/// So long nothing came over the selected path when media over another one moves it. Shorter, and reordered packets would move it to and fro.
const QUIET_BEFORE_MEDIA_MOVES: Duration = Duration::from_secs(1);

/// `a=ice-ufrag` and `a=ice-pwd` of one side.
#[derive(Clone, PartialEq, Eq)]
pub struct IceCredentials {
    pub ufrag: String,
    pub pwd: String,
}

impl IceCredentials {
    /// New ones, of 48 and 192 bits (RFC 8445 5.3 asks for 24 and 128).
    pub fn random() -> IceCredentials {
        const CHARACTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut rng = rand::rng();
        let mut characters = |count| (0..count).map(|_| char::from(CHARACTERS[rng.random_range(0..CHARACTERS.len())])).collect();
        IceCredentials { ufrag: characters(8), pwd: characters(32) }
    }
}

/// Passwords stay out of logs.
impl fmt::Debug for IceCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IceCredentials({})", self.ufrag)
    }
}

/// What became of a check.
#[derive(Debug)]
pub(super) struct Checked {
    pub answer: Option<Vec<u8>>,
    /// It was genuine.
    pub is_valid: bool,
}

/// One generation of credentials: ours, and the client's ufrag where its description came already.
struct Generation {
    ufrag: String,
    key: hmac::Key,
    remote_ufrag: Option<String>,
}

struct ValidPath {
    path: Path,
    checked: Instant,
    heard: Instant,
}

pub(super) struct Agent {
    current: Generation,
    /// Those before a restart, until a check knows the new ones.
    previous: Option<Generation>,
    paths: Vec<ValidPath>,
    nominated: Option<Path>,
    selected: Option<Path>,
    /// The last valid check, or the beginning.
    checked: Instant,
}

impl Agent {
    pub fn new(now: Instant, local: IceCredentials) -> Agent {
        Agent { current: Generation::new(local), previous: None, paths: Vec::new(), nominated: None, selected: None, checked: now }
    }

    /// The client knows of us from now on.
    pub fn begin(&mut self, now: Instant) {
        self.checked = now;
    }

    pub fn set_remote(&mut self, remote: &IceCredentials) {
        self.current.remote_ufrag = Some(remote.ufrag.clone());
    }

    pub fn restart(&mut self, local: IceCredentials) {
        let before = std::mem::replace(&mut self.current, Generation::new(local));
        // Of two restarts without a check between, the older credentials are the ones that the client uses.
        self.previous.get_or_insert(before);
    }

    pub fn check(&mut self, now: Instant, path: Path, datagram: &[u8], counters: &mut Counters) -> Checked {
        let Some(request) = Request::parse(datagram) else {
            counters.stun_refused += 1;
            return Checked { answer: None, is_valid: false };
        };
        let transaction = request.transaction;
        match self.judge(&request) {
            Err((refusal, key)) => {
                counters.stun_refused += 1;
                Checked { answer: Some(stun::refusal(&transaction, refusal, key)), is_valid: false }
            }
            Ok(is_current) => {
                counters.stun_answered += 1;
                let generation = match &self.previous {
                    Some(previous) if !is_current => previous,
                    _ => &self.current,
                };
                let answer = stun::success(&transaction, path.remote, &generation.key);
                if is_current {
                    self.previous = None;
                }
                self.checked = now;
                self.remember(now, path);
                if request.use_candidate {
                    self.nominated = Some(path);
                }
                self.select();
                Checked { answer: Some(answer), is_valid: true }
            }
        }
    }

    /// Whether the request is genuine: `Ok(true)` with the current credentials.
    fn judge<'s>(&'s self, request: &Request<'_>) -> Result<bool, (Refusal, Option<&'s hmac::Key>)> {
        let (Some((local, remote)), true) = (request.ufrags(), request.has_integrity()) else { return Err((Refusal::BadRequest, None)) };
        let previous = self.previous.as_ref().filter(|previous| previous.ufrag == local);
        let (generation, is_current) = match previous {
            _ if self.current.ufrag == local => (&self.current, true),
            Some(previous) => (previous, false),
            None => return Err((Refusal::Unauthenticated, None)),
        };
        // Before the client's description came, its half of the name is anything (RFC 8445 7.3 has such checks answered too).
        let remote_is_right = generation.remote_ufrag.as_ref().is_none_or(|expected| expected == remote);
        if !remote_is_right || !request.is_signed_by(&generation.key) {
            return Err((Refusal::Unauthenticated, None));
        }
        if let Some(attribute) = request.unknown {
            return Err((Refusal::UnknownAttribute(attribute), Some(&generation.key)));
        }
        // A lite agent is never controlling: the client has to change its mind (RFC 8445 7.3.1.1).
        if request.is_controlled {
            return Err((Refusal::RoleConflict, Some(&generation.key)));
        }
        Ok(is_current)
    }

    fn remember(&mut self, now: Instant, path: Path) {
        if let Some(known) = self.paths.iter_mut().find(|known| known.path == path) {
            (known.checked, known.heard) = (now, now);
            return;
        }
        if self.paths.len() >= MAX_PATHS {
            let selected = self.selected;
            let oldest = self.paths.iter().enumerate().filter(|(_, known)| Some(known.path) != selected).min_by_key(|(_, known)| known.checked);
            if let Some(at) = oldest.map(|(at, _)| at) {
                let forgotten = self.paths.swap_remove(at).path;
                self.nominated = self.nominated.filter(|nominated| *nominated != forgotten);
            }
        }
        self.paths.push(ValidPath { path, checked: now, heard: now });
    }

    /// The nominated path; before there is one, the first that passed: DTLS comes that early.
    fn select(&mut self) {
        self.selected = self.nominated.or(self.selected).or_else(|| self.paths.first().map(|first| first.path));
    }

    /// Authentic bytes that are no check came over a checked path.
    pub fn heard(&mut self, now: Instant, path: Path) {
        let Some(selected) = self.selected else { return };
        let mut quiet = true;
        for known in &mut self.paths {
            if known.path == path {
                known.heard = now;
            }
            if known.path == selected {
                quiet = now.saturating_duration_since(known.heard) >= QUIET_BEFORE_MEDIA_MOVES;
            }
        }
        if path != selected && quiet {
            self.nominated = Some(path);
            self.select();
        }
    }

    pub fn lose(&mut self, path: Path) {
        self.paths.retain(|known| known.path != path);
        self.nominated = self.nominated.filter(|nominated| *nominated != path);
        if self.selected == Some(path) {
            self.selected = self.paths.iter().max_by_key(|known| known.checked).map(|known| known.path);
            self.select();
        }
    }

    /// It passed a check.
    pub fn knows(&self, path: &Path) -> bool {
        self.selected.as_ref() == Some(path) || self.paths.iter().any(|known| known.path == *path)
    }

    pub fn selected(&self) -> Option<Path> {
        self.selected
    }

    pub fn last_check(&self) -> Instant {
        self.checked
    }
}

impl Generation {
    fn new(local: IceCredentials) -> Generation {
        Generation { key: stun::integrity_key(&local.pwd), ufrag: local.ufrag, remote_ufrag: None }
    }
}
