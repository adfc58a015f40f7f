//! The right edge of a tree: what must be kept in order to append to it and to know its root.

use crate::{empty_root, node_hash, Hash, Sha256};
use core::fmt;

/// A size is a `u64`, which has 64 bits, each of which can be a peak.
const MAX_PEAKS: usize = 64;

/// The size of a tree and its peaks, the largest first. Appending takes amortised two hashes, at most 64, and no memory
/// beyond the 2 KiB of the value itself.
///
/// With the feature `codec` its SCALE encoding is the size as a little-endian `u64` and then the peaks as a list of 32
/// bytes each, as many as bits are set in the size.
#[derive(Clone)]
pub struct RightEdge {
    size: u64,
    /// Only the first `peak_count(size)` mean anything; the others may hold peaks that were merged away.
    peaks: [Hash; MAX_PEAKS],
}

/// The tree has 2^64 − 1 leaves and takes no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the tree has 2^64 - 1 leaves and takes no more")
    }
}

impl core::error::Error for Full {}

/// How many peaks a tree of `size` leaves has.
fn peak_count(size: u64) -> usize {
    // A count of bits fits any usize; no cast is needed to say so.
    usize::try_from(size.count_ones()).unwrap_or(MAX_PEAKS)
}

impl RightEdge {
    /// The edge of the tree without leaves.
    pub const fn new() -> Self {
        Self { size: 0, peaks: [[0; 32]; MAX_PEAKS] }
    }

    /// The number of leaves, which is also the index of the next one.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The largest complete subtrees from left to right, one for each bit that is set in the size.
    pub fn peaks(&self) -> &[Hash] {
        self.peaks.get(..peak_count(self.size)).unwrap_or(&self.peaks)
    }

    /// Appends a leaf, given by its hash, and returns its index.
    ///
    /// # Errors
    ///
    /// [`Full`]; nothing has changed then.
    pub fn push<H: Sha256>(&mut self, leaf: Hash) -> Result<u64, Full> {
        self.push_with::<H>(leaf, |_, _, _| ())
    }

    /// As [`RightEdge::push`]. `completed` is called with the level, the index and the hash of every complete subtree
    /// that this leaf finishes: first the leaf itself at level 0, then upwards. Over all pushes these are exactly the
    /// nodes of a [`NodeStore`](crate::NodeStore), each once.
    ///
    /// # Errors
    ///
    /// [`Full`]; nothing has changed then, and `completed` has not been called.
    pub fn push_with<H: Sha256>(
        &mut self,
        leaf: Hash,
        mut completed: impl FnMut(u32, u64, &Hash),
    ) -> Result<u64, Full> {
        let index = self.size;
        let size = index.checked_add(1).ok_or(Full)?;
        // Adding one to the size carries through its trailing ones, and each carry merges the last peak with the new
        // node. What results is the last peak of the new size.
        let slot = peak_count(size).checked_sub(1).ok_or(Full)?;
        let merged = self.peaks().get(slot..).ok_or(Full)?;

        completed(0, index, &leaf);
        let mut node = leaf;
        let mut at = index;
        for (level, left) in (1u32..).zip(merged.iter().rev()) {
            node = node_hash::<H>(left, &node);
            at >>= 1;
            completed(level, at, &node);
        }

        *self.peaks.get_mut(slot).ok_or(Full)? = node;
        self.size = size;
        Ok(index)
    }

    /// The root of the tree: its peaks folded from the right.
    pub fn root<H: Sha256>(&self) -> Hash {
        self.peaks()
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node_hash::<H>(&left, &right))
            .unwrap_or_else(empty_root::<H>)
    }
}

impl Default for RightEdge {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for RightEdge {
    fn eq(&self, other: &Self) -> bool {
        self.size == other.size && self.peaks() == other.peaks()
    }
}

impl Eq for RightEdge {}

impl fmt::Debug for RightEdge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RightEdge").field("size", &self.size).field("peaks", &self.peaks()).finish()
    }
}

#[cfg(feature = "codec")]
mod scale {
    use super::{peak_count, Hash, RightEdge, MAX_PEAKS};
    use codec::{Compact, Decode, DecodeWithMemTracking, Encode, EncodeLike, Error, Input, MaxEncodedLen, Output};
    use scale_info::{build::Fields, Path, Type, TypeInfo};

    const SIZE_BYTES: usize = 8;
    const HASH_BYTES: usize = 32;
    /// 64 as a compact integer takes two bytes.
    const LENGTH_BYTES: usize = 2;

    impl Encode for RightEdge {
        fn size_hint(&self) -> usize {
            self.peaks().len().saturating_mul(HASH_BYTES).saturating_add(SIZE_BYTES).saturating_add(LENGTH_BYTES)
        }

        fn encode_to<T: Output + ?Sized>(&self, dest: &mut T) {
            self.size.encode_to(dest);
            self.peaks().encode_to(dest);
        }
    }

    impl EncodeLike for RightEdge {}

    /// The number of peaks follows from the size; the length is there so that metadata can describe the type, and any
    /// other length is refused, so that every value has one encoding.
    impl Decode for RightEdge {
        fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
            let mut edge = Self { size: u64::decode(input)?, ..Self::new() };
            let Compact(length) = Compact::<u32>::decode(input)?;
            if usize::try_from(length) != Ok(peak_count(edge.size)) {
                return Err(Error::from("a right edge has as many peaks as its size has set bits"));
            }
            for peak in edge.peaks.iter_mut().take(peak_count(edge.size)) {
                input.read(peak)?;
            }
            Ok(edge)
        }
    }

    /// Decoding allocates nothing.
    impl DecodeWithMemTracking for RightEdge {}

    impl MaxEncodedLen for RightEdge {
        fn max_encoded_len() -> usize {
            const { SIZE_BYTES + LENGTH_BYTES + MAX_PEAKS * HASH_BYTES }
        }
    }

    /// Described as its fields are encoded, so that a client that knows only metadata reads it.
    impl TypeInfo for RightEdge {
        type Identity = Self;

        fn type_info() -> Type {
            Type::builder().path(Path::new("RightEdge", module_path!())).composite(
                Fields::named()
                    .field(|field| field.ty::<u64>().name("size").type_name("u64").docs_always(&["Number of leaves."]))
                    .field(|field| {
                        field.ty::<[Hash]>().name("peaks").type_name("Vec<Hash>").docs_always(&[
                            "The roots of the largest complete subtrees, the largest first: one for each bit that is",
                            "set in the size.",
                        ])
                    }),
            )
        }
    }
}
