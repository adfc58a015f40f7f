//! What a record names besides what it is about: the way from a number, a key or a hash to the records that have it.
//!
//! The subjects of a record are the ledger's own and can be proven complete, but they are few. Of a motion, an obligation,
//! a payment or a validator there is none, and a report of refusals is about its dataset's owner only. So the index also
//! keeps every number, key and hash of 32 bytes that is in a record's body.

use crate::{
    budget::Query,
    database::{values, Stretch, Value},
    read::{indexed_record, known_records, IndexedRecord, Snapshot, FEWER, RECORD_COLUMNS},
    writer::integer,
    Error,
};
use citynet_primitives::{
    Account, BankReference, Body, CycleId, DatasetId, DatasetProfile, DeviceId, DeviceKey, DeviceProfile, Document,
    GrantId, Hash, ObligationInfo, OrganisationId, PeerId, Price, Source, Terms, Uetr, VersionContent, WithdrawalInfo,
};
use std::collections::BTreeSet;

/// Something that records name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// An organisation.
    Organisation(OrganisationId),
    /// A dataset.
    Dataset(DatasetId),
    /// A device. Its batches are left out, of which there are far more than of anything else: they are records about it,
    /// and [`Snapshot::batch`] finds them.
    Device(DeviceId),
    /// A grant.
    Grant(GrantId),
    /// A netting cycle.
    Cycle(CycleId),
    /// A currency.
    Currency(u32),
    /// An obligation.
    Obligation(u64),
    /// A withdrawal.
    Withdrawal(u64),
    /// A payment by bank, by its UETR.
    Payment(Uetr),
    /// A motion of the council, by its number.
    Motion(u32),
    /// An account: a member's or a validator's. What it did itself is [`Filter::account`](crate::Filter::account).
    Account(Account),
    /// A node of the network.
    Peer(PeerId),
    /// A hash or a public key of 32 bytes.
    Hash(Hash),
}

impl Thing {
    /// How it is keyed. Numbers are 8 big-endian bytes, so that keys sort as they do.
    pub(crate) fn key(&self) -> (i64, Vec<u8>) {
        let number = |number: u64| number.to_be_bytes().to_vec();
        match self {
            Self::Organisation(id) => (0, number(id.0.into())),
            Self::Dataset(id) => (1, number(id.0)),
            Self::Device(id) => (2, number(id.0)),
            Self::Grant(id) => (3, number(id.0)),
            Self::Cycle(id) => (4, [id.currency.to_be_bytes(), id.number.to_be_bytes()].concat()),
            Self::Currency(id) => (5, number((*id).into())),
            Self::Obligation(id) => (6, number(*id)),
            Self::Withdrawal(id) => (7, number(*id)),
            Self::Payment(uetr) => (8, uetr.to_vec()),
            Self::Motion(id) => (9, number((*id).into())),
            Self::Account(account) => (10, account.to_vec()),
            Self::Peer(peer) => (11, peer.0.to_vec()),
            Self::Hash(hash) => (12, hash.to_vec()),
        }
    }
}

