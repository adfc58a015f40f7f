//! What the journal says about a grant.

use crate::{
    connection::NodeError,
    ledger::Ledger,
    rpc::{Page, RecordView},
};
use citynet_primitives::{GrantId, Subject};
use serde_json::json;
use subxt::rpcs::rpc_params;

/// Every record about a grant, in their order: `citynet_records`, page after page.
///
/// # Errors
///
/// [`NodeError`].
pub async fn history(ledger: &Ledger, grant: GrantId) -> Result<Vec<RecordView>, NodeError> {
    let filter = json!({ "subject": Subject::Grant(grant).to_string() });
    let mut records = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page: Page<RecordView> = ledger
            .with(async |connection| {
                let params = rpc_params![filter.clone(), cursor.clone()];
                connection.request("citynet_records", params).await
            })
            .await?;
        records.extend(page.items);
        match page.next {
            Some(next) => cursor = Some(next),
            None => return Ok(records),
        }
    }
}
