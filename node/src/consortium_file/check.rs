//! Checks what a description says, all of it, and turns it into what a genesis is made of.

use super::{
    description::{self, Description},
    keys::{hexadecimal, is_ed25519, is_sr25519, known_to_everybody, public_key, Key},
    problem::{Problem, Source},
};
use citynet_primitives::{NodeAddress, OrganisationKind, Parameters, PeerId, PeerPurpose, Role, Roles, Text};
use citynet_runtime::{
    configs::MAX_SEATS,
    timing::{DEFAULT_SESSION_LENGTH, SESSION_LENGTHS, SLOT_DURATIONS},
    AccountId, Runtime, SessionKeys,
};
use pallet_consortium::{
    parameters::{self, DEFAULTS},
    GenesisParameters, GenesisQuota,
};
use sc_network::{
    config::MultiaddrWithPeerId,
    multiaddr::{Multiaddr, Protocol},
};
use sc_service::ChainType;
use sc_telemetry::TelemetryEndpoints;
use sp_core::{ed25519, sr25519, Get, H256};
use std::{collections::BTreeMap, ops::RangeInclusive};
use toml::Spanned;

/// The verbosity with which every telemetry server is told things.
const TELEMETRY_VERBOSITY: u8 = 0;

/// A consortium from which a chain can start.
#[derive(Debug)]
pub struct Consortium {
    /// The chain's name.
    pub name: String,
    /// The name of the chain's folder in a node's data.
    pub id: String,
    /// Live, local or development.
    pub chain_type: ChainType,
    /// How long a slot lasts, in milliseconds.
    pub slot_duration: u64,
    /// How long a session lasts, in blocks.
    pub session_length: u32,
    /// Whom a node asks for other nodes.
    pub boot_nodes: Vec<MultiaddrWithPeerId>,
    /// Whom a node tells how it is.
    pub telemetry: Option<TelemetryEndpoints>,
    /// The council's parameters.
    pub parameters: GenesisParameters,
    /// The members, numbered from 1 in this order.
    pub organisations: Vec<Organisation>,
}

/// An organisation with its nodes.
#[derive(Debug)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Where it can be reached.
    pub contact: String,
    /// SHA-256 of the document by which it exists in law, or zeros.
    pub legal_id: H256,
    /// Its accounts and what they may do.
    pub accounts: Vec<(AccountId, Roles)>,
    /// Its validators.
    pub validators: Vec<(AccountId, SessionKeys)>,
    /// Its nodes.
    pub peers: Vec<Peer>,
}

/// A node.
#[derive(Debug)]
pub struct Peer {
    /// Its id.
    pub id: PeerId,
    /// What it is for.
    pub purpose: PeerPurpose,
    /// Where it listens.
    pub address: Option<String>,
}

/// Checks a description.
///
/// # Errors
///
/// Everything that is wrong with it, in the order of the lines.
pub fn check(description: &Description, source: Source) -> Result<Consortium, Vec<Problem>> {
    let mut checker = Checker::new(source);
    let consortium = checker.consortium(description);
    let mut problems = checker.problems;
    problems.sort_by_key(|problem| problem.span.as_ref().map(|span| span.start));
    if problems.is_empty() {
        Ok(consortium)
    } else {
        Err(problems)
    }
}

/// Where a parameter is among all.
type Field = fn(&mut Parameters) -> &mut u32;

/// What was named, and at which byte first.
type Named<K> = BTreeMap<K, usize>;

/// Collects problems. What is wrong is left out or replaced by something else, so that the rest can be checked; nothing
/// that has problems leaves [`check`].
struct Checker<'a> {
    source: Source<'a>,
    problems: Vec<Problem>,
    /// The keys that are refused, and their secrets. None unless the chain is live.
    refused: BTreeMap<Key, String>,
    names: Named<String>,
    accounts: Named<Key>,
    validators: Named<Key>,
    aura: Named<Key>,
    grandpa: Named<Key>,
    peers: Named<PeerId>,
}

impl<'a> Checker<'a> {
    fn new(source: Source<'a>) -> Self {
        Self {
            source,
            problems: Vec::new(),
            refused: BTreeMap::new(),
            names: Named::new(),
            accounts: Named::new(),
            validators: Named::new(),
            aura: Named::new(),
            grandpa: Named::new(),
            peers: Named::new(),
        }
    }

