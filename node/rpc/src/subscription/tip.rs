//! How far the index is, for those who wait for more.

use crate::synced::is_near;
use citynet_index::{Error, FinalisedChain, Index};
use futures::{FutureExt as _, StreamExt as _};
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// The pause before the index is looked at again while it writes what was finalised: the first one ...
const SHORTEST: Duration = Duration::from_millis(5);

/// ... and, doubled each time that nothing was written, the longest.
const LONGEST: Duration = Duration::from_millis(500);

/// Where the index is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tip {
    /// The last block that it holds.
    pub number: Option<u32>,
    /// How many records it holds.
    pub records: u64,
    /// Whether that block is close enough to the finalised one to answer.
    pub near: bool,
}

impl Tip {
    /// Looks at an index.
    async fn of(index: &Index, finalised: u32) -> Self {
        let index = index.clone();
        let position = tokio::task::spawn_blocking(move || {
            index.read(|snapshot| {
                let position = snapshot.position();
                Ok::<_, Error>((position.number, position.records()))
            })
        });
        match position.await {
            Ok(Ok((number, records))) => Self { number: Some(number), records, near: is_near(number, finalised) },
            // Whoever asks the index for records is told the reason.
            Ok(Err(_)) | Err(_) => Self::default(),
        }
    }
}

/// Follows an index until the node ends, and tells whenever it moved or fell far behind.
///
/// The index says nothing by itself. So each time that blocks were finalised, its position is asked for, at growing
/// intervals, until it has them.
pub async fn follow<C: FinalisedChain>(chain: Arc<C>, index: Index, tip: watch::Sender<Tip>) {
    // Before the first look at the chain, so that nothing is finalised unseen in between.
    let mut finality = chain.finality();
    let mut pause = SHORTEST;
    loop {
        // What has piled up says no more than its last one.
        while let Some(notification) = finality.next().now_or_never() {
            if notification.is_none() {
                return;
            }
        }
        let finalised = chain.finalised();
        let now = Tip::of(&index, finalised).await;
        let moved = tip.send_if_modified(|tip| std::mem::replace(tip, now) != now);
        if now.number.is_some_and(|number| number >= finalised) {
            if finality.next().await.is_none() {
                return;
            }
            pause = SHORTEST;
        } else {
            pause = if moved { SHORTEST } else { pause.saturating_mul(2).min(LONGEST) };
            tokio::time::sleep(pause).await;
        }
    }
}
