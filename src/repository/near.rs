//! Which of many sets are nearly the same, in time that grows with their number and not with its square.
//!
//! Each set gets short keys that similar sets are likely to share (MinHash, Broder 1997, in bands: locality-
//! sensitive hashing). Only sets that share a key are compared, and each only with a few of those, for
//! whatever is like the same set belongs together.

use crate::engine::SKETCH;

/// Keys of a set. With three hashes in a key, sets that are 70 % the same share one of so many with a
/// probability of 0.999998, and sets that are 50 % the same with one of 0.986.
const KEYS: u64 = 32;
/// Hashes in a key.
const HASHES: u64 = 3;
/// With how many different sets of the same key a set is compared at most.
const HEADS: usize = 16;

/// Groups of sets that are nearly the same, each in order, ordered by their first. A set is in a group
/// if it is like one that is: from the share `alike` of equal elements on. The elements of each set
/// are hashes in order and each once; of sets with more than [`SKETCH`], the least.
pub(super) fn groups(sets: &[&[u32]], alike: f64) -> Vec<Vec<usize>> {
    let mut forest = Forest::new(sets.len());
    let mut keyed: Vec<(u64, usize)> = Vec::with_capacity(sets.len());
    for number in 0..KEYS {
        keyed.clear();
        keyed.extend(sets.iter().enumerate().map(|(index, set)| (key(set, number), index)));
        keyed.sort_unstable();
        for same in keyed.chunk_by(|one, other| one.0 == other.0) {
            let mut heads: Vec<usize> = Vec::new();
            for (_, index) in same {
                let mut known = false;
                for head in &heads {
                    known = forest.root(*head) == forest.root(*index);
                    if !known && similarity(sets[*head], sets[*index]) >= alike {
                        forest.join(*head, *index);
                        known = true;
                    }
                    if known {
                        break;
                    }
                }
                if !known && heads.len() < HEADS {
                    heads.push(*index);
                }
            }
        }
    }
    forest.groups()
}

/// The share of elements that two sets have in common, of all that either has (Jaccard). Where one is
/// a sketch of more, the share among the least of both.
pub(super) fn similarity(one: &[u32], other: &[u32]) -> f64 {
    let most = if one.len().max(other.len()) < SKETCH { usize::MAX } else { SKETCH };
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    let (mut common, mut all) = (0_u32, 0_u32);
    while (all as usize) < most {
        match (left.peek(), right.peek()) {
            (Some(a), Some(b)) => {
                let order = a.cmp(b);
                if order.is_le() {
                    left.next();
                }
                if order.is_ge() {
                    right.next();
                }
                common += u32::from(order.is_eq());
            }
            (Some(_), None) => drop(left.next()),
            (None, Some(_)) => drop(right.next()),
            (None, None) => break,
        }
        all += 1;
    }
    if all == 0 { 0.0 } else { f64::from(common) / f64::from(all) }
}

fn key(set: &[u32], number: u64) -> u64 {
    let mut key = number;
    for index in 0..HASHES {
        let (factor, term) = (mix(2 * (number * HASHES + index)) | 1, mix(2 * (number * HASHES + index) + 1));
        let least = set.iter().map(|element| u64::from(*element).wrapping_mul(factor).wrapping_add(term) >> 32).min();
        key = mix(key ^ least.unwrap_or(u64::MAX));
    }
    key
}

/// A number from which another is drawn (SplitMix64, Steele et al. 2014).
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// Sets of indexes that grow together. The root of each is its least index.
struct Forest(Vec<usize>);

impl Forest {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, index: usize) -> usize {
        let mut at = index;
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }

    fn groups(mut self) -> Vec<Vec<usize>> {
        let mut rooted: Vec<(usize, usize)> = (0..self.0.len()).map(|index| (self.root(index), index)).collect();
        rooted.sort_unstable();
        let groups = rooted.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1);
        groups.map(|group| group.iter().map(|(_, index)| *index).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `of` elements of a universe, from `from` on.
    fn set(from: u64, of: u64) -> Vec<u32> {
        let mut set: Vec<u32> = (from..from + of).map(|one| (mix(one) >> 32) as u32).collect();
        set.sort_unstable();
        set.dedup();
        set.truncate(SKETCH);
        set
    }

    #[test]
    fn every_pair_that_is_alike_is_found_and_no_other() {
        // 600 sets in threes: of each, the second has 88 % of the first, and the third nothing of either.
        let sets: Vec<Vec<u32>> = (0..200)
            .flat_map(|one| [set(one * 1000, 60), set(one * 1000 + 4, 60), set(one * 1000 + 500, 60)])
            .collect();
        let sets: Vec<&[u32]> = sets.iter().map(Vec::as_slice).collect();
        let wanted: Vec<Vec<usize>> = (0..200).map(|one| vec![3 * one, 3 * one + 1]).collect();
        assert_eq!(groups(&sets, 0.7), wanted);
    }

    #[test]
    fn what_is_below_the_limit_is_apart() {
        let (one, other) = (set(0, 60), set(20, 60));
        assert!((similarity(&one, &other) - 0.5).abs() < 1e-9);
        assert!(groups(&[&one, &other], 0.7).is_empty());
        assert!((similarity(&one, &one) - 1.0).abs() < 1e-9);
        assert!(similarity(&[], &[]) < 1e-9);
    }

    #[test]
    fn long_sets_are_compared_by_their_least() {
        let (one, other) = (set(0, 3000), set(300, 3000));
        assert_eq!(one.len(), SKETCH);
        let (shared, all) = (2700.0, 3300.0);
        assert!((similarity(&one, &other) - shared / all).abs() < 0.06);
    }
}
