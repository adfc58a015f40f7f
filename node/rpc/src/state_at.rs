//! Single objects, as the chain's state had them.

use crate::{
    as_of::AsOf, catalogue::parse_version, server::LedgerClient, Anchor, AsOfParams, Block, CurrencyView, CycleView,
    DatasetView, Decimal, Error, GrantView, Ledger, NotFound, ObligationView, WithdrawalView,
};
use citynet_index::Thing;
use citynet_primitives::{
    CycleId, DatasetId, DeviceId, DeviceInfo, GrantId, MotionInfo, NetPosition, OrganisationId, OrganisationInfo,
    VersionId, VersionInfo,
};
use citynet_runtime_api::{AttestationsApi, CatalogApi, ConsortiumApi, GrantsApi, SettlementsApi};
use sc_client_api::Backend;
use serde::Serialize;
use sp_api::ApiError;
use sp_core::H256;

/// Answer of `citynet_stateAt`.
#[derive(Clone, Debug, Serialize)]
pub struct StateAtAnswer {
    /// The block whose state it is.
    pub anchor: Anchor,
    /// The time of that block, in milliseconds since 1970.
    pub time: Decimal,
    /// `kind` says which object it is.
    #[serde(flatten)]
    pub object: ObjectView,
}

/// An object of the chain's state.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[allow(clippy::large_enum_variant, reason = "one is made for an answer, and written at once")]
pub enum ObjectView {
    /// An organisation.
    Organisation {
        /// With its accounts.
        organisation: OrganisationInfo,
    },
    /// A dataset.
    Dataset {
        /// The dataset.
        dataset: DatasetView,
        /// The devices that fed it, by number.
        fed_by: Vec<DeviceId>,
    },
    /// A version of a dataset.
    Version {
        /// The version.
        version: VersionView,
    },
    /// A device.
    Device {
        /// The device.
        device: DeviceStateView,
    },
    /// A grant.
    Grant {
        /// The grant.
        grant: GrantView,
    },
    /// An obligation.
    Obligation {
        /// The obligation.
        obligation: ObligationView,
    },
    /// A netting cycle.
    Cycle {
        /// The cycle.
        cycle: CycleView,
        /// What everybody paid or got, by organisation. Empty until they were computed.
        positions: Vec<NetPosition>,
    },
    /// A currency.
    Currency {
        /// The currency.
        currency: CurrencyView,
    },
    /// A withdrawal.
    Withdrawal {
        /// Neither paid nor returned.
        withdrawal: WithdrawalView,
    },
    /// A motion.
    Motion {
        /// Open.
        motion: MotionInfo,
    },
}

/// A version, as the chain's state has it.
#[derive(Clone, Debug, Serialize)]
pub struct VersionView {
    /// The dataset.
    pub dataset: DatasetId,
    /// The version's number.
    pub version: u32,
    /// The fields of [`VersionInfo`].
    #[serde(flatten)]
    pub state: VersionInfo,
}

/// A device, as the chain's state has it.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceStateView {
    /// Its number.
    pub device: DeviceId,
    /// The fields of [`DeviceInfo`].
    #[serde(flatten)]
    pub state: DeviceInfo,
}

/// What can be asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Object {
    Organisation(OrganisationId),
    Dataset(DatasetId),
    Version(VersionId),
    Device(DeviceId),
    Grant(GrantId),
    Obligation(u64),
    Cycle(CycleId),
    Currency(u32),
    Withdrawal(u64),
    Motion(u32),
}

impl Object {
    fn parse(text: &str) -> Result<Self, Error> {
        if let Some(version) = text.strip_prefix("version:") {
            return parse_version(version).map(Self::Version);
        }
        match text.parse() {
            Ok(Thing::Organisation(id)) => Ok(Self::Organisation(id)),
            Ok(Thing::Dataset(id)) => Ok(Self::Dataset(id)),
            Ok(Thing::Device(id)) => Ok(Self::Device(id)),
            Ok(Thing::Grant(id)) => Ok(Self::Grant(id)),
            Ok(Thing::Obligation(id)) => Ok(Self::Obligation(id)),
            Ok(Thing::Cycle(id)) => Ok(Self::Cycle(id)),
            Ok(Thing::Currency(id)) => Ok(Self::Currency(id)),
            Ok(Thing::Withdrawal(id)) => Ok(Self::Withdrawal(id)),
            Ok(Thing::Motion(number)) => Ok(Self::Motion(number)),
            Ok(Thing::Payment(_) | Thing::Account(_) | Thing::Peer(_) | Thing::Hash(_)) | Err(_) => {
                let reason =
                    "an object is organisation:N, dataset:N, version:DATASET@N, device:N, grant:N, obligation:N, \
                              cycle:CURRENCY-N, currency:N, withdrawal:N or motion:N";
                Err(Error::invalid(reason))
            }
        }
    }

