//! Who asks, and whether they may.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use super::{Actor, Audience, Directory, Person, Role, RoleOn, may};
use crate::base::{PersonId, TokenId, UnitId};

/// The one behind a request. It holds the picture of the organisation of the moment the request came, so that one request is judged by one picture.
#[derive(Clone)]
pub struct Caller {
    who: Who,
    address: Option<IpAddr>,
    network: Option<String>,
    directory: Arc<Directory>,
}

#[derive(Clone)]
enum Who {
    Server,
    Anonymous,
    Person { id: PersonId, session: Vec<u8> },
    Token { id: TokenId, person: PersonId },
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("请先登录 / sign in first")]
    SignIn,
    #[error("需要在“{unit}”的{}权限 / this needs the role {role} on `{unit}`", role_zh(*role))]
    Role { role: Role, unit: String },
    #[error("此操作只能由登录的本人完成,不能使用令牌 / only a person who is signed in may do this, not a token")]
    PersonNeeded,
    #[error("该人员在您管理范围之外也有权限({unit}),只能由共同的上级管理员操作 / this person also holds a role on `{unit}`, which you do not administer")]
    HoldsRolesElsewhere { unit: String },
    #[error("不能授予自己没有的权限:{role} / you do not hold the role {role} on `{unit}` yourself")]
    MoreThanOwn { role: Role, unit: String },
    #[error("请求来自其他网站,已拒绝 / the request comes from another site and was refused")]
    OtherSite,
}

fn role_zh(role: Role) -> &'static str {
    match role {
        Role::Viewer => "观看者",
        Role::ColumnEditor => "栏目编辑",
        Role::Operator => "值班员",
        Role::Chair => "会议主持人",
        Role::Auditor => "审计员",
        Role::Administrator => "管理员",
    }
}

impl Caller {
    pub(super) fn server(directory: Arc<Directory>) -> Self {
        Self { who: Who::Server, address: None, network: None, directory }
    }

    pub(super) fn anonymous(directory: Arc<Directory>, address: IpAddr) -> Self {
        let network = directory.network_of(address).map(|network| network.name.clone());
        Self { who: Who::Anonymous, address: Some(address), network, directory }
    }

    /// The same caller before a newer picture.
    pub(super) fn seeing(self, directory: Arc<Directory>) -> Self {
        Self { directory, ..self }
    }

    pub(super) fn with_session(self, person: PersonId, session: Vec<u8>) -> Self {
        Self { who: Who::Person { id: person, session }, ..self }
    }

    pub(super) fn with_token(self, token: TokenId, person: PersonId) -> Self {
        Self { who: Who::Token { id: token, person }, ..self }
    }