impl Snapshot<'_> {
    /// At most `limit` records that name a thing, and that are of `kind` if one is given, from index `first` up to, but
    /// not including, `end`, in order.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn records_naming(
        &self,
        thing: &Thing,
        kind: Option<&str>,
        first: u64,
        end: u64,
        limit: u32,
    ) -> Result<Vec<IndexedRecord>, Error> {
        let Some((first, end)) = known_records(first, end, self.position()) else { return Ok(Vec::new()) };
        let (code, id) = thing.key();
        let (first, end) = (integer(first)?, integer(end)?);
        let mut values = values![code, id, first, end, limit].to_vec();
        let mut group = vec![("n.thing", 1), ("n.id", 2)];
        let mut by = "";
        if let Some(kind) = kind {
            values.push(Value::Text(kind));
            group.push(("n.record_kind", values.len()));
            by = " INDEXED BY names_kind";
        }
        let stretch = Stretch { group: &group, from: &[("n.idx", 3)], end: Some(4), apart: kind.is_some() };
        let (condition, order) = self.connection.stretch(&stretch);
        let sql = format!(
            "SELECT {RECORD_COLUMNS} FROM names n{by} CROSS JOIN records r ON r.idx = n.idx
             CROSS JOIN blocks b ON b.number = r.block
             WHERE {condition} ORDER BY {order} LIMIT ?5"
        );
        let query = Query { sql: &sql, narrow: "give a kind, or ask for fewer records at a time" };
        self.all(query, &values, indexed_record)
    }

    /// The first record that names a thing: mostly the one that it begins with.
    ///
    /// # Errors
    ///
    /// See [`Snapshot::block`].
    pub fn first_naming(&self, thing: &Thing) -> Result<Option<u64>, Error> {
        let sql = "SELECT idx FROM names WHERE thing = ?1 AND id = ?2 ORDER BY idx LIMIT 1";
        let query = Query { sql, narrow: FEWER };
        let (code, id) = thing.key();
        self.first(query, &values![code, id], |row| row.get(0))
    }
}

/// The things that a body names, each once.
#[derive(Default)]
struct Names(BTreeSet<Thing>);

impl Names {
    fn add(&mut self, thing: Thing) {
        self.0.insert(thing);
    }

    fn organisation(&mut self, id: OrganisationId) {
        self.add(Thing::Organisation(id));
    }

    fn dataset(&mut self, id: DatasetId) {
        self.add(Thing::Dataset(id));
    }

    fn device(&mut self, id: DeviceId) {
        self.add(Thing::Device(id));
    }

    fn grant(&mut self, id: GrantId) {
        self.add(Thing::Grant(id));
    }

    fn currency(&mut self, id: u32) {
        self.add(Thing::Currency(id));
    }

    fn cycle(&mut self, id: CycleId) {
        self.add(Thing::Cycle(id));
        self.currency(id.currency);
    }

    /// Zeros stand for no hash.
    fn hash(&mut self, hash: &Hash) {
        if *hash != [0; 32] {
            self.add(Thing::Hash(*hash));
        }
    }

    /// Keys of 32 bytes, one after the other. Those of other sizes are not told apart by a search.
    fn keys(&mut self, keys: &[u8]) {
        let keys = keys.chunks(32).map(Hash::try_from).collect::<Result<Vec<_>, _>>().unwrap_or_default();
        keys.iter().for_each(|key| self.hash(key));
    }

    fn document(&mut self, document: &Document) {
        self.hash(&document.hash);
    }

    fn payment(&mut self, reference: &BankReference) {
        self.add(Thing::Payment(reference.uetr));
        self.hash(&reference.notification);
    }

    fn account(&mut self, account: &Account, of: OrganisationId) {
        self.add(Thing::Account(*account));
        self.organisation(of);
    }

    fn device_profile(&mut self, profile: &DeviceProfile) {
        if let Some(calibration) = &profile.calibration {
            self.hash(&calibration.certificate);
        }
    }

    fn device_key(&mut self, device: DeviceId, key: &DeviceKey) {
        self.device(device);
        self.keys(&key.public_key);
    }

    fn dataset_profile(&mut self, dataset: DatasetId, profile: &DatasetProfile) {
        self.dataset(dataset);
        self.document(&profile.description);
    }

    fn version(&mut self, content: &VersionContent) {
        self.hash(&content.content);
        content.parameters.iter().for_each(|parameters| self.hash(parameters));
        for source in &content.sources {
            let grant = match source {
                Source::Version { dataset, grant, .. } => {
                    self.dataset(*dataset);
                    grant
                }
                Source::Batches { device, grant, .. } => {
                    self.device(*device);
                    grant
                }
                Source::External { content, .. } => {
                    self.hash(content);
                    &None
                }
            };
            grant.iter().for_each(|grant| self.grant(*grant));
        }
    }

