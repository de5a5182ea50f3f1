//! Who there is and what they may do: the tree of units with sites and people, roles per subtree, sign-in, tokens, named networks, the audit log.
//!
//! [`Org`] is the one owner. What every request asks (who is this, may they) is answered from memory, from a [`Directory`] that is replaced
//! as a whole after each change; what changes something goes through `Org`'s functions, which authorise the [`Caller`] and write the audit entry in the
//! same transaction. So no feature, and no command line, can change the organisation without both.

mod audience;
mod audit;
mod caller;
mod csv;
mod directory;
mod error;
mod grants;
mod network;
mod numbers;
mod options;
mod password;
pub mod patch;
mod people;
mod rate;
mod roles;
mod session;
mod sites;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod tokens;
mod tree;
mod turn;
mod units;

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

pub use audience::{Audience, AudienceError};
pub use audit::{Actor, Record};
pub use caller::{Caller, Denied};
pub use csv::{ImportReport, LineError, Sort, line as csv_line};
pub use directory::Directory;
pub use error::OrgError;
pub use grants::NewGrant;
pub use network::NamedNetwork;
pub use numbers::{
    NewMeetingNumber, NewNumber, NewNumberSegment, NumberEntry, NumberQuery, NumberSegment, NumberSegmentPatch, PartUse, Renumbering, SegmentUse, Sought,
};
pub use options::{Options, SignInOptions};
pub use password::readable as readable_password;
pub(crate) use password::{hex, random};
pub use people::{NewPerson, PersonPatch};
pub use rate::{Rate, TooMany, neighbourhood};
pub use roles::{includes, may};
pub(crate) use session::sha256;
pub use session::{Credentials, SignedIn};
pub use sites::{NewSite, SitePatch};
pub use tokens::{MadeToken, NewToken};
pub use tree::Tree;
pub(crate) use turn::Turn;
pub use units::{NewUnit, UnitPatch};

pub use crate::numbering::{Holder, HolderKind, Number, NumberingError};
pub use crate::store::audit::{AuditFilter, Entry};
pub use crate::store::grants::{Grant, Role};
pub use crate::store::people::Person;
pub use crate::store::sites::Site;
pub use crate::store::tokens::{RoleOn, Token};
pub use crate::store::units::{Unit, UnitKind};

use crate::base::{Clock, UnitId, UtcMs};
use crate::store::Store;

/// The handle; cheap to clone.
#[derive(Clone)]
pub struct Org(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    options: Options,
    passwords: password::Passwords,
    directory: RwLock<Arc<Directory>>,
    sessions: Mutex<session::Sessions>,
    rate: Mutex<rate::Rate>,
    /// Held while something changes, until the directory tells it.
    changing: tokio::sync::Mutex<()>,
    /// When another process's changes were last looked for, UTC ms.
    looked: AtomicI64,
}

/// How soon a change by another process (`yizhan user`) is seen, in milliseconds.
const LOOK_AGAIN_MS: i64 = 2_000;

impl Org {
    pub async fn open(store: Store, options: Options, clock: Arc<dyn Clock>) -> Result<Self, OrgError> {
        options.check()?;
        let directory = Directory::load(&store, &options).await?;
        let sessions = session::Sessions::new(store.sessions().await?);
        Ok(Self(Arc::new(Inner {
            passwords: password::Passwords::new(&options.sign_in)?,
            sessions: Mutex::new(sessions),
            rate: Mutex::default(),
            directory: RwLock::new(Arc::new(directory)),
            changing: tokio::sync::Mutex::new(()),
            looked: AtomicI64::new(clock.now().0),
            store,
            clock,
            options,
        })))
    }

    /// The unit all others are below.
    pub fn root() -> UnitId {
        UnitId::from(crate::store::units::ROOT)
    }

    /// Everything about the organisation, as it is now. Costs a reference count.
    pub fn directory(&self) -> Arc<Directory> {
        self.0.directory.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The server itself, as a caller: the command line, first start, schedules. May everything.
    pub fn as_server(&self) -> Caller {
        Caller::server(self.directory())
    }

    /// The address of the one who asks, by the peer's and the values of `X-Forwarded-For`.
    pub fn caller_address<'a>(&self, peer: IpAddr, forwarded: impl DoubleEndedIterator<Item = &'a str>) -> IpAddr {
        network::caller_address(peer, forwarded, &self.options().trusted_proxies)
    }

    /// Whether the peer is a named proxy.
    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.options().trusted_proxies.iter().any(|range| range.contains(&peer.to_canonical()))
    }

    fn now(&self) -> UtcMs {
        self.0.clock.now()
    }

    fn store(&self) -> &Store {
        &self.0.store
    }

    fn options(&self) -> &Options {
        &self.0.options
    }

    fn sessions(&self) -> MutexGuard<'_, session::Sessions> {
        self.0.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn reload(&self) -> Result<(), OrgError> {
        let fresh = Arc::new(Directory::load(self.store(), self.options()).await?);
        let sessions = session::Sessions::new(self.store().sessions().await?);
        *self.0.directory.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        *self.sessions() = sessions;
        Ok(())
    }

    /// Takes over what another process changed (`yizhan user`), looking at most every two seconds.
    pub async fn follow(&self) -> Result<(), OrgError> {
        let now = self.now().0;
        let looked = self.0.looked.load(Ordering::Relaxed);
        if (looked..looked + LOOK_AGAIN_MS).contains(&now) || self.0.looked.compare_exchange(looked, now, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return Ok(());
        }
        self.follow_now().await
    }

    async fn follow_now(&self) -> Result<(), OrgError> {
        if self.store().org_version().await? != self.directory().version {
            let _turn = self.0.changing.lock().await;
            self.reload().await?;
        }
        Ok(())
    }
}
