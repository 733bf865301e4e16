//! Blocks: the data file as redb sees it, with a checksum behind each block that every read compares.
//!
//! redb keeps a checksum of each page in the page above it, and compares it only when it checks a whole file. So a
//! flipped bit was read as a value, and the next write to that page gave it a good checksum. Here a block is
//! verified whenever it comes from the file, whatever it holds: entries, the pages that lead to them, or redb's own
//! tables. A page that is rewritten is read first, so it is verified too.
//!
//! | Bytes of the file        | What they are                                                                |
//! |--------------------------|------------------------------------------------------------------------------|
//! | 0 to 8                   | [`MARK`], in place of redb's own                                             |
//! | 9 to 319                 | the rest of redb's header                                                    |
//! | 320 to 327               | the checksum of the bytes before                                             |
//! | 328 to 4,095             | nothing                                                                      |
//! | 4,104 for each block     | 4,096 bytes as redb wrote them, then their checksum                          |
//!
//! A checksum is the CRC-64 of the bytes, xor the number of the block, big-endian. It finds every damage of up to 64
//! bits in a row, and a block that was written to the place of another. What it cannot find is a block that was
//! never written although the disk said so.
//!
//! A power loss tears what was being written, and nothing else: redb never writes over what a commit rests on, and
//! the header with its checksum lies in one sector. Two blocks can share a sector; writing to one does not change
//! the bytes of the other there, which is what SQLite relies on as "powersafe overwrite".
//!
//! Data files of before have no checksums: [`Blocks::have_checksums`] tells, and [`crate::upgrade`] copies them.

use std::io::{self, ErrorKind};
use std::sync::{Mutex, PoisonError};

use crc_fast::CrcAlgorithm::Crc64Nvme;

use crate::disk::Medium;

/// Bytes of a block, which is the page size of redb.
const BLOCK: usize = 4096;
const BLOCK_U64: u64 = 4096;
/// Bytes of a checksum.
const SUM: usize = 8;
/// Bytes of a block in the file.
const STORED: usize = BLOCK + SUM;
const STORED_U64: u64 = BLOCK_U64 + 8;

/// Bytes of redb's header, which begins the file and is read and written by itself.
const HEADER: usize = 320;
const HEADER_STORED: usize = HEADER + SUM;

/// What begins a data file with checksums, and what begins a file of redb.
const MARK: [u8; 9] = *b"keyfront\x02";
const REDB_MARK: [u8; 9] = *b"redb\x1A\x0A\xA9\x0D\x0A";

/// What a page looks like to redb of which a block is damaged: nothing in it can be taken for an entry, for the
/// length of anything or for another page, so redb refuses whatever leads through it.
const DAMAGED: u8 = 0xFF;

/// A data file, read and written as redb does.
pub(crate) struct Blocks {
    medium: Medium,
    have_checksums: bool,
    /// The header that was written last, with its checksum.
    header: Mutex<Option<Vec<u8>>>,
}

impl Blocks {
    /// Blocks of a data file, which may be empty.
    pub(crate) fn new(medium: Medium) -> io::Result<Blocks> {
        let mut mark = [0; REDB_MARK.len()];
        if usize::try_from(medium.len()?).is_ok_and(|len| len >= mark.len()) {
            medium.read(0, &mut mark)?;
        }
        Ok(Blocks { medium, have_checksums: mark != REDB_MARK, header: Mutex::default() })
    }

    /// False for a data file of a version before there were checksums: it is read and written as it is.
    pub(crate) fn have_checksums(&self) -> bool {
        self.have_checksums
    }

    /// The length as redb knows it.
    pub(crate) fn len(&self) -> io::Result<u64> {
        let stored = self.medium.len()?;
        if !self.have_checksums || stored == 0 {
            return Ok(stored);
        }
        match stored.checked_sub(BLOCK_U64) {
            Some(blocks) if blocks.is_multiple_of(STORED_U64) => {
                Ok(BLOCK_U64 + blocks / STORED_U64 * BLOCK_U64)
            }
            Some(_) | None => Err(cut_short()),
        }
    }

    /// The length of the file when redb knows it as `len`.
    pub(crate) fn stored_len(&self, len: u64) -> io::Result<u64> {
        if self.have_checksums && len > 0 { place(len) } else { Ok(len) }
    }

    pub(crate) fn set_len(&self, len: u64) -> io::Result<()> {
        self.medium.set_len(self.stored_len(len)?)
    }

    pub(crate) fn sync_data(&self) -> io::Result<()> {
        self.medium.sync_data()
    }

