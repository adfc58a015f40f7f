//! Auditors, who trust nobody: each question by one command with a file, which holds offline, gives the same answer, and
//! holds no longer without any of its records.

use crate::{Chain, Citynet, Finished};
use anyhow::{bail, ensure, Context as _, Result};
use citynet_primitives::{Hash, Record};
use citynet_proofs::{verify_document, Dossier, Proven, Question, Trust};
use codec::DecodeAll as _;
use serde_json::Value;
use std::{collections::BTreeSet, ffi::OsString, fs, path::Path};

/// The library refuses every document that was bent. The command, which takes longer, sees so many of each kind.
const SAMPLES: usize = 3;
/// How many bytes of a document are changed, one at a time.
const BYTES: usize = 60;

/// Who asks through a node, and trusts the genesis hash.
#[derive(Debug)]
pub struct Auditor<'a> {
    chain: &'a Chain,
    citynet: &'a Citynet,
    genesis: Hash,
    folder: &'a Path,
}

/// An answer that was proven.
#[derive(Clone, Debug)]
pub struct Audited {
    /// The answer.
    pub answer: Value,
    /// Of how many subjects the file has all records.
    pub lists: usize,
    /// How many records it has.
    pub records: usize,
}

impl Audited {
    /// What was done, for the steps of a story.
    pub fn step(&self, what: &str) -> String {
        let Self { lists, records, .. } = self;
        format!("proven offline, with {records} records of {lists} lists of which none can be left out: {what}")
    }
}

/// How a document is bent, with the steps of which one must fail for it.
struct Bent {
    what: String,
    document: Vec<u8>,
    steps: &'static [&'static str],
}

impl<'a> Auditor<'a> {
    /// Files are kept in that folder, which is that of the command.
    ///
    /// # Errors
    ///
    /// When the node does not answer.
    pub async fn new(chain: &'a Chain, citynet: &'a Citynet, folder: &'a Path) -> Result<Self> {
        Ok(Self { chain, citynet, genesis: chain.genesis().await?, folder })
    }

    /// Asks a question by one command, with all that is final by now.
    ///
    /// # Errors
    ///
    /// When it is not answered, when the file does not hold offline or gives another answer, and when it holds although a
    /// record is left out or altered, a list is missing, or a byte is another one.
    pub async fn ask(&self, words: &[&str]) -> Result<Audited> {
        let name = words.first().context("a question has a name")?;
        let file = self.folder.join(format!("{name}.dossier.json"));
        let answer = self.answered(words, &file).await?;
        let good = fs::read(&file).with_context(|| file.display().to_string())?;
        let verified = self.verify(&good).await?;
        ensure!(verified.code == 0, "{words:?}: good evidence is refused: {verified:?}");
        let again = verified.json()?["answer"].take();
        ensure!(again == answer, "{words:?}: the answer is {answer}, and of the file alone {again}");
        let dossier = Dossier::from_json(&good)?;
        let question = dossier.question;
        self.refused(question, without_records(&dossier)).await?;
        self.refused(question, with_altered_records(&dossier)).await?;
        self.refused(question, without_lists(&dossier)).await?;
        self.refused(question, with_changed_bytes(&good)).await?;
        Ok(Audited { answer, lists: dossier.lists.len(), records: dossier.records.len() })
    }

    /// The answer, for the last final block of now or a later one: a file is of a block with a justification.
    async fn answered(&self, words: &[&str], file: &Path) -> Result<Value> {
        let (wanted, _) = self.chain.finalized().await?;
        let mut arguments: Vec<OsString> = ["audit"].iter().chain(words).map(OsString::from).collect();
        arguments.extend([OsString::from("--evidence"), file.into()]);
        let what = format!("{words:?} is answered for block {wanted}");
        self.chain
            .until(&what, async || {
                let mut answer = self.citynet.json(&arguments).await?;
                let told = answer.as_object_mut().context("an answer is an object")?.remove("evidence");
                ensure!(told.is_some(), "nothing is said about the file: {answer}");
                let block = answer["asOf"]["block"]["number"].as_u64();
                let block = block.with_context(|| format!("an answer is as of a block: {answer}"))?;
                Ok((block >= u64::from(wanted)).then_some(answer))
            })
            .await
    }