    /// That there is none.
    fn missing(self) -> NotFound {
        match self {
            Self::Organisation(id) => NotFound::Organisation(id.0),
            Self::Dataset(id) => NotFound::Dataset(id.0),
            Self::Version(id) => NotFound::Version(id),
            Self::Device(id) => NotFound::Device(id.0),
            Self::Grant(id) => NotFound::Grant(id.0),
            Self::Obligation(id) => NotFound::Obligation(id),
            Self::Cycle(id) => NotFound::Cycle(id),
            Self::Currency(id) => NotFound::Currency(id),
            Self::Withdrawal(id) => NotFound::Withdrawal(id),
            Self::Motion(number) => NotFound::Motion(number),
        }
    }
}

impl<C: LedgerClient, B: Backend<Block> + 'static> Ledger<C, B> {
    /// An object as of a block or a time.
    pub(crate) fn object_as_of(&self, thing: &str, at: &AsOfParams) -> Result<StateAtAnswer, Error> {
        let object = Object::parse(thing)?;
        let asked: AsOf = at.parse()?;
        let block = self.block_as_of(asked)?;
        let found = self.at_block(block.hash, block.number, |api, at| object_at(api, at, object))?;
        Ok(StateAtAnswer {
            anchor: Anchor::new(block.number, block.hash.0),
            time: Decimal(block.time),
            object: found.ok_or(Error::NotFound(object.missing()))?,
        })
    }
}

/// Asks the runtime for an object.
fn object_at<A>(api: &A, at: H256, object: Object) -> Result<Option<ObjectView>, ApiError>
where
    A: AttestationsApi<Block> + CatalogApi<Block> + ConsortiumApi<Block> + GrantsApi<Block> + SettlementsApi<Block>,
{
    Ok(match object {
        Object::Organisation(id) => {
            api.organisation(at, id)?.map(|organisation| ObjectView::Organisation { organisation })
        }
        Object::Dataset(dataset) => match api.dataset(at, dataset)? {
            Some(state) => {
                let fed_by = api.devices(at, dataset)?;
                Some(ObjectView::Dataset { dataset: DatasetView { dataset, state }, fed_by })
            }
            None => None,
        },
        // Spelled out, since every runtime API also has a `version` that is the runtime's.
        Object::Version(VersionId { dataset, version }) => CatalogApi::<Block>::version(api, at, dataset, version)?
            .map(|state| ObjectView::Version { version: VersionView { dataset, version, state } }),
        Object::Device(device) => {
            api.device(at, device)?.map(|state| ObjectView::Device { device: DeviceStateView { device, state } })
        }
        Object::Grant(grant) => {
            api.grant(at, grant)?.map(|info| ObjectView::Grant { grant: GrantView { grant, info } })
        }
        Object::Obligation(id) => api.obligation(at, id)?.map(|info| {
            let obligation = Decimal(id);
            ObjectView::Obligation { obligation: ObligationView { obligation, info } }
        }),
        Object::Cycle(cycle) => match api.cycle(at, cycle)? {
            Some(info) => {
                let positions = api.positions(at, cycle)?;
                Some(ObjectView::Cycle { cycle: CycleView { cycle, info }, positions })
            }
            None => None,
        },
        Object::Currency(currency) => {
            let mut currencies = api.currencies(at)?.into_iter();
            match currencies.find(|(known, _)| *known == currency) {
                Some((_, info)) => {
                    let last_cycle = api.last_cycle(at, currency)?;
                    Some(ObjectView::Currency { currency: CurrencyView { currency, info, last_cycle } })
                }
                None => None,
            }
        }
        Object::Withdrawal(id) => {
            for (currency, _) in api.currencies(at)? {
                let mut open = api.withdrawals(at, currency)?.into_iter();
                if let Some((_, info)) = open.find(|(known, _)| *known == id) {
                    let withdrawal = WithdrawalView { withdrawal: Decimal(id), info };
                    return Ok(Some(ObjectView::Withdrawal { withdrawal }));
                }
            }
            None
        }
        Object::Motion(number) => {
            let mut open = api.motions(at)?.into_iter();
            open.find(|motion| motion.number == number).map(|motion| ObjectView::Motion { motion })
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_is_read() {
        for (text, object) in [
            ("organisation:3", Object::Organisation(OrganisationId(3))),
            ("dataset:7", Object::Dataset(DatasetId(7))),
            ("version:7@3", Object::Version(VersionId { dataset: DatasetId(7), version: 3 })),
            ("device:12", Object::Device(DeviceId(12))),
            ("grant:5", Object::Grant(GrantId(5))),
            ("obligation:7", Object::Obligation(7)),
            ("cycle:1-7", Object::Cycle(CycleId { currency: 1, number: 7 })),
            ("currency:1", Object::Currency(1)),
            ("withdrawal:2", Object::Withdrawal(2)),
            ("motion:5", Object::Motion(5)),
        ] {
            assert_eq!(Object::parse(text).ok(), Some(object), "{text}");
        }
        for (wrong, reason) in [
            ("5", "version:DATASET@N"),
            ("record:5", "version:DATASET@N"),
            ("payment:1e1e1e1e-1e1e-1e1e-1e1e-1e1e1e1e1e1e", "version:DATASET@N"),
            ("version:7", "7@3"),
        ] {
            let error = Object::parse(wrong).unwrap_err().to_string();
            assert!(error.contains(reason), "{wrong}: {error}");
        }
    }
}
