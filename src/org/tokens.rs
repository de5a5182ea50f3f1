//! API tokens: `yz_<id>_<secret>`, for programs that act for a person.

use serde::{Deserialize, Serialize};

use super::password::{hex, random};
use super::session::sha256;
use super::{Caller, Denied, Org, OrgError, Record, Role, RoleOn, Token, text};
use crate::base::{TokenId, UtcMs};

/// Enough for every program of a person; a loop that makes tokens is stopped here.
const TOKENS_PER_PERSON: usize = 100;

#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// At most what the owner holds.
    pub roles: Vec<RoleOn>,
    /// Absent: until revoked.
    pub expires: Option<UtcMs>,
}

/// A new token with its text, which is shown this once.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct MadeToken {
    #[serde(flatten)]
    pub about: Token,
    pub token: String,
}

impl Org {
    /// For the person who is signed in; not by a token, or one that leaks could outlive its end.
    pub async fn create_token(&self, caller: &Caller, new: NewToken) -> Result<MadeToken, OrgError> {
        let mut turn = self.turn(caller).await?;
        let owner = turn.caller.require_person()?.clone();
        let mut roles: Vec<RoleOn> = vec![];
        for on in new.roles {
            turn.directory.unit(&on.unit).ok_or_else(|| OrgError::missing("unit", &on.unit))?;
            if !turn.caller.may(on.role, &on.unit) {
                return Err(Denied::MoreThanOwn { role: on.role, unit: turn.directory.unit_title(&on.unit).to_owned() }.into());
            }
            if !roles.contains(&on) {
                roles.push(on);
            }
        }
        if new.expires.is_some_and(|expires| expires <= turn.now) {
            return Err(OrgError::invalid("expires", "到期时间已过 / the time of expiry has passed"));
        }
        if turn.directory.tokens.iter().filter(|token| token.person == owner.id).count() >= TOKENS_PER_PERSON {
            return Err(OrgError::invalid("name", format!("每人最多 {TOKENS_PER_PERSON} 个令牌 / a person has at most {TOKENS_PER_PERSON} tokens")));
        }
        let (id, secret) = (TokenId::random(), hex(&random::<32>()));
        let text = format!("yz_{id}_{secret}");
        let name = text::title("name", &new.name)?;
        let about = Token { id, person: owner.id, name, roles, created: turn.now, expires: new.expires, last_used: None, hash: sha256(&secret) };
        turn.change.insert_token(&about).await?;
        turn.audit(Record::new("token.create", &about.id).on(&owner.unit).after(&about)).await?;
        turn.finish().await?;
        Ok(MadeToken { about, token: text })
    }

    /// The caller's own, and those of everybody whom the caller administers.
    pub fn tokens(&self, caller: &Caller) -> Result<Vec<Token>, OrgError> {
        caller.require_signed_in()?;
        let directory = self.directory();
        let own = caller.person().map(|person| &person.id);
        let theirs =
            |token: &&Token| own == Some(&token.person) || directory.person(&token.person).is_some_and(|owner| caller.may(Role::Administrator, &owner.unit));
        let with_use = |token: &Token| Token { last_used: self.token_used(&token.id).max(token.last_used), ..token.clone() };
        Ok(directory.tokens.iter().filter(theirs).map(with_use).collect())
    }

    /// By the owner or who administers them.
    pub async fn delete_token(&self, caller: &Caller, id: &TokenId) -> Result<(), OrgError> {
        caller.require_signed_in()?;
        let mut turn = self.turn(caller).await?;
        let before = turn.directory.token(id).ok_or_else(|| OrgError::missing("token", id))?.clone();
        let owner = turn.directory.person(&before.person).ok_or_else(|| OrgError::missing("token", id))?.clone();
        if turn.caller.person().is_none_or(|person| person.id != owner.id) {
            turn.caller.require(Role::Administrator, &owner.unit)?;
        }
        turn.change.delete_token(id).await?;
        turn.audit(Record::new("token.delete", id).on(&owner.unit).before(&before)).await?;
        turn.finish().await
    }
}
