//! The rules of the register, and how it is read.

use crate::{pallet::*, AccountRecord, Organisation, Refusal};
use alloc::{collections::BTreeMap, vec::Vec};
use citynet_primitives::{
    AccountRoles, Author, Body, OrganisationId, OrganisationInfo, OrganisationKind, OrganisationStatus, Role, Roles,
    Subject, Text,
};
use citynet_support::{AccountBytes, Journal, Member, Membership};
use frame_support::{ensure, traits::Get};
use frame_system::{DecRefStatus, IncRefStatus};
use sp_runtime::{ArithmeticError, DispatchError};

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

    /// The member that an account is, or why it is none.
    pub(crate) fn standing(account: &T::AccountId) -> Result<Member, Refusal> {
        let AccountRecord { organisation, roles } = Accounts::<T>::get(account).ok_or(Refusal::NotMember)?;
        match Organisations::<T>::get(organisation).ok_or(Refusal::NotMember)?.status {
            OrganisationStatus::Active => Ok(Member { organisation, roles }),
            OrganisationStatus::Suspended => Err(Refusal::Suspended),
            OrganisationStatus::Expelled => Err(Refusal::Expelled),
        }
    }

    pub(crate) fn do_add_account(
        admin: &T::AccountId,
        account: &T::AccountId,
        roles: Roles,
    ) -> Result<(OrganisationId, u64), DispatchError> {
        let author = Self::ensure(admin, Role::Admin)?;
        let record = Self::add(&author, author.organisation, account, roles)?;
        Ok((author.organisation, record))
    }

    pub(crate) fn do_set_roles(
        admin: &T::AccountId,
        account: &T::AccountId,
        roles: Roles,
    ) -> Result<(OrganisationId, u64), DispatchError> {
        let author = Self::ensure(admin, Role::Admin)?;
        Self::ensure_meaningful(roles)?;
        let before = Self::roles_within(author.organisation, account)?;
        ensure!(roles.contains(Role::Validator) || !Self::is_validator(account), Error::<T>::ValidatorAccount);
        let record = Self::change(&author, author.organisation, account, before, roles)?;
        Ok((author.organisation, record))
    }

    pub(crate) fn do_remove_account(
        admin: &T::AccountId,
        account: &T::AccountId,
    ) -> Result<(OrganisationId, u64), DispatchError> {
        let author = Self::ensure(admin, Role::Admin)?;
        let before = Self::roles_within(author.organisation, account)?;
        ensure!(!Self::is_validator(account), Error::<T>::ValidatorAccount);
        let record = Self::change(&author, author.organisation, account, before, Roles::NONE)?;
        Ok((author.organisation, record))
    }

    /// Writes a new, active organisation without accounts into the register and the journal.
    pub(crate) fn register(name: Text<64>, kind: OrganisationKind) -> Result<OrganisationId, DispatchError> {
        let count = OrganisationCount::<T>::get().checked_add(1).ok_or(ArithmeticError::Overflow)?;
        let id = OrganisationId(count);
        let body = Body::OrganisationRegistered { organisation: id, organisation_kind: kind, name: name.clone() };
        T::Journal::append(&Author::CHAIN, &[Subject::Organisation(id)], body)?;
        OrganisationCount::<T>::put(count);
        let status = OrganisationStatus::Active;
        Organisations::<T>::insert(id, Organisation { name, kind, status, accounts: 0, admins: 0 });
        Ok(id)
    }

    /// Adds an account that belongs to nobody yet. Returns the index of its record.
    pub(crate) fn add(
        author: &Author,
        organisation: OrganisationId,
        account: &T::AccountId,
        roles: Roles,
    ) -> Result<u64, DispatchError> {
        Self::ensure_meaningful(roles)?;
        ensure!(!Accounts::<T>::contains_key(account), Error::<T>::AccountTaken);
        Self::change(author, organisation, account, Roles::NONE, roles)
    }

    /// Changes what `account` may do from `before` to `after`, where no role means that there is no account, and records
    /// it. Returns the index of the record.
    fn change(
        author: &Author,
        organisation: OrganisationId,
        account: &T::AccountId,
        before: Roles,
        after: Roles,
    ) -> Result<u64, DispatchError> {
        let mut counted = Organisations::<T>::get(organisation).ok_or(Error::<T>::NotMember)?;
        counted.recount(before, after);
        ensure!(counted.accounts <= T::MaxAccountsPerOrganisation::get(), Error::<T>::TooManyAccounts);
        ensure!(counted.admins > 0 || !before.contains(Role::Admin), Error::<T>::LastAdmin);

        let bytes = account.account_bytes();
        let body = match (before.is_empty(), after.is_empty()) {
            (true, _) => Body::AccountAdded { organisation, account: bytes, roles: after },
            (false, false) => Body::AccountRolesChanged { organisation, account: bytes, roles: after },
            (false, true) => Body::AccountRemoved { organisation, account: bytes },
        };
        let appended = T::Journal::append(author, &[Subject::Organisation(organisation)], body)?;

        Organisations::<T>::insert(organisation, counted);
        if after.is_empty() {
            Accounts::<T>::remove(account);
            Self::close(account);
        } else {
            Accounts::<T>::insert(account, AccountRecord { organisation, roles: after });
            if before.is_empty() {
                Self::open(account);
            }
        }
        Ok(appended.index)
    }

    /// Lets the account exist without a balance.
    fn open(account: &T::AccountId) {
        if frame_system::Pallet::<T>::inc_sufficients(account) == IncRefStatus::Created {
            let nonce = FirstNonce::<T>::get();
            frame_system::Account::<T>::mutate(account, |info| info.nonce = nonce);
        }
    }

    /// Takes that back. The account's nonce goes with it, so what it was is remembered for whoever comes next.
    fn close(account: &T::AccountId) {
        let nonce = frame_system::Pallet::<T>::account_nonce(account);
        if frame_system::Pallet::<T>::dec_sufficients(account) == DecRefStatus::Reaped {
            FirstNonce::<T>::mutate(|first| *first = nonce.max(*first));
        }
    }

    fn ensure_meaningful(roles: Roles) -> Result<(), DispatchError> {
        ensure!(!roles.is_empty(), Error::<T>::NoRoles);
        ensure!(roles.is_known(), Error::<T>::UnknownRole);
        Ok(())
    }

    /// The roles of an account, provided that it is one of `organisation`.
    fn roles_within(organisation: OrganisationId, account: &T::AccountId) -> Result<Roles, DispatchError> {
        let record = Accounts::<T>::get(account).filter(|record| record.organisation == organisation);
        Ok(record.ok_or(Error::<T>::NotFound)?.roles)
    }

    fn is_validator(account: &T::AccountId) -> bool {
        Validators::<T>::get().iter().any(|(_, validator)| validator == account)
    }
}

