//! Terms put forward: `citynet grant request`, `offer`, `delegate`, `counter-request` and `counter-offer`.

use super::{find, print, send};
use crate::{
    commands::{sending::SignedArgs, Done},
    output::Output,
};
use anyhow::{anyhow, Context as _};
use citynet_client::{
    grants::{codes, Codes, Known, TermsFile},
    keys::AccountKey,
    ledger::{Call, Ledger},
};
use citynet_primitives::{DatasetId, GrantId, GrantInfo, OrganisationId, Terms};
use clap::Args;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub struct TermsArgs {
    /// The file with the terms, in TOML or JSON. `citynet grant template` prints one.
    #[arg(long, value_name = "FILE")]
    terms: PathBuf,
    #[command(flatten)]
    signed: SignedArgs,
}

pub async fn request(args: &TermsArgs, supersedes: Option<GrantId>, output: &Output) -> anyhow::Result<Done> {
    let draft = Draft::open(args).await?;
    let known =
        Known { provider: draft.owner().await?, consumer: Some(draft.organisation().await?), ..Known::default() };
    let terms = draft.terms(&known)?;
    let requested = |grant: GrantId| format!("grant {grant} requested; the provider agrees or offers other terms next");
    draft.send(&terms, &Call::request_grant(&terms, supersedes), None, requested, output).await
}

pub async fn offer(
    args: &TermsArgs,
    binding: bool,
    supersedes: Option<GrantId>,
    output: &Output,
) -> anyhow::Result<Done> {
    let draft = Draft::open(args).await?;
    let known = Known { provider: Some(draft.organisation().await?), ..Known::default() };
    let terms = draft.terms(&known)?;
    let call = Call::offer_grant(&terms, binding, None, supersedes);
    draft.send(&terms, &call, None, |grant| offered(grant, binding), output).await
}

pub async fn delegate(
    parent: GrantId,
    args: &TermsArgs,
    binding: bool,
    supersedes: Option<GrantId>,
    output: &Output,
) -> anyhow::Result<Done> {
    let draft = Draft::open(args).await?;
    let above = find(&draft.ledger, parent).await?.terms;
    let known = Known {
        dataset: Some(above.dataset),
        provider: Some(above.consumer),
        consumer: None,
        controller: Some(above.controller),
    };
    let terms = draft.terms(&known)?;
    let call = Call::offer_grant(&terms, binding, Some(parent), supersedes);
    draft.send(&terms, &call, None, |grant| offered(grant, binding), output).await
}

pub async fn counter_request(grant: GrantId, args: &TermsArgs, output: &Output) -> anyhow::Result<Done> {
    let draft = Draft::open(args).await?;
    let terms = draft.terms(&parties(find(&draft.ledger, grant).await?))?;
    let done =
        |grant: GrantId| format!("other terms requested for grant {grant}; the provider agrees or offers others next");
    draft.send(&terms, &Call::counter_request(grant, &terms), Some(grant), done, output).await
}

pub async fn counter_offer(grant: GrantId, args: &TermsArgs, binding: bool, output: &Output) -> anyhow::Result<Done> {
    let draft = Draft::open(args).await?;
    let terms = draft.terms(&parties(find(&draft.ledger, grant).await?))?;
    let done = |grant: GrantId| format!("other terms offered for grant {grant}; {}", next(binding));
    draft.send(&terms, &Call::counter_offer(grant, &terms, binding), Some(grant), done, output).await
}

fn offered(grant: GrantId, binding: bool) -> String {
    format!("grant {grant} offered; {}", next(binding))
}

/// What the consumer can do with an offer.
fn next(binding: bool) -> &'static str {
    if binding {
        "it is active once the consumer accepts"
    } else {
        "the consumer accepts or asks for other terms next"
    }
}

/// What stays the same in a negotiation.
fn parties(info: GrantInfo) -> Known {
    let Terms { dataset, provider, consumer, controller, .. } = info.terms;
    Known { dataset: Some(dataset), provider: Some(provider), consumer: Some(consumer), controller: Some(controller) }
}

/// A file with terms, and who puts them forward.
struct Draft {
    file: TermsFile,
    path: String,
    ledger: Ledger,
    account: AccountKey,
    codes: Codes,
}

impl Draft {
    /// Reads the file before anything is asked.
    async fn open(args: &TermsArgs) -> anyhow::Result<Self> {
        let path = args.terms.display().to_string();
        let file = TermsFile::read(&args.terms).with_context(|| path.clone())?;
        let (ledger, account) = args.signed.open().await?;
        let codes = codes::of(&ledger).await?;
        Ok(Self { file, path, ledger, account, codes })
    }

    fn terms(&self, known: &Known) -> anyhow::Result<Terms> {
        self.file.terms(known, &self.codes, self.ledger.genesis()).with_context(|| self.path.clone())
    }

    /// The organisation that puts the terms forward.
    async fn organisation(&self) -> anyhow::Result<OrganisationId> {
        let member = self.ledger.member(&self.account.account()).await?;
        let (organisation, _) = member.ok_or_else(|| {
            anyhow!(
                "account {} belongs to no active organisation of the consortium; its admin can add it",
                self.account.ss58()
            )
        })?;
        Ok(organisation)
    }

    /// The owner of the file's dataset, if the file names that and not the provider.
    async fn owner(&self) -> anyhow::Result<Option<OrganisationId>> {
        let (Some(dataset), None) = (self.file.dataset, self.file.provider) else { return Ok(None) };
        let found = self.ledger.dataset(DatasetId(dataset.0)).await?;
        let info = found.ok_or_else(|| anyhow!("{}: there is no dataset {dataset}", self.path))?;
        Ok(Some(info.owner))
    }

    async fn send(
        &self,
        terms: &Terms,
        call: &Call,
        grant: Option<GrantId>,
        done: impl FnOnce(GrantId) -> String,
        output: &Output,
    ) -> anyhow::Result<Done> {
        print("the terms:", terms, &self.codes, output);
        send(&self.ledger, &self.account, call, grant, done, output).await
    }
}
