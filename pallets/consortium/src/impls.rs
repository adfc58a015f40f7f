//! Accounts: who stands behind them, how they change, and how the register is read.

use crate::{pallet::*, AccountRecord, Organisation, Refusal};
use alloc::{collections::BTreeMap, vec::Vec};
use citynet_primitives::{
    AccountRoles, Author, Body, OrganisationId, OrganisationInfo, OrganisationKind, OrganisationStatus, Role, Roles,
    Subject,
};
use citynet_support::{AccountBytes, Journal, Member, Membership, ValidatorRegister};
use frame_support::{dispatch::DispatchResult, ensure, traits::Get};
use frame_system::{pallet_prelude::OriginFor, DecRefStatus, IncRefStatus};
use sp_runtime::DispatchError;

/// What the runtime API answers with.
impl<T: Config> Pallet<T> {
    /// An organisation with its accounts, ordered by their bytes.
    pub fn organisation(id: OrganisationId) -> Option<OrganisationInfo> {
        let organisation = Organisations::<T>::get(id)?;
        let accounts = Accounts::<T>::iter().filter(|(_, record)| record.organisation == id);
        Some(info(id, organisation, accounts.map(|(account, record)| account_roles(&account, record)).collect()))
    }

    /// Every organisation with its accounts, by number.
    pub fn organisations() -> Vec<OrganisationInfo> {
        let mut accounts = BTreeMap::<OrganisationId, Vec<AccountRoles>>::new();
        for (account, record) in Accounts::<T>::iter() {
            accounts.entry(record.organisation).or_default().push(account_roles(&account, record));
        }
        let organisations: BTreeMap<_, _> = Organisations::<T>::iter().collect();
        organisations
            .into_iter()
            .map(|(id, organisation)| info(id, organisation, accounts.remove(&id).unwrap_or_default()))
            .collect()
    }
}

fn account_roles(account: &impl AccountBytes, record: AccountRecord) -> AccountRoles {
    AccountRoles { account: account.account_bytes(), roles: record.roles }
}

fn info(id: OrganisationId, organisation: Organisation, mut accounts: Vec<AccountRoles>) -> OrganisationInfo {
    accounts.sort_by_key(|account| account.account);
    let seat = organisation.has_seat();
    let Organisation { profile, kind, status, .. } = organisation;
    OrganisationInfo { id, profile, kind, status, seat, accounts }
}

/// Who stands behind an account.
impl<T: Config> Pallet<T> {
    /// The member that an account is and the kind of its organisation, or why it is none.
    pub(crate) fn standing(account: &T::AccountId) -> Result<(Member, OrganisationKind), Refusal> {
        let AccountRecord { organisation, roles } = Accounts::<T>::get(account).ok_or(Refusal::NotMember)?;
        let Organisation { status, kind, .. } = Organisations::<T>::get(organisation).ok_or(Refusal::NotMember)?;
        match status {
            OrganisationStatus::Active => Ok((Member { organisation, roles }, kind)),
            OrganisationStatus::Suspended => Err(Refusal::Suspended),
            OrganisationStatus::Expelled => Err(Refusal::Expelled),
            OrganisationStatus::Left => Err(Refusal::Left),
        }
    }

    /// The author that an account acts as, and its roles.
    fn author(account: &T::AccountId) -> Result<(Author, Roles), DispatchError> {
        let (Member { organisation, roles }, _) = Self::standing(account).map_err(|refusal| match refusal {
            Refusal::NotMember | Refusal::NoSigner => Error::<T>::NotMember,
            Refusal::Suspended | Refusal::Expelled | Refusal::Left => Error::<T>::OrganisationNotActive,
        })?;
        Ok((Author { organisation, account: account.account_bytes() }, roles))
    }

    /// The author of a call that any member may make.
    pub(crate) fn ensure_member(origin: OriginFor<T>) -> Result<Author, DispatchError> {
        let (author, _) = Self::author(&frame_system::ensure_signed(origin)?)?;
        Ok(author)
    }

    /// The author of a call that an admin may make.
    pub(crate) fn ensure_admin(origin: OriginFor<T>) -> Result<Author, DispatchError> {
        <Self as Membership<T::AccountId>>::ensure(&frame_system::ensure_signed(origin)?, Role::Admin)
    }
}

impl<T: Config> Membership<T::AccountId> for Pallet<T> {
    fn member(account: &T::AccountId) -> Option<Member> {
        Self::standing(account).ok().map(|(member, _)| member)
    }

    fn ensure(account: &T::AccountId, role: Role) -> Result<Author, DispatchError> {
        let (author, roles) = Self::author(account)?;
        ensure!(roles.contains(role), Error::<T>::NotAuthorized);
        Ok(author)
    }