fn account_roles(account: &impl AccountBytes, record: AccountRecord) -> AccountRoles {
    AccountRoles { account: account.account_bytes(), roles: record.roles }
}

fn info(id: OrganisationId, organisation: Organisation, mut accounts: Vec<AccountRoles>) -> OrganisationInfo {
    accounts.sort_by_key(|account| account.account);
    let Organisation { name, kind, status, .. } = organisation;
    OrganisationInfo { id, name, kind, status, accounts }
}

impl<T: Config> Membership<T::AccountId> for Pallet<T> {
    fn member(account: &T::AccountId) -> Option<Member> {
        Self::standing(account).ok()
    }

    fn ensure(account: &T::AccountId, role: Role) -> Result<Author, DispatchError> {
        let member = Self::standing(account).map_err(|refusal| match refusal {
            Refusal::NotMember | Refusal::NoSigner => Error::<T>::NotMember,
            Refusal::Suspended | Refusal::Expelled => Error::<T>::OrganisationNotActive,
        })?;
        ensure!(member.roles.contains(role), Error::<T>::NotAuthorized);
        Ok(Author { organisation: member.organisation, account: account.account_bytes() })
    }

    fn is_active(organisation: OrganisationId) -> bool {
        Organisations::<T>::get(organisation).is_some_and(|found| found.status == OrganisationStatus::Active)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn admit(account: &T::AccountId) -> OrganisationId {
        let everything = Role::ALL.iter().copied().collect();
        let organisation = Self::register(Text::truncate_from(alloc::vec![b'x'; 64]), OrganisationKind::Industry)
            .expect("the block of a benchmark has room for its record (benchmarks)");
        Self::add(&Author::CHAIN, organisation, account, everything)
            .expect("the account of a benchmark is new (benchmarks)");
        organisation
    }
}