    /// Reads the header, or whole blocks. Where a block is damaged, `out` holds nothing but [`DAMAGED`]; redb
    /// would take an error for the end of the disk.
    ///
    /// # Errors
    /// The file cannot be read, or its header is damaged.
    pub(crate) fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        if !self.have_checksums {
            return self.medium.read(offset, out);
        }
        if offset == 0 {
            return self.read_header(out);
        }
        let (first, count) = blocks(offset, out.len())?;
        let mut stored = vec![0; count * STORED];
        match self.medium.read(place(offset)?, &mut stored) {
            Ok(()) => {}
            // The file was cut short under this process: what lay there is lost, the rest is not.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                out.fill(DAMAGED);
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        let (stored, []) = stored.as_chunks::<STORED>() else { return Err(misplaced()) };
        let (pages, []) = out.as_chunks_mut::<BLOCK>() else { return Err(misplaced()) };
        let mut is_whole = true;
        for ((number, stored), page) in (first..).zip(stored).zip(pages) {
            let Some((block, sum)) = stored.split_first_chunk::<BLOCK>() else { return Err(misplaced()) };
            is_whole &= sum == checksum(number, block);
            *page = *block;
        }
        if !is_whole {
            out.fill(DAMAGED);
        }
        Ok(())
    }

    /// Writes the header, or whole blocks.
    pub(crate) fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        if !self.have_checksums {
            return self.medium.write(offset, data);
        }
        if offset == 0 {
            return self.write_header(data);
        }
        let (first, count) = blocks(offset, data.len())?;
        let mut stored = Vec::with_capacity(count * STORED);
        for (number, block) in (first..).zip(data.chunks(BLOCK)) {
            stored.extend_from_slice(block);
            stored.extend_from_slice(&checksum(number, block));
        }
        self.medium.write(place(offset)?, &stored)
    }

    fn read_header(&self, out: &mut [u8]) -> io::Result<()> {
        let mut stored = [0; HEADER_STORED];
        self.medium.read(0, &mut stored)?;
        let Some((header, sum)) = stored.split_first_chunk_mut::<HEADER>() else { return Err(misplaced()) };
        if sum != checksum(0, header) {
            return Err(io::Error::new(ErrorKind::InvalidData, "the header is damaged"));
        }
        exchange(header, MARK, REDB_MARK);
        let asked = header.get(..out.len()).ok_or_else(misplaced)?;
        out.copy_from_slice(asked);
        Ok(())
    }

    fn write_header(&self, data: &[u8]) -> io::Result<()> {
        let mut header: [u8; HEADER] = data.try_into().map_err(|_other_length| misplaced())?;
        // redb makes a file without its mark first, and the mark when the rest is durable.
        exchange(&mut header, REDB_MARK, MARK);
        let stored = [&header[..], &checksum(0, &header)].concat();
        self.medium.write(0, &stored)?;
        *self.header.lock().unwrap_or_else(PoisonError::into_inner) = Some(stored);
        Ok(())
    }

    /// Whether the file is of the length that redb knows as `len`, and begins with the header that was written last:
    /// if not, another process has written to it.
    pub(crate) fn are_as_left(&self, len: u64) -> io::Result<bool> {
        if self.medium.len()? != self.stored_len(len)? {
            return Ok(false);
        }
        let header = self.header.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(expected) = &*header else { return Ok(true) };
        let mut found = [0; HEADER_STORED];
        self.medium.read(0, &mut found)?;
        Ok(found[..] == expected[..])
    }
}

/// Puts one mark in the place of another, if that is there.
fn exchange(header: &mut [u8; HEADER], there: [u8; MARK.len()], wanted: [u8; MARK.len()]) {
    if let Some(mark) = header.first_chunk_mut()
        && *mark == there
    {
        *mark = wanted;
    }
}

fn checksum(number: u64, block: &[u8]) -> [u8; SUM] {
    (crc_fast::checksum(Crc64Nvme, block) ^ number).to_be_bytes()
}

/// Where the block is in the file that redb has at `offset`.
fn place(offset: u64) -> io::Result<u64> {
    let blocks = offset.checked_sub(BLOCK_U64).ok_or_else(misplaced)? / BLOCK_U64;
    blocks.checked_mul(STORED_U64).and_then(|bytes| bytes.checked_add(BLOCK_U64)).ok_or_else(misplaced)
}

/// The first of the blocks, and how many they are.
fn blocks(offset: u64, len: usize) -> io::Result<(u64, usize)> {
    let is_whole = offset.is_multiple_of(BLOCK_U64) && len.is_multiple_of(BLOCK);
    if is_whole { Ok((offset / BLOCK_U64, len / BLOCK)) } else { Err(misplaced()) }
}

/// redb reads and writes its header and whole pages, so another access means that an update of redb changed that.
fn misplaced() -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, "an access to the data file that is not of whole pages")
}

fn cut_short() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, "the file does not end with a block")
}
