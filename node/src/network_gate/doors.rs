//! Who is let in. Nothing here touches the network.

use sc_network::PeerId;
use std::{collections::BTreeSet, mem};

/// Bans are repeated for so many peers. More are put out all the same.
const MAX_DISMISSED: usize = 1024;

/// What the network was told last.
#[derive(Debug)]
pub struct Doors {
    own: PeerId,
    reserved: BTreeSet<PeerId>,
    boot: BTreeSet<PeerId>,
    reserved_only: bool,
    closed: bool,
    caught_up: bool,
    listed: BTreeSet<PeerId>,
    admitted: BTreeSet<PeerId>,
    dismissed: BTreeSet<PeerId>,
}

/// What to tell the network, in this order. Nothing where nothing changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Orders {
    /// Whose ban to lift, because they are let in again. Before they are admitted: a banned peer is not connected to.
    pub pardon: Vec<PeerId>,
    /// Whether to let in nobody but admitted peers from now on. `admit` is given with it.
    pub close: bool,
    /// Who is admitted: all of them.
    pub admit: Option<BTreeSet<PeerId>>,
    /// Whether to let in everybody from now on.
    pub open: bool,
    /// Whom to ban, because they are not listed any more.
    pub dismiss: Vec<PeerId>,
}

impl Doors {
    /// The doors of the node `own` as it starts: `closed` or not. `reserved` peers are always let in, `boot` nodes until
    /// the node has caught up. With `reserved_only` the doors never open.
    pub fn new(
        own: PeerId,
        mut reserved: BTreeSet<PeerId>,
        boot: BTreeSet<PeerId>,
        reserved_only: bool,
        closed: bool,
    ) -> Self {
        reserved.remove(&own);
        Self {
            own,
            admitted: reserved.clone(),
            reserved,
            boot,
            reserved_only,
            closed,
            caught_up: false,
            listed: BTreeSet::new(),
            dismissed: BTreeSet::new(),
        }
    }

    /// Takes note of the list and of whether the block that has it is `recent`. Once it was, the node has caught up.
    ///
    /// While it has not, nobody is dismissed: who left the list long ago may have come back since.
    pub fn update(&mut self, listed: BTreeSet<PeerId>, recent: bool) -> Orders {
        self.caught_up |= recent;
        let mut admitted = self.reserved.clone();
        if !listed.is_empty() {
            admitted.extend(&listed);
            if !self.caught_up {
                admitted.extend(&self.boot);
            }
        }
        admitted.remove(&self.own);

        let closed = self.reserved_only || !listed.is_empty();
        let was_closed = mem::replace(&mut self.closed, closed);
        let close = closed && !was_closed;

        let lets_in = |peer: &PeerId| !closed || admitted.contains(peer);
        let pardon: Vec<_> = self.dismissed.iter().copied().filter(lets_in).collect();
        self.dismissed.retain(|peer| !lets_in(peer));
        let left = mem::replace(&mut self.listed, listed);
        let dismiss: Vec<_> =
            left.into_iter().filter(|peer| self.caught_up && *peer != self.own && !lets_in(peer)).collect();
        let room = MAX_DISMISSED.saturating_sub(self.dismissed.len());
        self.dismissed.extend(dismiss.iter().take(room));

        let admit = (close || admitted != self.admitted).then(|| admitted.clone());
        self.admitted = admitted;
        Orders { pardon, close, admit, open: was_closed && !closed, dismiss }
    }

    /// Whether only admitted peers are let in.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether the node was ever seen to have a recent block.
    pub fn has_caught_up(&self) -> bool {
        self.caught_up
    }

    /// Whether the node itself is listed.
    pub fn lists_own(&self) -> bool {
        self.listed.contains(&self.own)
    }

    /// Who was put out and is not back.
    pub fn dismissed(&self) -> impl Iterator<Item = &PeerId> {
        self.dismissed.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_keyring::Ed25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve};

    fn peer(name: Ed25519Keyring) -> PeerId {
        PeerId::from_ed25519(&name.to_raw_public()).expect("the key is on the curve")
    }

    fn peers(names: &[Ed25519Keyring]) -> BTreeSet<PeerId> {
        names.iter().copied().map(peer).collect()
    }

    /// Alice's doors, closed, with Eve as boot node.
    fn doors() -> Doors {
        Doors::new(peer(Alice), BTreeSet::new(), peers(&[Eve]), false, true)
    }

