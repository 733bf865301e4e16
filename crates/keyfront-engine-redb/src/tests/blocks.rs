//! Checksums behind blocks, byte by byte.

use std::io::ErrorKind;
use std::sync::Arc;

use super::platter::Platter;
use crate::blocks::Blocks;

const REDB_HEADER: usize = 320;

fn header() -> Vec<u8> {
    let mut header = vec![7; REDB_HEADER];
    header[..9].copy_from_slice(b"redb\x1A\x0A\xA9\x0D\x0A");
    header
}

/// A header and four blocks, of which the last was never written.
fn written() -> Arc<Platter> {
    let platter = Arc::new(Platter::default());
    let blocks = Blocks::new(platter.clone()).unwrap();
    blocks.set_len(5 * 4096).unwrap();
    blocks.write(0, &header()).unwrap();
    blocks.write(4096, &[1; 4096]).unwrap();
    blocks.write(2 * 4096, &[2; 2 * 4096]).unwrap();
    platter
}

#[test]
fn what_is_written_is_read_and_the_file_has_a_checksum_behind_each_block() {
    let platter = written();
    let blocks = Blocks::new(platter.clone()).unwrap();
    assert!(blocks.have_checksums());
    assert_eq!(blocks.len().unwrap(), 5 * 4096);
    let file = platter.now();
    assert_eq!((file.len(), &file[..9]), (4096 + 4 * 4104, &b"keyfront\x02"[..]));
    let mut out = vec![0; REDB_HEADER];
    blocks.read(0, &mut out).unwrap();
    assert_eq!(out, header());
    let mut out = vec![0; 3 * 4096];
    blocks.read(4096, &mut out).unwrap();
    assert_eq!(out, [vec![1; 4096], vec![2; 2 * 4096]].concat());
}

#[test]
fn a_page_of_which_one_bit_is_damaged_holds_nothing() {
    let file = written().now();
    let cases = [
        ("a byte of the first block", 4096, 4096),
        ("its checksum", 8199, 4096),
        ("the first block of a page of two", 8200, 8192),
        ("the second block of a page of two", 12_304, 8192),
    ];
    for (name, place, page) in cases {
        for bit in 0..8 {
            let mut file = file.clone();
            file[place] ^= 1 << bit;
            let blocks = Blocks::new(Platter::holding(file)).unwrap();
            for (offset, len) in [(4096, 4096), (8192, 8192)] {
                let mut out = vec![0; len];
                blocks.read(offset, &mut out).unwrap();
                let is_refused = out.iter().all(|byte| *byte == 0xFF);
                assert_eq!(is_refused, offset == page, "{name}, bit {bit}, page at {offset}");
            }
        }
    }
}

#[test]
fn a_block_in_the_place_of_another_and_one_that_was_never_written_hold_nothing() {
    let mut file = written().now();
    file.copy_within(4096..8200, 8200);
    let blocks = Blocks::new(Platter::holding(file)).unwrap();
    for (offset, is_refused) in [(4096, false), (8192, true), (3 * 4096, false), (4 * 4096, true)] {
        let mut out = [0; 4096];
        blocks.read(offset, &mut out).unwrap();
        assert_eq!(out.iter().all(|byte| *byte == 0xFF), is_refused, "{offset}");
    }
}

#[test]
fn a_damaged_header_and_a_file_that_is_cut_short_are_errors() {
    let file = written().now();
    for place in [9, 319, 320, 327] {
        let mut file = file.clone();
        file[place] ^= 0x10;
        let blocks = Blocks::new(Platter::holding(file)).unwrap();
        let error = blocks.read(0, &mut [0; REDB_HEADER]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData, "byte {place}");
    }
    for len in [1, 4095, 4097, file.len() - 1] {
        let blocks = Blocks::new(Platter::holding(file[..len].to_vec())).unwrap();
        assert_eq!(blocks.len().unwrap_err().kind(), ErrorKind::InvalidData, "{len} bytes");
    }
    let blocks = Blocks::new(Platter::holding(file)).unwrap();
    for (offset, len) in [(4097, 4096), (4096, 100), (0, 4096)] {
        assert!(blocks.read(offset, &mut vec![0; len]).is_err(), "{len} bytes at {offset}");
        assert!(blocks.write(offset, &vec![0; len]).is_err(), "{len} bytes at {offset}");
    }
}
