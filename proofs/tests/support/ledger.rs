//! A small ledger: records with what they are about, and a last block whose state has the heads of all subjects.

use super::{
    build, header, justify,
    list::{head_over, nodes, value},
    record, Plan,
};
use citynet_primitives::{
    AccessReport, Action, Activity, Body, CurrencyInfo, CycleId, DatasetId, DatasetKind, DatasetProfile, DeviceId,
    Document, GrantId, GrantState, Hash, Moment, NetPosition, ObligationInfo, ObligationState, OrganisationId,
    OrganisationKind, OrganisationStatus, Parameter, PersonalData, Price, PurposeCode, Record, Sensitivity, Source,
    Subject, Terms, Tier, Unit, Usage, VersionContent, Versions,
};
use citynet_proofs::{
    evidence::{AuthoritiesProof, Evidence, JustifiedHeader},
    grandpa::Authorities,
    head::storage_key,
    list::{ListFormat, ListedRecord},
    Dossier, List, Question, Trust,
};
use codec::{Decode, Encode};
use sp_core::{storage::StateVersion, Blake2Hasher};
use sp_crypto_hashing::sha2_256;
use sp_state_machine::InMemoryBackend;
use std::collections::{BTreeMap, BTreeSet};

pub const CONSORTIUM: Subject = Subject::Organisation(OrganisationId::CONSORTIUM);

pub fn organisation(number: u32) -> Subject {
    Subject::Organisation(OrganisationId(number))
}

pub fn dataset(number: u64) -> Subject {
    Subject::Dataset(DatasetId(number))
}

pub fn device(number: u64) -> Subject {
    Subject::Device(DeviceId(number))
}

pub fn grant(number: u64) -> Subject {
    Subject::Grant(GrantId(number))
}

pub fn cycle(currency: u32, number: u32) -> Subject {
    Subject::Cycle(CycleId { currency, number })
}

/// A record and what it is about.
#[derive(Clone, Debug)]
pub struct Entry {
    pub record: Record,
    pub subjects: Vec<Subject>,
}

/// Records in the order of their indices, as the pallets write them: each about whom they name there.
#[derive(Clone, Debug, Default)]
pub struct Ledger(pub Vec<Entry>);

impl Ledger {
    /// Appends a record that is about organisations and about something else, if it is. Every block has one.
    pub fn append(&mut self, held: Option<Subject>, organisations: &[u32], body: Body) -> &mut Self {
        let index = u64::try_from(self.0.len()).unwrap();
        let mut subjects: Vec<Subject> = held.into_iter().collect();
        for number in organisations {
            if !subjects.contains(&organisation(*number)) {
                subjects.push(organisation(*number));
            }
        }
        let record = record(index, u32::try_from(index).unwrap(), body);
        self.0.push(Entry { record, subjects });
        self
    }

    /// Organisations from 1 to this one, each active.
    pub fn with_organisations(count: u32) -> Self {
        let mut ledger = Self::default();
        for number in 1..=count {
            let body = Body::OrganisationRegistered {
                organisation: OrganisationId(number),
                organisation_kind: OrganisationKind::University,
                name: format!("Organisation {number}").into_bytes().try_into().unwrap(),
            };
            ledger.append(None, &[number], body);
        }
        ledger
    }

    pub fn suspended(&mut self, number: u32) -> &mut Self {
        let body = Body::OrganisationStatusChanged {
            organisation: OrganisationId(number),
            status: OrganisationStatus::Suspended,
            reason: b"it owes".to_vec().try_into().unwrap(),
        };
        self.append(None, &[number], body)
    }

    pub fn decided(&mut self) -> &mut Self {
        self.append(None, &[0], Body::ParameterChanged { parameter: Parameter::MinMembers { value: 3 } })
    }

    pub fn registered(&mut self, number: u64, owner: u32) -> &mut Self {
        let body = Body::DatasetRegistered {
            dataset: DatasetId(number),
            owner: OrganisationId(owner),
            dataset_kind: DatasetKind::Stream,
            profile: DatasetProfile {
                title: b"Air".to_vec().try_into().unwrap(),
                sensitivity: Sensitivity::Open,
                description: Document { hash: [4; 32], uri: Default::default() },
                schema: Default::default(),
                licence: b"CC0-1.0".to_vec().try_into().unwrap(),
            },
        };
        self.append(Some(dataset(number)), &[owner], body)
    }

    pub fn transferred(&mut self, number: u64, from: u32, to: u32) -> &mut Self {
        let body =
            Body::DatasetTransferred { dataset: DatasetId(number), from: OrganisationId(from), to: OrganisationId(to) };
        self.append(Some(dataset(number)), &[from, to], body)
    }