    fn terms(&mut self, terms: &Terms) {
        self.dataset(terms.dataset);
        [terms.provider, terms.consumer, terms.controller].into_iter().for_each(|party| self.organisation(party));
        [&terms.versions.content, &terms.consent, &terms.assessment].into_iter().flatten().for_each(|hash| {
            self.hash(hash);
        });
        terms.notice.iter().for_each(|notice| self.hash(&notice.hash));
        terms.agreement.iter().for_each(|agreement| self.document(agreement));
        match &terms.price {
            Price::Free => {}
            Price::Contract { contract } => self.document(contract),
            Price::Fixed { currency, .. } | Price::PerPeriod { currency, .. } | Price::Metered { currency, .. } => {
                self.currency(*currency);
            }
        }
    }

    fn obligation(&mut self, id: u64) {
        self.add(Thing::Obligation(id));
    }

    fn obligation_info(&mut self, info: &ObligationInfo) {
        [info.debtor, info.creditor].into_iter().for_each(|party| self.organisation(party));
        self.currency(info.currency);
        self.grant(info.grant);
        info.reverses.iter().for_each(|reversed| self.obligation(*reversed));
        if info.cycle != 0 {
            self.cycle(CycleId { currency: info.currency, number: info.cycle });
        }
        info.payment.iter().for_each(|payment| self.payment(payment));
    }

    fn withdrawal(&mut self, id: u64) {
        self.add(Thing::Withdrawal(id));
    }

    fn withdrawal_info(&mut self, info: &WithdrawalInfo) {
        self.currency(info.currency);
        self.organisation(info.organisation);
        self.hash(&info.account);
    }

    fn motion(&mut self, number: u32, motion: &Hash) {
        self.add(Thing::Motion(number));
        self.hash(motion);
    }
}

