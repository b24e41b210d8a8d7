//! Bytes made small for the table, whose writes are paid by size.

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use std::io::{self, Read, Write};

/// What unpacks to more than this was not written here.
const LARGEST: u64 = 128 * 1024 * 1024;

pub(super) fn deflate(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Reads what [`deflate`] wrote; none if it is anything else.
pub(super) fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    let read = DeflateDecoder::new(bytes).take(LARGEST).read_to_end(&mut whole).ok()?;
    (u64::try_from(read).ok()? < LARGEST).then_some(whole)
}
