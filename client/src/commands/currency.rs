//! `citynet currency`.

use super::{Done, NodeArgs};
use crate::output::{table, Output};
use citynet_client::{
    rpc::{BalanceView, CurrencyView},
    settlement::currencies,
};
use citynet_primitives::OrganisationId;
use clap::Subcommand;
use std::time::Duration;

#[derive(Debug, Subcommand)]
pub enum CurrencyCommand {
    /// List the currencies. The council creates them: citynet council propose currency
    List {
        #[command(flatten)]
        node: NodeArgs,
    },
    /// Show what an organisation has of every currency.
    #[command(after_help = "Example:\n  citynet currency balances 3")]
    Balances {
        /// Its number.
        organisation: u32,
        #[command(flatten)]
        node: NodeArgs,
    },
}

pub async fn run(command: CurrencyCommand, output: &Output) -> anyhow::Result<Done> {
    match command {
        CurrencyCommand::List { node } => list(&node, output).await,
        CurrencyCommand::Balances { organisation, node } => balances(OrganisationId(organisation), &node, output).await,
    }
}

async fn list(node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let currencies = node.connect(Duration::ZERO).await?.rpc().currencies().await?;
    output.result(&currencies, |_| {
        if currencies.is_empty() {
            return vec!["there are no currencies".to_owned()];
        }
        let row = |currency: &CurrencyView| {
            let cycle = if currency.last_cycle == 0 { String::new() } else { currency.last_cycle.to_string() };
            vec![
                currency.currency.to_string(),
                currency.symbol.clone(),
                currency.exponent.to_string(),
                currency.agent.to_string(),
                cycle,
            ]
        };
        table(&["currency", "symbol", "decimals", "agent", "last cycle"], currencies.iter().map(row).collect())
    })?;
    Ok(Done::Completely)
}

async fn balances(organisation: OrganisationId, node: &NodeArgs, output: &Output) -> anyhow::Result<Done> {
    let ledger = node.connect(Duration::ZERO).await?;
    let currencies = currencies::of(&ledger).await?;
    let balances = ledger.rpc().balances(organisation).await?;
    let row = |balance: &BalanceView| -> anyhow::Result<Vec<String>> {
        let currency = currencies.get(balance.currency)?;
        Ok(vec![currency.symbol.clone(), currency.number(balance.free.0), currency.number(balance.held.0)])
    };
    let rows = balances.iter().map(row).collect::<anyhow::Result<Vec<_>>>()?;
    output.result(&balances, |_| table(&["currency", "free", "on hold"], rows))?;
    Ok(Done::Completely)
}