    fn consortium(&mut self, given: &Description) -> Consortium {
        if given.name.get_ref().trim().is_empty() {
            self.wrong(&given.name, "the chain has no name");
        }
        let id = given.id.get_ref();
        if id.is_empty() || !id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')) {
            self.wrong(&given.id, "an id consists of a to z, 0 to 9 and _");
        }
        let chain_type = self.chain_type(&given.chain_type);
        if chain_type == ChainType::Live {
            self.refused = known_to_everybody();
        }
        let slot_duration = self.slot_duration(&given.slot_duration);
        let session_length = match &given.session_length {
            Some(length) => self.number(length, SESSION_LENGTHS),
            None => DEFAULT_SESSION_LENGTH,
        };
        let telemetry = self.telemetry(&given.telemetry);
        let parameters = self.parameters(&given.parameters);
        let organisations: Vec<_> =
            given.organisations.iter().map(|organisation| self.organisation(organisation)).collect();
        self.seats(given, &parameters, &organisations);
        self.shares(given, &parameters);
        self.gate(given, &chain_type);
        let boot_nodes = self.boot_nodes(&given.boot_nodes, &chain_type, &organisations);
        Consortium {
            name: given.name.get_ref().clone(),
            id: id.clone(),
            chain_type,
            slot_duration,
            session_length,
            boot_nodes,
            telemetry,
            parameters,
            organisations,
        }
    }

    fn wrong<T>(&mut self, value: &Spanned<T>, what: impl Into<String>) {
        self.problems.push(Problem::at(value, what));
    }

    fn wrong_in_all(&mut self, what: impl Into<String>) {
        self.problems.push(Problem::of_all(what));
    }

    /// Notes a name, a key or the like, of which there can be only one.
    fn unique<K: Ord, T>(&mut self, named: fn(&mut Self) -> &mut Named<K>, key: K, value: &Spanned<T>, what: &str) {
        let here = value.span().start;
        let first = *named(self).entry(key).or_insert(here);
        if first != here {
            let line = self.source.line(first);
            self.wrong(value, format!("{what} is in line {line} already"));
        }
    }

    fn chain_type(&mut self, text: &Spanned<String>) -> ChainType {
        match text.get_ref().as_str() {
            "live" => ChainType::Live,
            "local" => ChainType::Local,
            "development" => ChainType::Development,
            _ => {
                self.wrong(text, "a chain is live, local or development");
                ChainType::Local
            }
        }
    }

    fn slot_duration(&mut self, length: &Spanned<i64>) -> u64 {
        match u64::try_from(*length.get_ref()) {
            Ok(slot) if SLOT_DURATIONS.contains(&slot) && slot.is_multiple_of(2) => slot,
            _ => {
                let (least, most) = SLOT_DURATIONS.into_inner();
                self.wrong(length, format!("a slot lasts an even number of milliseconds from {least} to {most}"));
                least
            }
        }
    }

    fn number(&mut self, number: &Spanned<i64>, bounds: RangeInclusive<u32>) -> u32 {
        let (least, most) = bounds.into_inner();
        match u32::try_from(*number.get_ref()) {
            Ok(value) if (least..=most).contains(&value) => value,
            _ => {
                self.wrong(number, format!("this is not between {least} and {most}"));
                least
            }
        }
    }

    fn parameters(&mut self, given: &description::Parameters) -> GenesisParameters {
        let mut parameters = GenesisParameters::default();
        let numbers: [(&Option<Spanned<i64>>, &mut u32, Field); 6] = [
            (&given.min_members, &mut parameters.min_members, |all| &mut all.min_members),
            (&given.min_validators, &mut parameters.min_validators, |all| &mut all.min_validators),
            (&given.max_validators_per_organisation, &mut parameters.max_validators_per_organisation, |all| {
                &mut all.max_validators_per_organisation
            }),
            (&given.motion_duration, &mut parameters.motion_duration, |all| &mut all.motion_duration),
            (&given.recovery_delay, &mut parameters.recovery_delay, |all| &mut all.recovery_delay),
            (&given.silent_after, &mut parameters.silent_after, |all| &mut all.silent_after),
        ];
        for (given, number, field) in numbers {
            if let Some(value) = given.as_ref().and_then(|given| self.parameter(given, field)) {
                *number = value;
            }
        }
        for (kind, quota) in &given.quotas {
            // Either is looked at beside another that fits to all.
            let rate = self.parameter(&quota.rate, |all| {
                all.quotas[0].burst = 10_000_000;
                &mut all.quotas[0].rate
            });
            let burst = self.parameter(&quota.burst, |all| {
                all.quotas[0].rate = 1_000;
                &mut all.quotas[0].burst
            });
            let (kind, Some(rate), Some(burst)) = (self.kind(kind), rate, burst) else { continue };
            if burst < rate {
                self.wrong(&quota.burst, "the burst is less than the rate");
            }
            parameters.quotas.extend(kind.map(|kind| (kind, GenesisQuota { rate, burst })));
        }
        parameters
    }

    /// Asks the pallet about a parameter, with all others at their defaults.
    fn parameter(&mut self, given: &Spanned<i64>, field: Field) -> Option<u32> {
        // What is no such number is out of every parameter's bounds, just as the largest one is.
        let value = u32::try_from(*given.get_ref()).unwrap_or(u32::MAX);
        let mut all = DEFAULTS;
        *field(&mut all) = value;
        let Err(refusal) = parameters::check(&all) else { return Some(value) };
        // The pallet begins with the parameter's name in JSON; here, the line has its name.
        let bounds = refusal.split_once(" is ").map_or(refusal, |(_, bounds)| bounds);
        self.wrong(given, format!("this is {bounds}"));
        None
    }

    fn kind(&mut self, text: &Spanned<String>) -> Option<OrganisationKind> {
        self.one_of("kind", text, OrganisationKind::ALL, OrganisationKind::as_str)
    }

    /// Finds a member of a closed list by its name, in which `-` may stand for `_`.
    fn one_of<T: Copy>(
        &mut self,
        what: &str,
        text: &Spanned<String>,
        all: &[T],
        name: fn(T) -> &'static str,
    ) -> Option<T> {
        let wanted = text.get_ref().replace('-', "_");
        let found = all.iter().copied().find(|member| name(*member) == wanted);
        if found.is_none() {
            let names: Vec<_> = all.iter().map(|member| name(*member).replace('_', "-")).collect();
            self.wrong(text, format!("there is no such {what}; there are {}", names.join(", ")));
        }
        found
    }

    fn organisation(&mut self, given: &Spanned<description::Organisation>) -> Organisation {
        let given = given.get_ref();
        let name = self.text::<64>(&given.name, "a name");
        if name.trim().is_empty() {
            self.wrong(&given.name, "the organisation has no name");
        }
        self.unique(|all| &mut all.names, name.clone(), &given.name, "an organisation of this name");
        let kind = self.kind(&given.kind).unwrap_or(OrganisationKind::Industry);
        let contact = given.contact.as_ref().map(|contact| self.text::<128>(contact, "a contact")).unwrap_or_default();
        let legal_id = given.legal_id.as_ref().and_then(|hash| self.hash(hash)).unwrap_or_default();

        let accounts: Vec<_> = given.accounts.iter().filter_map(|account| self.account(account)).collect();
        // Of an account that has problems it is not known what it may do.
        let complete = accounts.len() == given.accounts.len();
        if complete && !accounts.iter().any(|(_, roles)| roles.contains(Role::Admin)) {
            self.wrong(&given.name, "no account of this organisation has the role admin");
        }
        self.at_most(
            &given.name,
            (given.accounts.len(), "accounts"),
            <<Runtime as pallet_consortium::Config>::MaxAccountsPerOrganisation as Get<u32>>::get(),
        );

        let known = complete.then_some(accounts.as_slice());
        let validators = given.validators.iter().filter_map(|validator| self.validator(validator, known)).collect();
        let peers = given.peers.iter().filter_map(|peer| self.peer(peer)).collect();
        self.at_most(
            &given.name,
            (given.peers.len(), "peers"),
            <<Runtime as pallet_nodes::Config>::MaxPeersPerOrganisation as Get<u32>>::get(),
        );
        Organisation { name, kind, contact, legal_id, accounts, validators, peers }
    }

    fn at_most(&mut self, organisation: &Spanned<String>, (count, what): (usize, &str), most: u32) {
        if exceeds(count, most) {
            self.wrong(organisation, format!("this organisation has {count} {what}; it may have {most}"));
        }
    }

    fn text<const N: u32>(&mut self, text: &Spanned<String>, what: &str) -> String {
        let value = text.get_ref().clone();
        if Text::<N>::try_from(value.clone().into_bytes()).is_err() {
            self.wrong(text, format!("{what} has at most {N} bytes; this has {}", value.len()));
        }
        value
    }

    fn hash(&mut self, text: &Spanned<String>) -> Option<H256> {
        let hash = hexadecimal(text.get_ref());
        if hash.is_none() {
            self.wrong(text, "this is no SHA-256 hash: 0x and 64 hexadecimal digits");
        }
        hash.map(H256)
    }

    fn account(&mut self, given: &description::Account) -> Option<(AccountId, Roles)> {
        let names = given.roles.get_ref();
        if names.is_empty() {
            self.wrong(&given.roles, "the account has no role");
        }
        let mut roles: Vec<Role> = Vec::new();
        for name in names {
            let role = self.one_of("role", name, Role::ALL, Role::as_str);
            if role.is_some_and(|role| roles.contains(&role)) {
                self.wrong(name, "the account has this role already");
            }
            roles.extend(role);
        }
        let account = self.address(&given.address)?;
        self.refuse_known(&given.address, &account);
        self.unique(|all| &mut all.accounts, account, &given.address, "this account");
        let complete = roles.len() == names.len();
        complete.then(|| (AccountId::new(account), roles.into_iter().collect()))
    }

    fn validator(
        &mut self,
        given: &description::Validator,
        accounts: Option<&[(AccountId, Roles)]>,
    ) -> Option<(AccountId, SessionKeys)> {
        let aura = self.session_key(&given.aura, "sr25519", is_sr25519);
        if let Some(key) = aura {
            self.unique(|all| &mut all.aura, key, &given.aura, "this key");
        }
        let grandpa = self.session_key(&given.grandpa, "Ed25519", is_ed25519);
        if let Some(key) = grandpa {
            self.unique(|all| &mut all.grandpa, key, &given.grandpa, "this key");
        }
        let address = self.address(&given.address)?;
        self.unique(|all| &mut all.validators, address, &given.address, "this validator");
        let account = AccountId::new(address);
        let is_own = |(own, roles): &(AccountId, Roles)| *own == account && roles.contains(Role::Validator);
        if accounts.is_some_and(|accounts| !accounts.iter().any(is_own)) {
            self.wrong(&given.address, "this is no account of its organisation with the role validator");
        }
        let aura = sr25519::Public::from_raw(aura?).into();
        let grandpa = ed25519::Public::from_raw(grandpa?).into();
        Some((account, SessionKeys { aura, grandpa }))
    }

    fn peer(&mut self, given: &description::Peer) -> Option<Peer> {
        let purpose = self.one_of("purpose", &given.purpose, PeerPurpose::ALL, PeerPurpose::as_str);
        let address = given.address.as_ref().map(|address| self.node_address(address));
        let id = match given.id.get_ref().parse::<PeerId>() {
            Ok(id) if is_ed25519(&id.0) => id,
            Ok(_) => {
                self.wrong(&given.id, "this is no peer id: the bytes in it are no Ed25519 public key");
                return None;
            }
            Err(error) => {
                self.wrong(&given.id, format!("this is no peer id: {error}"));
                return None;
            }
        };
        self.unique(|all| &mut all.peers, id, &given.id, "this peer");
        Some(Peer { id, purpose: purpose?, address })
    }

    fn node_address(&mut self, text: &Spanned<String>) -> String {
        let value = text.get_ref().clone();
        match value.parse::<Multiaddr>() {
            Ok(address) if address.iter().any(|part| matches!(part, Protocol::P2p(_))) => {
                self.wrong(text, "the address of a peer has no /p2p part: its id is a field of its own");
            }
            Ok(_) if NodeAddress::try_from(value.clone().into_bytes()).is_err() => {
                self.wrong(text, "an address has at most 128 bytes");
            }
            Ok(_) if value.starts_with('/') => (),
            _ => self.wrong(text, "this is no multiaddress such as /dns/node.example/tcp/30333"),
        }
        value
    }

    fn address(&mut self, text: &Spanned<String>) -> Option<Key> {
        let key = public_key(text.get_ref());
        if let Err(error) = &key {
            self.wrong(text, format!("this is no address: {error}"));
        }
        key.ok()
    }

    fn session_key(&mut self, text: &Spanned<String>, scheme: &str, is_key: fn(&Key) -> bool) -> Option<Key> {
        match public_key(text.get_ref()) {
            Ok(key) if is_key(&key) => {
                self.refuse_known(text, &key);
                Some(key)
            }
            Ok(_) => {
                self.wrong(text, format!("these bytes are no {scheme} public key"));
                None
            }
            Err(error) => {
                self.wrong(text, format!("this is no public key: {error}"));
                None
            }
        }
    }

    fn refuse_known(&mut self, text: &Spanned<String>, key: &Key) {
        if let Some(secret) = self.refused.get(key) {
            let what = format!("everybody knows the secret of this key, {secret}: it is not for a live chain");
            self.wrong(text, what);
        }
    }

    /// Whether there are as many members with a seat as there must and may be.
    fn seats(&mut self, given: &Description, parameters: &GenesisParameters, organisations: &[Organisation]) {
        let seats = organisations.iter().filter(|organisation| organisation.kind.has_seat()).count();
        let least = parameters.min_members;
        if falls_short(seats, least) {
            let what = format!("too few organisations have a seat: {seats} instead of {least}");
            self.problems.push(Problem::at_or_of_all(given.parameters.min_members.as_ref(), what));
        }
        if exceeds(seats, MAX_SEATS) {
            self.wrong_in_all(format!("too many organisations have a seat: {seats}; there may be {MAX_SEATS}"));
        }
    }

    /// Whether there are as many validators as there must and may be, in all and of each organisation.
    fn shares(&mut self, given: &Description, parameters: &GenesisParameters) {
        let total: usize = given.organisations.iter().map(|organisation| organisation.get_ref().validators.len()).sum();
        let least = parameters.min_validators;
        if total == 0 {
            self.wrong_in_all("there is no validator: nobody would make a block");
        } else if falls_short(total, least) {
            let what = format!("there are too few validators: {total} instead of {least}");
            self.problems.push(Problem::at_or_of_all(given.parameters.min_validators.as_ref(), what));
        }
        let most = <<Runtime as pallet_nodes::Config>::MaxValidators as Get<u32>>::get();
        if exceeds(total, most) {
            self.wrong_in_all(format!("there are {total} validators; there may be {most}"));
        }

        for organisation in &given.organisations {
            let organisation = organisation.get_ref();
            let own = organisation.validators.len();
            self.at_most(&organisation.name, (own, "validators"), parameters.max_validators_per_organisation);
            if own > 1 && own.saturating_mul(3) >= total {
                let what = format!(
                    "this organisation has {own} of {total} validators: whoever has several must have less than a third"
                );
                self.wrong(&organisation.name, what);
            }
        }
    }

    /// Whether the network gate lets in whom it must, and no more are listed than may be.
    fn gate(&mut self, given: &Description, chain_type: &ChainType) {
        for organisation in given.organisations.iter().map(Spanned::get_ref) {
            let refused = !organisation.validators.is_empty() && organisation.peers.is_empty();
            if refused && *chain_type == ChainType::Live {
                self.wrong(
                    &organisation.name,
                    "this organisation has validators and no peer: the others would refuse it",
                );
            }
        }
        let peers: usize = given.organisations.iter().map(|organisation| organisation.get_ref().peers.len()).sum();
        let most = <<Runtime as pallet_nodes::Config>::MaxPeers as Get<u32>>::get();
        if exceeds(peers, most) {
            self.wrong_in_all(format!("there are {peers} peers; there may be {most}"));
        }
    }

    fn boot_nodes(
        &mut self,
        given: &[Spanned<String>],
        chain_type: &ChainType,
        organisations: &[Organisation],
    ) -> Vec<MultiaddrWithPeerId> {
        let mut nodes: Vec<MultiaddrWithPeerId> = Vec::new();
        for text in given {
            let node = match text.get_ref().parse::<MultiaddrWithPeerId>() {
                Ok(node) => node,
                Err(error) => {
                    self.wrong(text, format!("this is no multiaddress that ends in /p2p and a peer id: {error}"));
                    continue;
                }
            };
            let key = node.peer_id.into_ed25519();
            let is_it = |peer: &Peer| peer.purpose == PeerPurpose::Boot && Some(peer.id.0) == key;
            let mut peers = organisations.iter().flat_map(|organisation| &organisation.peers);
            if *chain_type == ChainType::Live && !peers.any(is_it) {
                self.wrong(text, "no organisation has this peer with the purpose boot");
            }
            if nodes.iter().any(|other| other.multiaddr == node.multiaddr) {
                self.wrong(text, "there is a boot node at this address already");
            }
            nodes.push(node);
        }
        nodes
    }

    fn telemetry(&mut self, given: &[Spanned<String>]) -> Option<TelemetryEndpoints> {
        let mut endpoints = Vec::new();
        for text in given {
            let endpoint = (text.get_ref().clone(), TELEMETRY_VERBOSITY);
            match TelemetryEndpoints::new(vec![endpoint.clone()]) {
                Ok(_) => endpoints.push(endpoint),
                Err(error) => self.wrong(text, format!("this is no address of a telemetry server: {error}")),
            }
        }
        TelemetryEndpoints::new(endpoints).ok().filter(|endpoints| !endpoints.is_empty())
    }
}

fn exceeds(count: usize, most: u32) -> bool {
    usize::try_from(most).is_ok_and(|most| count > most)
}

fn falls_short(count: usize, least: u32) -> bool {
    usize::try_from(least).is_ok_and(|least| count < least)
}