    pub fn published(&mut self, number: u64, version: u32, owner: u32, sources: &[Source]) -> &mut Self {
        let body = Body::VersionPublished {
            dataset: DatasetId(number),
            version,
            content: VersionContent {
                content: sha2_256(&(number, version).encode()),
                bytes: 1,
                records: 1,
                media_type: b"text/csv".to_vec().try_into().unwrap(),
                from: 0,
                to: 0,
                sources: sources.to_vec().try_into().unwrap(),
                activity: Activity::Collection,
                parameters: None,
                code: Default::default(),
            },
        };
        self.append(Some(dataset(number)), &[owner], body)
    }

    /// A grant from its offer until it is active.
    pub fn granted(&mut self, number: u64, parent: Option<u64>, terms: &Terms) -> &mut Self {
        let offered = Body::GrantOffered {
            grant: GrantId(number),
            parent: parent.map(GrantId),
            supersedes: None,
            binding: true,
            terms: terms.clone(),
        };
        self.about_grant(number, terms, offered);
        let hash = sha2_256(&terms.to_bytes());
        for state in [GrantState::Accepted, GrantState::Agreed, GrantState::Verified, GrantState::Active] {
            self.about_grant(number, terms, Body::GrantAdvanced { grant: GrantId(number), state, terms: hash });
        }
        self
    }

    pub fn requested(&mut self, number: u64, terms: &Terms) -> &mut Self {
        let body = Body::GrantRequested { grant: GrantId(number), supersedes: None, terms: terms.clone() };
        self.about_grant(number, terms, body)
    }

    pub fn reported(&mut self, number: u64, terms: &Terms) -> &mut Self {
        let report = AccessReport {
            counter: 1,
            from: 0,
            to: 1,
            usage: USAGE,
            refused: Default::default(),
            receipts: USAGE.accesses,
            root: [5; 32],
        };
        self.about_grant(number, terms, Body::AccessReported { grant: GrantId(number), report })
    }

    fn about_grant(&mut self, number: u64, terms: &Terms, body: Body) -> &mut Self {
        let parties = [terms.provider.0, terms.consumer.0, terms.controller.0];
        self.append(Some(grant(number)), &parties, body)
    }

    pub fn stated(&mut self, number: u64, terms: &Terms) -> &mut Self {
        let body = Body::UsageStated { grant: GrantId(number), statement: 1, usage: USAGE, root: [5; 32] };
        self.append(Some(grant(number)), &[terms.provider.0, terms.consumer.0], body)
    }

    /// What the consumer of a grant owes, as somebody bills it who need not be a party.
    pub fn billed(&mut self, obligation: u64, number: u64, terms: &Terms, currency: u32, by: u32) -> &mut Self {
        let info = ObligationInfo {
            state: ObligationState::Open,
            currency,
            debtor: terms.consumer,
            creditor: terms.provider,
            amount: AMOUNT,
            grant: GrantId(number),
            usage: USAGE,
            reverses: None,
            reversed: 0,
            since: 0,
            cycle: 0,
            payment: None,
            declared: None,
        };
        let parties = [by, terms.consumer.0, terms.provider.0];
        self.append(Some(grant(number)), &parties, Body::ObligationCreated { obligation, info })
    }

    /// The key of a bundle's device 3, and its batch.
    pub fn attested(&mut self, evidence: &Evidence) -> &mut Self {
        for (proof, owner) in [(evidence.device_key.as_ref().unwrap(), &[1][..]), (&evidence.record, &[])] {
            let Record { body, .. } = Record::decode(&mut &proof.record[..]).unwrap();
            self.append(Some(device(3)), owner, body);
        }
        self
    }

    pub fn currency(&mut self, currency: u32, agent: u32) -> &mut Self {
        let info =
            CurrencyInfo { symbol: b"RUB".to_vec().try_into().unwrap(), exponent: 2, agent: OrganisationId(agent) };
        self.append(None, &[0, agent], Body::CurrencyCreated { currency, info })
    }

    /// A cycle in which one organisation pays another, as it settles.
    pub fn settled(&mut self, currency: u32, number: u32, agent: u32, pays: u32, gets: u32) -> &mut Self {
        let (id, about) = (CycleId { currency, number }, Some(cycle(currency, number)));
        let position =
            |organisation, pays, gets| NetPosition { organisation: OrganisationId(organisation), pays, gets };
        let mut positions = vec![position(pays, AMOUNT, 0), position(gets, 0, AMOUNT)];
        positions.sort_by_key(|position| position.organisation);
        self.append(about, &[agent], Body::CycleOpened { cycle: id, cutoff: 1, deadline: 2 });
        let computed = Body::CycleComputed {
            cycle: id,
            obligations: 1,
            gross: AMOUNT,
            root: [6; 32],
            positions: positions.try_into().unwrap(),
        };
        self.append(about, &[], computed);
        self.append(about, &[], Body::CycleSettled { cycle: id, net: AMOUNT })
    }

