//! `citynet settle export`.

use super::find;
use crate::{
    commands::{Done, NodeArgs},
    output::Output,
};
use anyhow::{anyhow, bail, Context as _};
use citynet_client::{
    iso20022::{BankAccount, Bic, Order, Party, Payment, Purpose},
    ledger::Ledger,
    settlement::{currencies, uetr, Currency},
    time::now,
};
use citynet_primitives::{CycleId, ObligationState, OrganisationId};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use std::{collections::BTreeMap, fs, path::PathBuf, str::FromStr, time::Duration};

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one per process")]
pub enum ExportCommand {
    /// Write the payment order of an obligation.
    #[command(after_help = "\
Example:
  citynet settle export obligation 7 --format pacs008 --bank 3=SABRRUMM --account 3=40702810900000000001 \\
      --account 1=40702810900000000002 -o payment.xml

The identifiers follow from the chain and from the obligation: written twice, the order names the same \
payment. Once the bank has done it: citynet settle declare")]
    Obligation {
        /// Its number.
        obligation: u64,
        /// pacs008: a customer credit transfer.
        #[arg(long, value_enum, default_value_t = ObligationFormat::Pacs008)]
        format: ObligationFormat,
        #[command(flatten)]
        args: ExportArgs,
    },
    /// Write the payment orders of a netting cycle's positions: net debtors pay the currency's agent, which pays net
    /// creditors.
    #[command(after_help = "\
Example:
  citynet settle export cycle RUB-7 --format pacs009 --bank 3=SABRRUMM -o cycle.xml")]
    Cycle {
        /// The currency's symbol or number, and the cycle's number.
        #[arg(value_name = "CURRENCY-N")]
        cycle: String,
        /// pacs009: financial institution credit transfers.
        #[arg(long, value_enum, default_value_t = CycleFormat::Pacs009)]
        format: CycleFormat,
        #[command(flatten)]
        args: ExportArgs,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ObligationFormat {
    Pacs008,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum CycleFormat {
    Pacs009,
}

#[derive(Args, Debug)]
pub struct ExportArgs {
    /// The bank of an organisation, by its BIC.
    #[arg(long, value_name = "ORGANISATION=BIC", value_parser = assigned::<Bic>)]
    bank: Vec<(u32, Bic)>,
    /// The account of an organisation there: an IBAN, or another number.
    #[arg(long, value_name = "ORGANISATION=ACCOUNT", value_parser = assigned::<BankAccount>)]
    account: Vec<(u32, BankAccount)>,
    /// Where the order goes; without it, to standard output. A file that is there is overwritten.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    node: NodeArgs,
}

/// Reads `3=SABRRUMM`.
fn assigned<T: FromStr<Err: ToString>>(text: &str) -> Result<(u32, T), String> {
    let wrong = || format!("`{text}` is not an organisation's number, =, and a value");
    let (organisation, value) = text.split_once('=').ok_or_else(wrong)?;
    let organisation = organisation.parse().map_err(|_| wrong())?;
    Ok((organisation, value.parse::<T>().map_err(|error| error.to_string())?))
}

pub async fn run(command: ExportCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        ExportCommand::Obligation { obligation, format: ObligationFormat::Pacs008, args } => {
            of_obligation(obligation, &args, output).await
        }
        ExportCommand::Cycle { cycle, format: CycleFormat::Pacs009, args } => of_cycle(&cycle, &args, output).await,
    }
}

async fn of_obligation(obligation: u64, args: &ExportArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = args.node.connect(Duration::ZERO).await?;
    let info = find(&ledger, obligation).await?;
    match info.state {
        ObligationState::Open | ObligationState::Declared => {}
        ObligationState::Netting => {
            bail!("obligation {obligation} is in a netting cycle: paid by bank, it is paid twice")
        }
        ObligationState::Settled | ObligationState::Booked => {
            bail!("obligation {obligation} is {} already", info.state)
        }
    }
    let currencies = currencies::of(&ledger).await?;
    let currency = currencies.get(info.currency)?;
    let names = Names::of(&ledger).await?;
    let purpose = Purpose::Obligation(obligation);
    let payment = Payment {
        id: purpose.id(ledger.genesis()),
        uetr: info.payment.map_or_else(|| purpose.uetr(ledger.genesis()), |payment| payment.uetr),
        amount: info.amount,
        debtor: names.party(info.debtor, args)?,
        creditor: names.party(info.creditor, args)?,
        remittance: format!("CityNet obligation {obligation} for grant {}", info.grant),
    };
    let order = order(purpose.id(ledger.genesis()), currency, vec![payment]);
    print(&order, &order.to_pacs008()?, args, output)
}

async fn of_cycle(text: &str, args: &ExportArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = args.node.connect(Duration::ZERO).await?;
    let currencies = currencies::of(&ledger).await?;
    let (symbol, number) = text.rsplit_once('-').with_context(|| format!("`{text}` is not CURRENCY-N"))?;
    let currency = currencies.find(symbol)?;
    let number = number.parse::<u32>().with_context(|| format!("`{number}` is not the number of a cycle"))?;
    let cycle = CycleId { currency: currency.number, number };
    let view = ledger.rpc().cycle(cycle).await?;
    match view.phase.as_str() {
        "settled" => {}
        "funding" => output.note("the cycle is not settled: positions change if a debtor cannot pay by the deadline"),
        phase => bail!("cycle {cycle} is {phase}: it has no positions to pay"),
    }
    let names = Names::of(&ledger).await?;
    let mut payments = Vec::new();
    for position in &view.positions {
        let organisation = OrganisationId(position.organisation);
        // What the agent pays or gets stays with it.
        if organisation == currency.agent {
            continue;
        }
        let (own, agent) = (names.party(organisation, args)?, names.party(currency.agent, args)?);
        let pays = position.pays.0 > 0;
        let (debtor, creditor) = if pays { (own, agent) } else { (agent, own) };
        let purpose = Purpose::Position(cycle, organisation);
        payments.push(Payment {
            id: purpose.id(ledger.genesis()),
            uetr: purpose.uetr(ledger.genesis()),
            amount: if pays { position.pays.0 } else { position.gets.0 },
            debtor,
            creditor,
            remittance: format!("CityNet cycle {cycle}, net position of organisation {organisation}"),
        });
    }
    let order = order(Purpose::Cycle(cycle).id(ledger.genesis()), currency, payments);
    print(&order, &order.to_pacs009()?, args, output)
}

fn order(id: String, currency: &Currency, payments: Vec<Payment>) -> Order {
    let (symbol, exponent) = (currency.symbol.clone(), currency.exponent);
    Order { id, created: now(), currency: symbol, exponent, payments }
}

fn print(order: &Order, xml: &str, args: &ExportArgs, output: &Output) -> anyhow::Result<Done> {
    if let Some(path) = &args.output {
        fs::write(path, xml).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let payments: Vec<_> = order
        .payments
        .iter()
        .map(|payment| {
            json!({
                "endToEndId": payment.id,
                "uetr": uetr::format(&payment.uetr),
                "amount": payment.amount.to_string(),
                "debtor": payment.debtor.organisation,
                "creditor": payment.creditor.organisation,
            })
        })
        .collect();
    let file = args.output.as_ref().map(|path| path.display().to_string());
    let document = if file.is_some() { None } else { Some(xml) };
    let result = json!({ "messageId": order.id, "payments": payments, "file": file, "xml": document });
    output.result(&result, |_| match &file {
        Some(file) => vec![format!("the order with {} payments is in {file}", order.payments.len())],
        None => xml.lines().map(str::to_owned).collect(),
    })?;
    Ok(Done::Completely)
}

/// What the organisations are called.
struct Names(BTreeMap<u32, String>);

impl Names {
    async fn of(ledger: &Ledger) -> anyhow::Result<Self> {
        let organisations = ledger.rpc().organisations().await?;
        Ok(Self(organisations.into_iter().map(|organisation| (organisation.id, organisation.name)).collect()))
    }

    fn party(&self, organisation: OrganisationId, args: &ExportArgs) -> anyhow::Result<Party> {
        let name = self.0.get(&organisation.0).ok_or_else(|| anyhow!("there is no organisation {organisation}"))?;
        let bank = args.bank.iter().find(|(of, _)| *of == organisation.0).map(|(_, bank)| bank.clone());
        let account = args.account.iter().find(|(of, _)| *of == organisation.0).map(|(_, account)| account.clone());
        Ok(Party { organisation, name: name.clone(), bank, account })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banks_are_those_of_organisations() {
        assert_eq!(assigned("3=SABRRUMM"), Ok((3, "SABRRUMM".parse::<Bic>().unwrap())));
        for text in ["SABRRUMM", "x=SABRRUMM", "=SABRRUMM"] {
            assert!(assigned::<Bic>(text).unwrap_err().contains("is not an organisation's number"), "{text}");
        }
        assert!(assigned::<Bic>("3=short").unwrap_err().contains("no BIC"));
    }
}