    /// The picture of the organisation by which this caller is judged.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    fn person_id(&self) -> Option<&PersonId> {
        match &self.who {
            Who::Person { id, .. } | Who::Token { person: id, .. } => Some(id),
            Who::Server | Who::Anonymous => None,
        }
    }

    /// The person, or the owner of the token.
    pub fn person(&self) -> Option<&Person> {
        self.directory.person(self.person_id()?)
    }

    /// The person who is here themselves, not by a token.
    pub fn require_person(&self) -> Result<&Person, Denied> {
        match &self.who {
            Who::Person { id, .. } => self.directory.person(id).ok_or(Denied::SignIn),
            Who::Token { .. } => Err(Denied::PersonNeeded),
            Who::Server | Who::Anonymous => Err(Denied::SignIn),
        }
    }

    /// Any person, by session or token (or the server itself).
    pub fn require_signed_in(&self) -> Result<(), Denied> {
        if matches!(self.who, Who::Anonymous) { Err(Denied::SignIn) } else { Ok(()) }
    }

    /// The SHA-256 of the session's cookie.
    pub(crate) fn session(&self) -> Option<&[u8]> {
        match &self.who {
            Who::Person { session, .. } => Some(session),
            _ => None,
        }
    }

    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// The named network the caller is on.
    pub fn network(&self) -> Option<&str> {
        self.network.as_deref()
    }

    pub fn may(&self, role: Role, unit: &UnitId) -> bool {
        let tree = &self.directory.tree;
        match &self.who {
            Who::Server => true,
            Who::Anonymous => false,
            Who::Person { id, .. } => may(self.directory.roles_of(id), tree, role, unit),
            Who::Token { id, person } => may(self.token_roles(id), tree, role, unit) && may(self.directory.roles_of(person), tree, role, unit),
        }
    }

    fn token_roles(&self, id: &TokenId) -> &[RoleOn] {
        self.directory.token(id).map_or(&[], |token| token.roles.as_slice())
    }

    /// Whether there is any unit on which the caller may.
    pub fn may_anywhere(&self, role: Role) -> bool {
        match &self.who {
            Who::Server => true,
            Who::Anonymous => false,
            Who::Person { .. } | Who::Token { .. } => self.roles().iter().any(|on| super::includes(on.role, role)),
        }
    }

    /// What the caller holds; for a token only what both it and its owner hold.
    pub fn roles(&self) -> Vec<RoleOn> {
        match &self.who {
            Who::Server => vec![],
            Who::Anonymous => vec![],
            Who::Person { id, .. } => self.directory.roles_of(id).to_vec(),
            // Where the token's role is wider than the owner's, the owner's is what counts, and the other way round.
            Who::Token { id, person } => {
                let (token, owner) = (self.token_roles(id), self.directory.roles_of(person));
                let both = |on: &&RoleOn| self.may(on.role, &on.unit);
                let mut roles: Vec<RoleOn> = token.iter().filter(both).cloned().collect();
                for on in owner.iter().filter(both) {
                    if !roles.contains(on) {
                        roles.push(on.clone());
                    }
                }
                roles
            }
        }
    }

    pub fn require(&self, role: Role, unit: &UnitId) -> Result<(), Denied> {
        match &self.who {
            _ if self.may(role, unit) => Ok(()),
            Who::Anonymous => Err(Denied::SignIn),
            _ => Err(Denied::Role { role, unit: self.directory.unit_title(unit).to_owned() }),
        }
    }

    /// For lists that show of everything what the caller may see: at least one unit must be theirs.
    pub fn require_anywhere(&self, role: Role) -> Result<(), Denied> {
        match &self.who {
            _ if self.may_anywhere(role) => Ok(()),
            Who::Anonymous => Err(Denied::SignIn),
            _ => Err(Denied::Role { role, unit: "*".to_owned() }),
        }
    }

    pub fn may_watch(&self, audience: &Audience, unit: &UnitId) -> bool {
        let signed_in = !matches!(self.who, Who::Anonymous);
        let of_audience = match audience {
            Audience::Public => signed_in || self.network.is_some() || self.directory.open_to_all(),
            Audience::SignedIn => signed_in,
            Audience::Network(name) => self.network.as_deref() == Some(name),
        };
        of_audience || self.may(Role::Viewer, unit)
    }

    /// The highest rung to offer: of the site of the caller's network, or of the person's unit. `None`: all.
    pub fn highest_rung(&self) -> Option<&str> {
        self.directory.highest_rung(self.network(), self.person().map(|person| &person.unit))
    }

    /// For the audit log.
    pub fn actor(&self) -> Actor {
        let person = self.person();
        Actor {
            kind: match &self.who {
                Who::Server => "server",
                Who::Anonymous => "anonymous",
                Who::Person { .. } => "person",
                Who::Token { .. } => "token",
            },
            person: self.person_id().cloned(),
            person_name: person.map(|person| person.name.clone()),
            token: match &self.who {
                Who::Token { id, .. } => Some(id.clone()),
                _ => None,
            },
            address: self.address,
        }
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").field("actor", &self.actor()).field("network", &self.network).finish_non_exhaustive()
    }
}
