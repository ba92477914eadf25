//! The Merkle tree over the lines of the chain (RFC 6962 §2.1): one root binds them all, and a proof of a few hundred
//! octets shows one line of them without the others.
//!
//! A leaf is a line's exact octets, LF included.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use super::Digest;

/// A tree that grows: the roots of its whole subtrees, largest first. Takes 32 octets for each bit of its size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    peaks: Vec<Digest>,
}

/// Not what [`Tree`] is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a tree as it is written")]
pub struct NotATree;

impl Tree {
    /// How many lines it holds.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next line.
    pub fn push(&mut self, line: &[u8]) {
        self.push_leaf(leaf(line));
    }

    /// Takes the next line by its leaf hash.
    pub fn push_leaf(&mut self, leaf: Digest) {
        let mut node = leaf;
        let mut pairs = self.size;
        while pairs & 1 == 1 {
            if let Some(left) = self.peaks.pop() {
                node = join(left, node);
            }
            pairs >>= 1;
        }
        self.peaks.push(node);
        self.size = self.size.saturating_add(1);
    }

    /// MTH of RFC 6962 §2.1; of no line: SHA-256 of nothing.
    pub fn root(&self) -> Digest {
        let mut peaks = self.peaks.iter().rev().copied();
        let Some(last) = peaks.next() else { return Digest::of(b"") };
        peaks.fold(last, |right, left| join(left, right))
    }
}

/// `<size> <hex> <hex> …`, the subtrees largest first.
impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.size)?;
        self.peaks.iter().try_for_each(|peak| write!(f, " {peak}"))
    }
}

impl FromStr for Tree {
    type Err = NotATree;

    fn from_str(text: &str) -> Result<Self, NotATree> {
        let mut words = text.split(' ');
        let size: u64 = words.next().and_then(|size| size.parse().ok()).ok_or(NotATree)?;
        let peaks: Vec<Digest> = words.map(str::parse).collect::<Result<_, _>>().map_err(|_| NotATree)?;
        if peaks.len() != size.count_ones() as usize {
            return Err(NotATree);
        }
        Ok(Self { size, peaks })
    }
}

/// The hash of a line as a leaf.
pub fn leaf(line: &[u8]) -> Digest {
    Digest(Sha256::new().chain_update([0]).chain_update(line).finalize().into())
}

/// The hash of two subtrees.
fn join(left: Digest, right: Digest) -> Digest {
    Digest(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// The proof that the leaf at `index` is in the tree of `leaves` (RFC 6962 §2.1.1), nearest sibling first; none where
/// there is no such leaf.
pub fn prove(leaves: &[Digest], index: u64) -> Option<Vec<Digest>> {
    let index = usize::try_from(index).ok().filter(|index| *index < leaves.len())?;
    let mut proof = Vec::new();
    let (mut part, mut at) = (leaves, index);
    while part.len() > 1 {
        let (left, right) = part.split_at_checked(half(part.len()))?;
        let other;
        (part, other, at) = if at < left.len() { (left, right, at) } else { (right, left, at - left.len()) };
        proof.push(root_of(other));
    }
    proof.reverse();
    Some(proof)
}

/// Every node of a tree, for proofs of many lines: built once, and then a proof costs its own length.
#[derive(Debug, Clone)]
pub struct Levels(Vec<Vec<Digest>>);

impl Levels {
    /// Of these leaves. Pairing neighbours, the last of an odd number going up as it is, gives the tree of RFC 6962 §2.1.
    pub fn of(leaves: Vec<Digest>) -> Self {
        let mut levels = vec![leaves];
        while let Some(level) = levels.last().filter(|level| level.len() > 1) {
            let above = level.chunks(2).filter_map(|pair| match pair {
                [left, right] => Some(join(*left, *right)),
                [alone] => Some(*alone),
                _ => None,
            });
            let above = above.collect();
            levels.push(above);
        }
        Self(levels)
    }

    /// As [`prove`].
    pub fn prove(&self, index: u64) -> Option<Vec<Digest>> {
        let mut at = usize::try_from(index).ok()?;
        self.0.first()?.get(at)?;
        let mut proof = Vec::new();
        for level in &self.0 {
            proof.extend(level.get(at ^ 1).filter(|_| level.len() > 1));
            at /= 2;
        }
        Some(proof)
    }
}

/// The root that a proof leads to (RFC 9162 §2.1.3.2); none where it is not one for `index` in a tree of `size` lines.
pub fn root_by(leaf: Digest, index: u64, size: u64, proof: &[Digest]) -> Option<Digest> {
    let (mut at, mut last) = (index, size.checked_sub(1)?);
    if at > last {
        return None;
    }
    let mut node = leaf;
    for sibling in proof {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            node = join(*sibling, node);
            // The last node of a level without a sibling goes up as it is.
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            node = join(node, *sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    (last == 0).then_some(node)
}

fn root_of(leaves: &[Digest]) -> Digest {
    let mut tree = Tree::default();
    for leaf in leaves {
        tree.push_leaf(*leaf);
    }
    tree.root()
}

/// The largest power of two below `n`, which is above 1.
fn half(n: usize) -> usize {
    n.div_ceil(2).next_power_of_two()
}

#[cfg(test)]
mod tests;
