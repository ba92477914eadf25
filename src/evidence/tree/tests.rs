use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;

use super::*;

fn line(n: u64) -> Vec<u8> {
    format!("{{\"line\":{n}}}\n").into_bytes()
}

#[test]
fn empty_and_single_roots_are_those_of_the_rfc() {
    assert_eq!(
        Tree::default().root().to_string(),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    let mut tree = Tree::default();
    tree.push(b"");
    // MTH({d(0)}) = SHA-256(0x00 || d(0)), here of nothing.
    assert_eq!(tree.root().to_string(), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

#[test]
fn what_is_no_tree_is_refused() {
    let mut tree = Tree::default();
    (0..5).for_each(|n| tree.push(&line(n)));
    let text = tree.to_string();
    assert_eq!(text.parse(), Ok(tree));
    for bad in
        ["", " ", "1", "x", "0 ", &text.replacen('5', "6", 1).replacen('6', "7", 1), text.get(..70).unwrap()]
    {
        assert_eq!(bad.parse::<Tree>(), Err(NotATree), "{bad}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn roots_and_proofs_are_those_of_another_implementation(size in 1_u64..300, at in 0.0_f64..1.0) {
        let mut tree = Tree::default();
        let mut theirs: MemoryBackedTree<Sha256, Vec<u8>> = MemoryBackedTree::new();
        for n in 0..size {
            tree.push(&line(n));
            theirs.push(line(n));
            let their_root = theirs.root();
            prop_assert_eq!(&tree.root().0[..], &their_root.as_bytes()[..]);
        }
        prop_assert_eq!(&tree.to_string().parse::<Tree>().unwrap(), &tree);
        let index = (at * size as f64) as u64;
        let leaves: Vec<Digest> = (0..size).map(|n| leaf(&line(n))).collect();
        let proof = prove(&leaves, index).unwrap();
        let octets: Vec<u8> = proof.iter().flat_map(|digest| digest.0).collect();
        let their_proof = theirs.prove_inclusion(index as usize);
        prop_assert_eq!(&octets[..], their_proof.as_bytes());
        let root = root_by(leaf(&line(index)), index, size, &proof);
        prop_assert_eq!(root, Some(tree.root()));
        // Another line, place, size or proof leads elsewhere, or nowhere.
        prop_assert_ne!(root_by(leaf(&line(size)), index, size, &proof), root);
        prop_assert_eq!(root_by(leaf(&line(index)), size, size, &proof), None);
        if size > 1 {
            prop_assert_ne!(root_by(leaf(&line(index)), index, size, &proof[1..]), root);
        }
        prop_assert_eq!(prove(&leaves, size), None);
    }
}

#[test]
fn all_levels_at_once_prove_the_same() {
    for size in 0..40_u64 {
        let leaves: Vec<Digest> = (0..size).map(|n| leaf(&n.to_be_bytes())).collect();
        let levels = Levels::of(leaves.clone());
        for index in 0..=size {
            assert_eq!(levels.prove(index), prove(&leaves, index), "{index} of {size}");
        }
    }
}
