//! Who is this: sign-in, sessions by cookie, tokens by header.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::PoisonError;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::password::{hex, random};
use super::text::name_key;
use super::{Actor, Caller, Org, OrgError, Person, Record};
use crate::base::{PersonId, TokenId, UtcMs};
use crate::store::sessions::Session;

/// What a request brings.
#[derive(Clone, Copy)]
pub enum Credentials<'a> {
    None,
    /// The value of the session's cookie. One that is not valid any more is as good as none.
    Cookie(&'a str),
    /// A token; one that is not valid is an error.
    Bearer(&'a str),
}

/// A session that has just begun: the value for the cookie, and how long it lasts at most.
pub struct SignedIn {
    pub cookie: String,
    pub seconds: i64,
    pub caller: Caller,
}

/// Uses are written down at most so often.
const TOUCH_MS: i64 = 60_000;

/// The sessions in memory, by the SHA-256 of the cookie.
#[derive(Default)]
pub(super) struct Sessions {
    open: HashMap<Vec<u8>, Open>,
    /// When uses of tokens were last written down.
    tokens: HashMap<TokenId, UtcMs>,
}

struct Open {
    person: PersonId,
    created: UtcMs,
    last_seen: UtcMs,
    written: UtcMs,
}

impl Sessions {
    pub fn new(rows: Vec<Session>) -> Self {
        let open = |row: Session| (row.hash, Open { person: row.person, created: row.created, last_seen: row.last_seen, written: row.last_seen });
        Self { open: rows.into_iter().map(open).collect(), tokens: HashMap::new() }
    }
}

pub(crate) fn sha256(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

impl Org {
    /// Who asks. From memory; a use is written down once a minute.
    pub async fn caller(&self, credentials: Credentials<'_>, address: IpAddr) -> Result<Caller, OrgError> {
        self.follow().await?;
        let anonymous = Caller::anonymous(self.directory(), address);
        match credentials {
            Credentials::None => Ok(anonymous),
            Credentials::Cookie(cookie) => Ok(self.by_cookie(anonymous, cookie).await),
            Credentials::Bearer(token) => self.by_token(anonymous, token).await,
        }
    }

    async fn by_cookie(&self, anonymous: Caller, cookie: &str) -> Caller {
        let hash = sha256(cookie);
        let now = self.now();
        let options = &self.options().sign_in;
        let (person, write) = {
            let mut sessions = self.sessions();
            let Some(open) = sessions.open.get_mut(&hash) else { return anonymous };
            if now - open.created >= options.session.as_millis() as i64 || now - open.last_seen >= options.idle.as_millis() as i64 {
                return anonymous;
            }
            open.last_seen = open.last_seen.max(now);
            let write = now - open.written >= TOUCH_MS;
            if write {
                open.written = now;
            }
            (open.person.clone(), write)
        };
        if anonymous.directory().person(&person).is_none_or(|person| person.disabled) {
            return anonymous;
        }
        if write && let Err(error) = self.store().touch_session(&hash, now).await {
            tracing::warn!(%error, %person, "the use of a session was not written down");
        }
        anonymous.with_session(person, hash)
    }

    async fn by_token(&self, anonymous: Caller, text: &str) -> Result<Caller, OrgError> {
        let mut parts = text.splitn(3, '_');
        let (Some("yz"), Some(id), Some(secret)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(OrgError::BadToken);
        };
        let now = self.now();
        let token = anonymous.directory().token(&id.into()).ok_or(OrgError::BadToken)?;
        let alive = token.expires.is_none_or(|expires| now < expires) && anonymous.directory().person(&token.person).is_some_and(|owner| !owner.disabled);
        if !bool::from(sha256(secret).ct_eq(&token.hash)) || !alive {
            return Err(OrgError::BadToken);
        }
        let (id, person) = (token.id.clone(), token.person.clone());
        let write = {
            let mut sessions = self.sessions();
            let written = sessions.tokens.get(&id).copied().or(token.last_used);
            let write = written.is_none_or(|written| now - written >= TOUCH_MS);
            if write {
                sessions.tokens.insert(id.clone(), now);
            }
            write
        };
        if write && let Err(error) = self.store().touch_token(&id, now).await {
            tracing::warn!(%error, token = %id, "the use of a token was not written down");
        }
        Ok(anonymous.with_token(id, person))
    }

    /// When a token was last used, as far as memory knows better than the directory.
    pub(super) fn token_used(&self, id: &TokenId) -> Option<UtcMs> {
        self.sessions().tokens.get(id).copied()
    }

    /// Begins a session. Every outcome is in the audit log; the name that was typed only if somebody has it (it may be a password in the wrong field).
    pub async fn sign_in(&self, anonymous: &Caller, address: IpAddr, name: &str, password: &str) -> Result<SignedIn, OrgError> {
        let options = &self.options().sign_in;
        let now = self.now();
        let attempt = self.0.rate.lock().unwrap_or_else(PoisonError::into_inner).attempt(super::rate::neighbourhood(address), now, options.attempts_per_minute);
        if let Err(too_many) = attempt {
            if too_many.first {
                self.record(&anonymous.actor(), Record::new("session.too_many_attempts", address)).await?;
            }
            return Err(OrgError::TooManyAttempts { seconds: too_many.seconds });
        }
        // A person whom the command line has just made can sign in at once.
        self.follow_now().await?;
        let directory = self.directory();
        let person = directory.person_named(name);
        let actor = Actor { person: person.map(|p| p.id.clone()), person_name: person.map(|p| p.name.clone()), ..anonymous.actor() };
        self.check_password(&actor, name, person, password).await?;
        let person = person.ok_or(OrgError::WrongPassword)?;
        let (cookie, caller) = self.begin_session(anonymous, person.id.clone()).await?;
        self.record(&caller.actor(), Record::new("session.create", &person.id).on(&person.unit)).await?;
        Ok(SignedIn { cookie, seconds: options.session.as_secs() as i64, caller })
    }

    /// A person's password as proof that it is still them.
    pub(super) async fn prove(&self, person: &Person, actor: &Actor, password: &str) -> Result<(), OrgError> {
        self.check_password(actor, &person.name, Some(person), password).await
    }

    /// Counts the attempt, then compares. Takes as long, and locks as well, when nobody has the name.
    async fn check_password(&self, actor: &Actor, name: &str, person: Option<&Person>, password: &str) -> Result<(), OrgError> {
        let options = &self.options().sign_in;
        let (now, key, limit) = (self.now(), sha256(&name_key(name)), options.failures_before_lock.max(1));
        let record = |action| match person {
            Some(person) => Record::new(action, &person.id).on(&person.unit),
            None => Record::new(action, "unknown"),
        };
        let locked = |until: UtcMs| OrgError::Locked { until, seconds: until.saturating_since(now).as_millis().div_ceil(1000) as u64 };

        let counted = self.store().count_sign_in(&key, now, limit, options.lock.as_millis() as i64).await?;
        if let (true, Some(until)) = (counted.failures > limit, counted.locked_until) {
            self.record(actor, record("session.refused_while_locked")).await?;
            return Err(locked(until));
        }
        let hash = match person.filter(|person| !person.disabled) {
            Some(person) => self.store().password_hash(&person.id).await?,
            None => None,
        };
        if self.0.passwords.verify(hash, password).await? {
            return Ok(self.store().forget_failures(&key).await?);
        }
        self.record(actor, record("session.fail")).await?;
        let Some(until) = counted.locked_until else { return Err(OrgError::WrongPassword) };
        tracing::warn!(person = person.map(|person| person.name.as_str()), "a name is locked after failed sign-ins");
        self.record(actor, record("session.lock")).await?;
        Err(locked(until))
    }

    async fn begin_session(&self, anonymous: &Caller, person: PersonId) -> Result<(String, Caller), OrgError> {
        let options = &self.options().sign_in;
        let now = self.now();
        let cookie = hex(&random::<32>());
        let session = Session { hash: sha256(&cookie), person: person.clone(), created: now, last_seen: now };
        let _turn = self.0.changing.lock().await;
        let (oldest, idle) = (now - options.session.as_millis() as i64, now - options.idle.as_millis() as i64);
        self.store().delete_sessions_before(oldest, idle - TOUCH_MS).await?;
        self.store().insert_session(&session).await?;
        let mut sessions = self.sessions();
        sessions.open.retain(|_, open| open.created > oldest && open.last_seen > idle);
        sessions.open.insert(session.hash.clone(), Open { person: person.clone(), created: now, last_seen: now, written: now });
        drop(sessions);
        Ok((cookie, anonymous.clone().seeing(self.directory()).with_session(person, session.hash)))
    }

    /// Ends the caller's session; nothing to do without one.
    pub async fn sign_out(&self, caller: &Caller) -> Result<(), OrgError> {
        let Some(hash) = caller.session() else { return Ok(()) };
        {
            let _turn = self.0.changing.lock().await;
            self.store().delete_session(hash).await?;
            self.sessions().open.remove(hash);
        }
        let person = caller.require_person()?;
        self.record(&caller.actor(), Record::new("session.delete", &person.id).on(&person.unit)).await
    }
}
