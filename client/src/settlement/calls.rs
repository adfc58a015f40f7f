//! The calls by which money is held, owed and paid.

use crate::ledger::Call;
use citynet_primitives::{Amount, BankReference, GrantId, Hash, Moment, OrganisationId, Text, Usage};
use codec::Encode;

fn settlements(name: &'static str, names: &'static [&'static str], arguments: impl Encode) -> Call {
    Call::new("Settlements", name, names, arguments)
}

/// What only the council may do with money.
impl Call {
    /// Creates a currency, which an organisation stands behind.
    pub fn create_currency(symbol: &Text<8>, exponent: u8, agent: OrganisationId) -> Self {
        settlements("create_currency", &["symbol", "exponent", "agent"], (symbol, exponent, agent))
    }

    /// Rules on a disputed usage statement.
    pub fn rule_usage(grant: GrantId, usage: &Usage, reason: &Text<256>) -> Self {
        settlements("rule_usage", &["grant", "usage", "reason"], (grant, usage, reason))
    }
}

/// How money comes to the ledger and leaves it.
impl Call {
    /// Mints money against a deposit, as the currency's agent.
    pub fn deposit(currency: u32, organisation: OrganisationId, amount: Amount, reference: &BankReference) -> Self {
        let names = &["currency", "organisation", "amount", "reference"];
        settlements("deposit", names, (currency, organisation, amount, reference))
    }

    /// Asks for money to be paid out, to the account at a bank that this is a commitment to.
    pub fn request_withdrawal(currency: u32, amount: Amount, account: &Hash) -> Self {
        settlements("request_withdrawal", &["currency", "amount", "account"], (currency, amount, account))
    }

    /// Says that a withdrawal was paid out, as the currency's agent.
    pub fn complete_withdrawal(withdrawal: u64, reference: &BankReference) -> Self {
        settlements("complete_withdrawal", &["withdrawal", "reference"], (withdrawal, reference))
    }

    /// Gives a withdrawal back, as the currency's agent.
    pub fn return_withdrawal(withdrawal: u64, reason: &Text<256>) -> Self {
        settlements("return_withdrawal", &["withdrawal", "reason"], (withdrawal, reason))
    }
}

/// How a fixed price is paid.
impl Call {
    /// Puts the price of a grant on hold, as its consumer.
    pub fn hold_price(grant: GrantId) -> Self {
        settlements("hold_price", &["grant"], grant)
    }

    /// Frees the price of a grant that did not become active, as its consumer.
    pub fn release_price(grant: GrantId) -> Self {
        settlements("release_price", &["grant"], grant)
    }

    /// Pays for a binding offer and accepts its terms, which have this hash, in one step.
    pub fn pay_and_accept(grant: GrantId, terms_hash: &Hash) -> Self {
        settlements("pay_and_accept", &["grant", "terms_hash"], (grant, terms_hash))
    }
}

/// How use becomes something that is owed.
impl Call {
    /// States the use of a grant since it began, as its provider.
    pub fn state_usage(grant: GrantId, usage: &Usage, root: &Hash) -> Self {
        settlements("state_usage", &["grant", "usage", "root"], (grant, usage, root))
    }

    /// Disputes a statement, as the consumer.
    pub fn dispute_usage(grant: GrantId, usage: &Usage, reason: &Text<256>) -> Self {
        settlements("dispute_usage", &["grant", "usage", "reason"], (grant, usage, reason))
    }

    /// States disputed use anew, as the provider.
    pub fn restate_usage(grant: GrantId, usage: &Usage, root: &Hash) -> Self {
        settlements("restate_usage", &["grant", "usage", "root"], (grant, usage, root))
    }

    /// Bills what is beyond dispute and was not billed yet.
    pub fn bill(grant: GrantId) -> Self {
        settlements("bill", &["grant"], grant)
    }

    /// Reverses an obligation in part or in whole, as its creditor.
    pub fn reverse(obligation: u64, amount: Amount, reason: &Text<256>) -> Self {
        settlements("reverse", &["obligation", "amount", "reason"], (obligation, amount, reason))
    }
}

/// How what is owed is paid one by one.
impl Call {
    /// Pays an obligation on the ledger, as its debtor.
    pub fn pay(obligation: u64) -> Self {
        settlements("pay", &["obligation"], obligation)
    }

    /// Says that an obligation was paid by bank, as its debtor.
    pub fn declare_payment(obligation: u64, reference: &BankReference) -> Self {
        settlements("declare_payment", &["obligation", "reference"], (obligation, reference))
    }

    /// Confirms a payment by bank, as the creditor.
    pub fn confirm_payment(obligation: u64) -> Self {
        settlements("confirm_payment", &["obligation"], obligation)
    }

    /// Says that a payment by bank did not arrive, as the creditor.
    pub fn deny_payment(obligation: u64, reason: &Text<256>) -> Self {
        settlements("deny_payment", &["obligation", "reason"], (obligation, reason))
    }

    /// Takes back the declaration of a payment that nobody answered in time, as the debtor.
    pub fn withdraw_declaration(obligation: u64) -> Self {
        settlements("withdraw_declaration", &["obligation"], obligation)
    }
}

/// How what is owed is netted.
impl Call {
    /// Opens the next netting cycle of a currency, as its agent.
    pub fn open_cycle(currency: u32, cutoff: Moment, deadline: Moment) -> Self {
        settlements("open_cycle", &["currency", "cutoff", "deadline"], (currency, cutoff, deadline))
    }

    /// Moves the cycle of a currency on, by at most so many obligations.
    pub fn advance_cycle(currency: u32, max: u32) -> Self {
        settlements("advance_cycle", &["currency", "max"], (currency, max))
    }
}