    /// What the command makes of a document, without a node.
    async fn verify(&self, document: &[u8]) -> Result<Finished> {
        let file = self.folder.join("verified.json");
        fs::write(&file, document)?;
        let genesis = format!("0x{}", hex::encode(self.genesis));
        let mut arguments = vec![OsString::from("verify"), file.into()];
        arguments.extend(["--genesis", &genesis, "--json"].map(OsString::from));
        self.citynet.offline(arguments).await
    }

    /// Sees that none of these documents proves an answer to the question, and that it is said which step fails. One whose
    /// question was changed may prove the answer to that.
    async fn refused(&self, question: Question, documents: impl ExactSizeIterator<Item = Result<Bent>>) -> Result<()> {
        let sample = documents.len().div_ceil(SAMPLES).max(1);
        for (number, bent) in documents.enumerate() {
            let Bent { what, document, steps } = bent?;
            let is_one = |step: &str| steps.is_empty() || steps.contains(&step);
            let failure = match verify_document(&document, &Trust::Genesis(self.genesis)) {
                Err(failure) => failure,
                Ok(Proven::Dossier(verified)) if verified.question != question => continue,
                Ok(_) => bail!("{what}, the file still holds"),
            };
            let step = failure.step.to_string();
            ensure!(is_one(&step), "{what}, the file fails at step `{step}` instead of {steps:?}");
            if number % sample == 0 {
                let verified = self.verify(&document).await?;
                let told = verified.json()?;
                ensure!(
                    verified.code == 1 && told["holds"] == false && told["step"].as_str().is_some_and(is_one),
                    "{what}, the command says {verified:?}"
                );
            }
        }
        Ok(())
    }
}

/// The document without each of its records in turn, as somebody would leave it out who hides it.
fn without_records(dossier: &Dossier) -> impl ExactSizeIterator<Item = Result<Bent>> + '_ {
    let without = move |position: usize| {
        let mut bent = dossier.clone();
        let index = index(&bent.records.remove(position))?;
        for list in &mut bent.lists {
            list.records.retain(|listed| *listed != index);
        }
        Ok(Bent { what: format!("without record {index}"), document: text(&bent)?, steps: &["records"] })
    };
    (0..dossier.records.len()).map(without)
}

/// The document with each of its records altered in turn, in the last byte. Most do not decode then.
fn with_altered_records(dossier: &Dossier) -> impl ExactSizeIterator<Item = Result<Bent>> + '_ {
    let altered = move |position: usize| {
        let mut bent = dossier.clone();
        let record = bent.records.get_mut(position).context("a record")?;
        let index = index(record)?;
        *record.last_mut().context("a record has bytes")? ^= 1;
        Ok(Bent { what: format!("with another record {index}"), document: text(&bent)?, steps: &["format", "records"] })
    };
    (0..dossier.records.len()).map(altered)
}

/// The document without each of its lists in turn, and without the records that are in no other one.
fn without_lists(dossier: &Dossier) -> impl ExactSizeIterator<Item = Result<Bent>> + '_ {
    let without = move |position: usize| {
        let mut bent = dossier.clone();
        let list = bent.lists.remove(position);
        let listed: BTreeSet<u64> = bent.lists.iter().flat_map(|list| list.records.iter().copied()).collect();
        let mut records = Vec::new();
        for record in bent.records {
            if listed.contains(&index(&record)?) {
                records.push(record);
            }
        }
        bent.records = records;
        Ok(Bent { what: format!("without the list of {}", list.subject), document: text(&bent)?, steps: &["question"] })
    };
    (0..dossier.lists.len()).map(without)
}

/// The document with one byte changed, at some places in turn.
fn with_changed_bytes(good: &[u8]) -> impl ExactSizeIterator<Item = Result<Bent>> + '_ {
    let changed = move |position: usize| {
        let mut document = good.to_vec();
        *document.get_mut(position).context("a byte")? ^= 1;
        Ok(Bent { what: format!("with another byte {position}"), document, steps: &[] })
    };
    (0..good.len()).step_by(good.len().div_ceil(BYTES).max(1)).map(changed)
}

/// The index of a record.
fn index(record: &[u8]) -> Result<u64> {
    Ok(Record::decode_all(&mut &*record)?.index)
}

fn text(dossier: &Dossier) -> Result<Vec<u8>> {
    Ok(dossier.to_json()?.into_bytes())
}
