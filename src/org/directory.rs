//! The organisation in memory: one immutable picture, replaced as a whole after each change.

use std::collections::HashMap;
use std::net::IpAddr;

use super::network::network_of;
use super::text::RUNGS;
use super::{Grant, NamedNetwork, Options, OrgError, Person, RoleOn, Site, Token, Tree, Unit};
use crate::base::{PersonId, SiteId, TokenId, UnitId};
use crate::numbering::Plan;
use crate::store::Store;

#[derive(Debug)]
pub struct Directory {
    pub(super) version: i64,
    pub tree: Tree,
    /// In the order of their positions.
    pub units: Vec<Unit>,
    pub sites: Vec<Site>,
    /// By name.
    pub people: Vec<Person>,
    pub grants: Vec<Grant>,
    pub tokens: Vec<Token>,
    /// Whom a number reaches, and which number somebody has.
    pub numbers: Plan,
    networks: Vec<NamedNetwork>,
    units_by_id: HashMap<UnitId, usize>,
    people_by_id: HashMap<PersonId, usize>,
    tokens_by_id: HashMap<TokenId, usize>,
    roles_of: HashMap<PersonId, Vec<RoleOn>>,
}

impl Directory {
    pub(super) async fn load(store: &Store, options: &Options) -> Result<Self, OrgError> {
        // First the version: what changes while the rest is read is then noticed the next time.
        let version = store.org_version().await?;
        let (units, sites, people) = (store.units().await?, store.sites().await?, store.people().await?);
        let (grants, tokens) = (store.grants().await?, store.tokens().await?);
        let numbers = Plan::new(store.number_segments().await?, store.numbers().await?);
        let networks = options.networks.clone();
        Ok(Self { version, networks, numbers, ..Self::new(units, sites, people, grants, tokens) })
    }

    pub(super) fn new(units: Vec<Unit>, sites: Vec<Site>, people: Vec<Person>, grants: Vec<Grant>, tokens: Vec<Token>) -> Self {
        let mut roles_of: HashMap<PersonId, Vec<RoleOn>> = HashMap::new();
        for grant in &grants {
            roles_of.entry(grant.person.clone()).or_default().push(RoleOn { role: grant.role, unit: grant.unit.clone() });
        }
        Self {
            version: 0,
            tree: Tree::new(units.iter().map(|unit| (unit.id.clone(), unit.parent.clone()))),
            units_by_id: units.iter().enumerate().map(|(at, unit)| (unit.id.clone(), at)).collect(),
            people_by_id: people.iter().enumerate().map(|(at, person)| (person.id.clone(), at)).collect(),
            tokens_by_id: tokens.iter().enumerate().map(|(at, token)| (token.id.clone(), at)).collect(),
            units,
            sites,
            people,
            grants,
            tokens,
            numbers: Plan::default(),
            roles_of,
            networks: vec![],
        }
    }

    pub fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.units_by_id.get(id).map(|at| &self.units[*at])
    }

    pub fn site(&self, id: &SiteId) -> Option<&Site> {
        self.sites.iter().find(|site| site.id == *id)
    }

    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people_by_id.get(id).map(|at| &self.people[*at])
    }

    pub fn person_named(&self, name: &str) -> Option<&Person> {
        let key = super::text::name_key(name);
        self.people.binary_search_by(|person| person.name.as_str().cmp(&key)).ok().map(|at| &self.people[at])
    }

    pub fn token(&self, id: &TokenId) -> Option<&Token> {
        self.tokens_by_id.get(id).map(|at| &self.tokens[*at])
    }

    /// What a person was granted.
    pub fn roles_of(&self, person: &PersonId) -> &[RoleOn] {
        self.roles_of.get(person).map_or(&[], Vec::as_slice)
    }

    /// A unit's title for messages; its id where there is none.
    pub fn unit_title<'a>(&'a self, id: &'a UnitId) -> &'a str {
        self.unit(id).map_or(id.as_str(), |unit| unit.title.as_str())
    }

    /// The named network of an address.
    pub fn network_of(&self, address: IpAddr) -> Option<&NamedNetwork> {
        network_of(&self.networks, address)
    }

    /// Whether no network is named: then everyone who reaches the server counts as public.
    pub fn open_to_all(&self) -> bool {
        self.networks.is_empty()
    }

    /// The highest rung for someone on this network or else of this unit; `None`: no limit. A network with a site is where the caller
    /// sits, so it decides; otherwise the sites of the nearest unit upward that has any, the thinnest of them.
    pub fn highest_rung(&self, network: Option<&str>, unit: Option<&UnitId>) -> Option<&str> {
        let named = network.and_then(|name| self.networks.iter().find(|network| network.name == name)).and_then(|network| network.site.as_ref());
        if let Some(site) =
            named.and_then(|name| self.sites.iter().find(|site| site.id.as_str() == name).or_else(|| self.sites.iter().find(|site| site.title == *name)))
        {
            return site.highest_rung.as_deref();
        }
        let unit = self.tree.upward(unit?).find(|unit| self.sites.iter().any(|site| site.unit == **unit))?;
        let limits = self.sites.iter().filter(|site| site.unit == *unit).filter_map(|site| site.highest_rung.as_deref());
        limits.min_by_key(|rung| RUNGS.iter().position(|known| known == rung))
    }
}