    fn admit(names: &[Ed25519Keyring]) -> Orders {
        Orders { admit: Some(peers(names)), ..Orders::default() }
    }

    #[test]
    fn listed_peers_are_admitted_and_the_node_itself_is_not() {
        let mut doors = doors();
        assert_eq!(doors.update(peers(&[Alice, Bob]), true), admit(&[Bob]));
        assert!(doors.lists_own());
        assert_eq!(doors.update(peers(&[Alice, Bob]), true), Orders::default());
        assert_eq!(doors.update(peers(&[Alice, Bob, Charlie]), true), admit(&[Bob, Charlie]));
    }

    #[test]
    fn who_leaves_the_list_is_dismissed_and_pardoned_when_back() {
        let mut doors = doors();
        doors.update(peers(&[Alice, Bob, Charlie]), true);
        assert_eq!(
            doors.update(peers(&[Charlie]), true),
            Orders { dismiss: vec![peer(Bob)], ..admit(&[Charlie]) },
            "a node does not dismiss itself"
        );
        assert!(!doors.lists_own());
        assert_eq!(doors.update(peers(&[Charlie]), true), Orders::default());
        assert!(doors.dismissed().eq(&peers(&[Bob])));
        assert_eq!(
            doors.update(peers(&[Bob, Charlie]), true),
            Orders { pardon: vec![peer(Bob)], ..admit(&[Bob, Charlie]) }
        );
        assert_eq!(doors.dismissed().count(), 0);
    }

    #[test]
    fn boot_nodes_are_admitted_until_the_node_has_caught_up() {
        let mut doors = doors();
        assert_eq!(doors.update(peers(&[Bob, Charlie]), false), admit(&[Bob, Charlie, Eve]));
        assert_eq!(doors.update(peers(&[Charlie]), false), admit(&[Charlie, Eve]), "nobody is dismissed meanwhile");
        assert_eq!(doors.update(peers(&[Charlie]), true), admit(&[Charlie]));
        assert_eq!(doors.update(peers(&[Charlie]), false), Orders::default(), "it does not fall behind again");
    }

    #[test]
    fn without_a_list_everybody_is_let_in() {
        let mut doors = Doors::new(peer(Alice), BTreeSet::new(), peers(&[Eve]), false, false);
        assert_eq!(doors.update(BTreeSet::new(), true), Orders::default());
        assert!(!doors.is_closed());
        assert_eq!(doors.update(peers(&[Bob]), true), Orders { close: true, ..admit(&[Bob]) });
        assert_eq!(doors.update(peers(&[Charlie]), true), Orders { dismiss: vec![peer(Bob)], ..admit(&[Charlie]) });
        assert_eq!(
            doors.update(BTreeSet::new(), true),
            Orders { pardon: vec![peer(Bob)], open: true, ..admit(&[]) },
            "nobody is banned where everybody is let in"
        );
        assert_eq!(doors.dismissed().count(), 0);
    }

    #[test]
    fn closing_tells_who_is_admitted_even_if_that_did_not_change() {
        let mut doors = Doors::new(peer(Alice), peers(&[Bob]), BTreeSet::new(), false, false);
        assert_eq!(doors.update(peers(&[Alice, Bob]), true), Orders { close: true, ..admit(&[Bob]) });
    }

    #[test]
    fn the_operators_own_peers_are_always_let_in() {
        let mut doors = Doors::new(peer(Alice), peers(&[Alice, Dave]), BTreeSet::new(), true, true);
        assert_eq!(doors.update(BTreeSet::new(), true), Orders::default(), "reserved only stays reserved only");
        assert!(doors.is_closed());
        assert_eq!(doors.update(peers(&[Bob, Dave]), true), admit(&[Bob, Dave]));
        assert_eq!(doors.update(peers(&[Bob]), true), Orders::default());
        assert_eq!(doors.update(BTreeSet::new(), true), Orders { dismiss: vec![peer(Bob)], ..admit(&[Dave]) });
    }

    #[test]
    fn only_so_many_bans_are_repeated() {
        let mut doors = doors();
        let many: BTreeSet<_> = std::iter::repeat_with(PeerId::random).take(MAX_DISMISSED + 1).collect();
        doors.update(many.clone(), true);
        assert_eq!(doors.update(peers(&[Bob]), true).dismiss.len(), many.len());
        assert_eq!(doors.dismissed().count(), MAX_DISMISSED);
    }
}