    /// The records about a subject.
    pub fn about(&self, subject: &Subject) -> Vec<Record> {
        let entries = self.0.iter().filter(|entry| entry.subjects.contains(subject));
        entries.map(|entry| entry.record.clone()).collect()
    }

    /// Everything that there is a record about.
    pub fn subjects(&self) -> BTreeSet<Subject> {
        self.0.iter().flat_map(|entry| entry.subjects.iter().copied()).collect()
    }

    /// What a question needs of this ledger, as somebody finds out who does not know it: with each of the known lists, and
    /// how often it was asked.
    pub fn needed(&self, question: &Question) -> (BTreeMap<Subject, Vec<Record>>, usize) {
        let mut known = BTreeMap::new();
        for asked in 1.. {
            let missing = question.missing(&known);
            if missing.is_empty() {
                return (known, asked);
            }
            known.extend(missing.into_iter().map(|subject| (subject, self.about(&subject))));
        }
        unreachable!("a ledger has an end")
    }

    /// The ledger with a final block after its last record.
    pub fn close(self, changes: u32) -> Closed {
        let chain = Plan { changes, voters: 3, reading: false, ..Plan::default() };
        let before = build(&chain);
        let mut state = BTreeMap::from([(b":code".to_vec(), vec![0xc0; 40])]);
        for subject in self.subjects() {
            state.insert(storage_key(&subject), value(&subject, head_over(&self.about(&subject))));
        }
        let backend = InMemoryBackend::<Blake2Hasher>::from((state.clone(), StateVersion::V1));
        let mut last = header(500, vec![]);
        last.state_root = backend.root().0;
        let set_id = u64::from(changes);
        let justification = justify(&chain, &last, set_id, set_id);
        Closed {
            ledger: self,
            authorities: before.evidence.authorities,
            finality: JustifiedHeader { header: last.encode(), justification: justification.encode() },
            genesis: before.genesis,
            sets: before.sets,
            state,
        }
    }
}

/// A ledger whose last block is final.
#[derive(Clone)]
pub struct Closed {
    pub ledger: Ledger,
    pub authorities: AuthoritiesProof,
    pub finality: JustifiedHeader,
    pub genesis: Hash,
    /// Every authority set, from 0.
    pub sets: Vec<Authorities>,
    /// The state of the final block.
    pub state: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Closed {
    pub fn trust(&self) -> Trust {
        Trust::Genesis(self.genesis)
    }

    pub fn checkpoint(&self, set_id: u64) -> Trust {
        let authorities = self.sets[usize::try_from(set_id).unwrap()].clone();
        Trust::Checkpoint { genesis: self.genesis, set_id, authorities }
    }

    pub fn list(&self, subject: Subject) -> List {
        let records = self.ledger.about(&subject);
        List {
            authorities: self.authorities.clone(),
            finality: self.finality.clone(),
            format: ListFormat::V1,
            genesis_hash: self.genesis,
            head: nodes(&self.state, &subject),
            records: records.iter().map(|record| ListedRecord::Record(record.encode())).collect(),
            subject,
        }
    }

    /// The dossier with these lists, whether the question needs them or not.
    pub fn with_lists(&self, question: Question, subjects: impl IntoIterator<Item = Subject>) -> Dossier {
        let lists = subjects.into_iter().map(|subject| self.list(subject)).collect();
        Dossier::of_lists(question, None, lists).unwrap()
    }

    /// The dossier with the lists that the question needs.
    pub fn dossier(&self, question: Question) -> Dossier {
        let (known, _) = self.ledger.needed(&question);
        self.with_lists(question, known.into_keys())
    }
}

const USAGE: Usage = Usage { accesses: 10, records: 20, bytes: 30 };
const AMOUNT: u128 = 500;

/// Terms for everything that there is of a dataset.
pub fn terms(dataset: u64, provider: u32, consumer: u32, controller: u32) -> Terms {
    Terms {
        dataset: DatasetId(dataset),
        versions: Versions { first: 1, last: None, content: None },
        provider: OrganisationId(provider),
        consumer: OrganisationId(consumer),
        controller: OrganisationId(controller),
        actions: [Action::Read, Action::Derive].into_iter().collect(),
        purposes: vec![PurposeCode(2)].try_into().unwrap(),
        not_before: 0,
        not_after: Moment::MAX,
        limit: Default::default(),
        price: Price::Metered {
            currency: 1,
            unit: Unit::Access,
            per: 1,
            tiers: vec![Tier { above: 0, amount: 50 }].try_into().unwrap(),
            dispute_window: 0,
        },
        delegation_depth: 1,
        restricted_delegation: false,
        jurisdiction: b"RU".to_vec().try_into().unwrap(),
        legal_basis: None,
        personal_data: PersonalData::None,
        consent: None,
        notice: None,
        retention_days: None,
        recipients: Default::default(),
        assessment: None,
        withdrawal: None,
        agreement: None,
    }
}