    fn is_active(organisation: OrganisationId) -> bool {
        Organisations::<T>::get(organisation).is_some_and(|found| found.status == OrganisationStatus::Active)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn admit(account: &T::AccountId) -> OrganisationId {
        let everything = Role::ALL.iter().copied().collect();
        // When every seat is taken, there is still room for observers.
        let organisation = Self::register(crate::benchmarking::profile(), OrganisationKind::Industry)
            .or_else(|_| Self::register(crate::benchmarking::profile(), OrganisationKind::Auditor))
            .expect("the block has room for the records (benchmarks)");
        Self::add(&Author::CHAIN, organisation, account, everything)
            .expect("the account of a benchmark is new (benchmarks)");
        organisation
    }
}

/// How accounts change.
impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_roles(author: &Author, account: &T::AccountId, roles: Roles) -> DispatchResult {
        Self::ensure_meaningful(roles)?;
        let before = Self::roles_within(author.organisation, account)?;
        let keeps = roles.contains(Role::Validator) || !T::Validators::is_validator(account);
        ensure!(keeps, Error::<T>::ValidatorAccount);
        Self::change(author, author.organisation, account, before, roles)
    }

    pub(crate) fn do_remove_account(author: &Author, account: &T::AccountId) -> DispatchResult {
        let before = Self::roles_within(author.organisation, account)?;
        ensure!(!T::Validators::is_validator(account), Error::<T>::ValidatorAccount);
        Self::change(author, author.organisation, account, before, Roles::NONE)
    }

    /// Adds an account that belongs to nobody yet.
    pub(crate) fn add(
        author: &Author,
        organisation: OrganisationId,
        account: &T::AccountId,
        roles: Roles,
    ) -> DispatchResult {
        Self::ensure_meaningful(roles)?;
        ensure!(!Accounts::<T>::contains_key(account), Error::<T>::AccountTaken);
        Self::change(author, organisation, account, Roles::NONE, roles)
    }

    /// Changes what `account` may do from `before` to `after`, where no role means that there is no account, and
    /// records it.
    pub(crate) fn change(
        author: &Author,
        organisation: OrganisationId,
        account: &T::AccountId,
        before: Roles,
        after: Roles,
    ) -> DispatchResult {
        let mut counted = Self::registered(organisation)?;
        counted.recount(before, after);
        ensure!(counted.accounts <= T::MaxAccountsPerOrganisation::get(), Error::<T>::TooManyAccounts);
        ensure!(counted.admins > 0 || !before.contains(Role::Admin), Error::<T>::LastAdmin);

        let bytes = account.account_bytes();
        let body = match (before.is_empty(), after.is_empty()) {
            (true, _) => Body::AccountAdded { organisation, account: bytes, roles: after },
            (false, false) => Body::AccountRolesChanged { organisation, account: bytes, roles: after },
            (false, true) => Body::AccountRemoved { organisation, account: bytes },
        };
        let record = T::Journal::append(author, &[Subject::Organisation(organisation)], body)?.index;

        Organisations::<T>::insert(organisation, counted);
        let account = account.clone();
        if after.is_empty() {
            Accounts::<T>::remove(&account);
            Self::release(&account)?;
            Self::deposit_event(Event::AccountRemoved { organisation, account, record });
        } else {
            Accounts::<T>::insert(&account, AccountRecord { organisation, roles: after });
            if before.is_empty() {
                Self::provide(&account);
                Self::deposit_event(Event::AccountAdded { organisation, account, roles: after, record });
            } else {
                Self::deposit_event(Event::AccountRolesChanged { organisation, account, roles: after, record });
            }
        }
        Ok(())
    }

    /// Lets the account exist without a balance.
    fn provide(account: &T::AccountId) {
        if frame_system::Pallet::<T>::inc_providers(account) == IncRefStatus::Created {
            let nonce = FirstNonce::<T>::get();
            frame_system::Account::<T>::mutate(account, |info| info.nonce = nonce);
        }
    }

    /// Takes that back. The account's nonce goes with it, so what it was is remembered for whoever comes next. Refused
    /// while another pallet relies on the account (`ConsumerRemaining`).
    fn release(account: &T::AccountId) -> DispatchResult {
        let nonce = frame_system::Pallet::<T>::account_nonce(account);
        if frame_system::Pallet::<T>::dec_providers(account)? == DecRefStatus::Reaped {
            FirstNonce::<T>::mutate(|first| *first = nonce.max(*first));
        }
        Ok(())
    }

    fn ensure_meaningful(roles: Roles) -> DispatchResult {
        ensure!(!roles.is_empty(), Error::<T>::NoRoles);
        ensure!(roles.is_known(), Error::<T>::UnknownRole);
        Ok(())
    }

    /// The roles of an account, provided that it is one of `organisation`.
    fn roles_within(organisation: OrganisationId, account: &T::AccountId) -> Result<Roles, DispatchError> {
        let record = Accounts::<T>::get(account).filter(|record| record.organisation == organisation);
        Ok(record.ok_or(Error::<T>::NotFound)?.roles)
    }
}
