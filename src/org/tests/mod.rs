//! The organisation against a real database in a folder of its own, with a clock that stands.

mod change;
mod numbers;
mod sign_in;
mod tables;
mod watching;

use std::net::IpAddr;
use std::sync::Arc;

use super::{Caller, Credentials, NamedNetwork, NewGrant, NewPerson, NewUnit, Options, Org, OrgError, Person, Role, SignInOptions, Unit, UnitKind};
use crate::base::{TestClock, UnitId, UtcMs};
use crate::store::Store;

pub const PASSWORD: &str = "四海 correct horse";
pub const NOON: UtcMs = UtcMs(1_795_233_600_000);

pub struct Fixture {
    pub org: Org,
    pub clock: TestClock,
    pub store: Store,
    _folder: tempfile::TempDir,
}

/// Hashes that cost nothing, limits as by default but for the address.
pub fn options() -> Options {
    Options { sign_in: SignInOptions { attempts_per_minute: 1000, hash_memory_kib: 64, hash_passes: 1, ..SignInOptions::default() }, ..Options::default() }
}

impl Fixture {
    pub async fn new() -> Self {
        Self::with(options()).await
    }

    pub async fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (store, clock) = (Store::open(folder.path()).await.unwrap(), TestClock::at(NOON));
        let org = Org::open(store.clone(), options, Arc::new(clock.clone())).await.unwrap();
        Self { org, clock, store, _folder: folder }
    }

    pub fn folder(&self) -> &std::path::Path {
        self._folder.path()
    }

    pub async fn unit(&self, id: &str, parent: &str) -> Unit {
        let new =
            NewUnit { id: Some(id.to_owned()), parent: parent.into(), kind: UnitKind::Region, level: String::new(), title: format!("{id} 区"), position: 0 };
        self.org.create_unit(&self.org.as_server(), new).await.unwrap()
    }

    /// Someone who can sign in, with roles.
    pub async fn person(&self, name: &str, unit: &str, roles: &[(Role, &str)]) -> Person {
        let server = self.org.as_server();
        let new = NewPerson { name: name.to_owned(), display_name: None, unit: unit.into(), disabled: false, password: Some(PASSWORD.to_owned()) };
        let person = self.org.create_person(&server, new).await.unwrap();
        for (role, unit) in roles {
            self.org.create_grant(&server, NewGrant { person: person.id.clone(), role: *role, unit: (*unit).into() }).await.unwrap();
        }
        person
    }

    pub async fn anonymous(&self, address: &str) -> Caller {
        self.org.caller(Credentials::None, address.parse().unwrap()).await.unwrap()
    }

    pub async fn try_sign_in(&self, name: &str, password: &str) -> Result<String, OrgError> {
        let address: IpAddr = "10.0.0.1".parse().unwrap();
        Ok(self.org.sign_in(&self.anonymous("10.0.0.1").await, address, name, password).await?.cookie)
    }

    /// By cookie, afresh, as the next request would be.
    pub async fn by_cookie(&self, cookie: &str) -> Caller {
        self.org.caller(Credentials::Cookie(cookie), "10.0.0.1".parse().unwrap()).await.unwrap()
    }

    pub async fn sign_in(&self, name: &str) -> Caller {
        let cookie = self.try_sign_in(name, PASSWORD).await.unwrap();
        self.by_cookie(&cookie).await
    }
}

pub fn network(name: &str, range: &str, site: Option<&str>) -> NamedNetwork {
    NamedNetwork { name: name.to_owned(), ranges: vec![range.parse().unwrap()], site: site.map(str::to_owned) }
}

pub fn root() -> UnitId {
    Org::root()
}