/// What a record's body names.
pub(crate) fn names(body: &Body) -> BTreeSet<Thing> {
    let mut names = Names::default();
    match body {
        Body::OrganisationRegistered { organisation, .. }
        | Body::OrganisationStatusChanged { organisation, .. }
        | Body::OrganisationKindChanged { organisation, .. } => names.organisation(*organisation),
        Body::OrganisationProfileChanged { organisation, profile } => {
            names.organisation(*organisation);
            names.hash(&profile.legal_id);
        }
        Body::AccountAdded { organisation, account, .. }
        | Body::AccountRolesChanged { organisation, account, .. }
        | Body::AccountRemoved { organisation, account }
        | Body::RecoveryStarted { organisation, account, .. }
        | Body::RecoveryObjected { organisation, account, .. }
        | Body::RecoveryCompleted { organisation, account }
        | Body::ValidatorWithdrawn { organisation, account, .. }
        | Body::ValidatorReinstated { organisation, account, .. }
        | Body::ValidatorSilent { organisation, account, .. } => names.account(account, *organisation),
        Body::ValidatorRegistered { organisation, account, keys }
        | Body::ValidatorKeysChanged { organisation, account, keys } => {
            names.account(account, *organisation);
            names.keys(keys);
        }
        Body::ValidatorSuspended { organisation, account, evidence, .. } => {
            names.account(account, *organisation);
            names.hash(evidence);
        }
        Body::DeviceRegistered { device, owner, profile, key } => {
            names.device_key(*device, key);
            names.organisation(*owner);
            names.device_profile(profile);
        }
        Body::DeviceKeyRotated { device, key, .. } => names.device_key(*device, key),
        Body::DeviceSuspended { device, .. }
        | Body::DeviceResumed { device, .. }
        | Body::DeviceRetired { device, .. }
        | Body::DeviceDistrusted { device, .. } => names.device(*device),
        Body::BatchAttested { .. } | Body::ParameterChanged { .. } | Body::CodeAdded { .. } => {}
        Body::DatasetRegistered { dataset, owner, profile, .. } => {
            names.dataset_profile(*dataset, profile);
            names.organisation(*owner);
        }
        Body::DatasetChanged { dataset, profile } => names.dataset_profile(*dataset, profile),
        Body::DatasetDevicesChanged { dataset, added, removed } => {
            names.dataset(*dataset);
            added.iter().chain(removed).for_each(|device| names.device(*device));
        }
        Body::DatasetOffered { dataset, to } => {
            names.dataset(*dataset);
            to.iter().for_each(|to| names.organisation(*to));
        }
        Body::DatasetTransferred { dataset, from, to } => {
            names.dataset(*dataset);
            [from, to].into_iter().for_each(|owner| names.organisation(*owner));
        }
        Body::VersionPublished { dataset, content, .. } => {
            names.dataset(*dataset);
            names.version(content);
        }
        Body::VersionFlagged { dataset, .. } => names.dataset(*dataset),
        Body::PeerAdded { organisation, peer, .. } | Body::PeerRemoved { organisation, peer } => {
            names.organisation(*organisation);
            names.add(Thing::Peer(*peer));
        }
        Body::MotionProposed { motion, number, .. }
        | Body::MotionVoted { motion, number, .. }
        | Body::MotionClosed { motion, number, .. } => names.motion(*number, motion),
        Body::UpgradeScheduled { code, .. } => names.hash(code),
        Body::GrantRequested { grant, supersedes, terms } => {
            [Some(*grant), *supersedes].into_iter().flatten().for_each(|grant| names.grant(grant));
            names.terms(terms);
        }
        Body::GrantOffered { grant, parent, supersedes, terms, .. } => {
            [Some(*grant), *parent, *supersedes].into_iter().flatten().for_each(|grant| names.grant(grant));
            names.terms(terms);
        }
        Body::GrantAdvanced { grant, terms, .. } => {
            names.grant(*grant);
            names.hash(terms);
        }
        Body::AccessReported { grant, report } => {
            names.grant(*grant);
            names.hash(&report.root);
        }
        Body::GrantStateChanged { grant, .. }
        | Body::AccessContested { grant, .. }
        | Body::PriceReleased { grant }
        | Body::UsageDisputed { grant, .. }
        | Body::UsageRuled { grant, .. } => names.grant(*grant),
        Body::RefusalsReported { dataset, report } => {
            names.dataset(*dataset);
            names.hash(&report.root);
            report.strangers.iter().for_each(|stranger| names.hash(&stranger.requester));
        }
        Body::CurrencyCreated { currency, info } => {
            names.currency(*currency);
            names.organisation(info.agent);
        }
        Body::Deposited { currency, organisation, reference, .. } => {
            names.currency(*currency);
            names.organisation(*organisation);
            names.payment(reference);
        }
        Body::WithdrawalRequested { withdrawal, info } => {
            names.withdrawal(*withdrawal);
            names.withdrawal_info(info);
        }
        Body::WithdrawalPaid { withdrawal, reference } => {
            names.withdrawal(*withdrawal);
            names.payment(reference);
        }
        Body::WithdrawalReturned { withdrawal, .. } => names.withdrawal(*withdrawal),
        Body::PriceHeld { grant, currency, .. } => {
            names.grant(*grant);
            names.currency(*currency);
        }
        Body::PricePaid { grant, currency, creditor, .. } => {
            names.grant(*grant);
            names.currency(*currency);
            names.organisation(*creditor);
        }
        Body::UsageStated { grant, root, .. } => {
            names.grant(*grant);
            names.hash(root);
        }
        Body::ObligationCreated { obligation, info } | Body::ObligationReversed { obligation, info, .. } => {
            names.obligation(*obligation);
            names.obligation_info(info);
        }
        Body::ObligationPaid { obligation }
        | Body::PaymentAnswered { obligation, .. }
        | Body::DeclarationWithdrawn { obligation } => names.obligation(*obligation),
        Body::PaymentDeclared { obligation, reference } => {
            names.obligation(*obligation);
            names.payment(reference);
        }
        Body::CycleOpened { cycle, .. } | Body::CycleSettled { cycle, .. } => names.cycle(*cycle),
        Body::CycleComputed { cycle, root, positions, .. } => {
            names.cycle(*cycle);
            names.hash(root);
            positions.iter().for_each(|position| names.organisation(position.organisation));
        }
        Body::CycleDefaulted { cycle, debtor, .. } => {
            names.cycle(*cycle);
            names.organisation(*debtor);
        }
    }
    names.0
}
