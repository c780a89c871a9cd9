//! A CSV file, several blocks of rows at once, whatever is made of them.

use super::block_rows::{BlockRows, RowsOfBlock, Seen};
use super::blocks::Block;
use super::canonical::Extract;
use super::columns::CsvFile;
use super::quality::Quality;
use super::sift::Progress;
use crate::problem::Problem;
use crate::threads::Threads;
use std::sync::mpsc;

impl Extract {
    /// Makes something of each block, hands it on in the order of the blocks, and gives how many bytes the file had.
    ///
    /// # Errors
    /// When the file cannot be read to its end, and those of `make` and `done`: the first in the order of the rows.
    pub(super) fn in_blocks<M: Send>(
        &mut self,
        (at, file): (usize, CsvFile),
        threads: &Threads,
        progress: Progress<'_>,
        make: impl Fn(&mut RowsOfBlock<'_>, &mut Quality) -> Result<M, Problem> + Sync,
        mut done: impl FnMut(M) -> Result<(), Problem> + Send,
    ) -> Result<u64, Problem> {
        let (table, first, mut cutter) = file.into_parts();
        let mut first = Some(first);
        // Memory goes round: what a block was read into is read into again.
        let (done_with, memory) = mpsc::channel::<BlockRows>();
        let mut seen = Seen::default();
        let quality = &mut self.quality;
        let (table, cut) = (&table, &mut cutter);
        let next = move || {
            let mut rows = memory.try_recv().unwrap_or_default();
            if let Some(first) = first.take() {
                return Ok(Some((rows, first)));
            }
            let block = cut.next_block(rows.restart(Block::default())).map_err(|error| table.broken(cut.line(), &error))?;
            progress(cut.content().bytes_read());
            Ok(block.map(|block| (rows, block)))
        };
        let of_block = |(mut rows, block): (BlockRows, Block)| {
            rows.restart(block);
            let mut quality = Quality::default();
            let mut rows = RowsOfBlock { table, rows };
            let made = make(&mut rows, &mut quality)?;
            Ok((made, quality, rows.rows))
        };
        threads.in_turns(next, of_block, |(made, of_block, mut rows)| {
            quality.and(of_block);
            done(made)?;
            seen.and(std::mem::take(&mut rows.seen));
            // Nobody reads any more once the end was reached.
            done_with.send(rows).unwrap_or_default();
            Ok(())
        })?;
        let content = cutter.content();
        let (sha256, bytes) = (content.sha256(), content.bytes_read());
        self.read_whole(at, sha256, seen.rows, table.warning(&seen));
        Ok(bytes)
    }
}
