//! The only place with threads: one reads ahead while the others work. Results come in the order of what was read, so that
//! their number changes nothing.

use rayon::prelude::*;

/// How many pieces are read ahead for each thread.
const AHEAD: usize = 4;

/// What is said when threads cannot be started.
pub type ThreadsNotStarted = rayon::ThreadPoolBuildError;

/// Threads to work with.
#[derive(Debug)]
pub struct Threads(rayon::ThreadPool);

impl Threads {
    /// So many, by default as many as the machine has.
    ///
    /// # Errors
    /// When they cannot be started.
    pub fn new(number: Option<usize>) -> Result<Threads, ThreadsNotStarted> {
        rayon::ThreadPoolBuilder::new().num_threads(number.unwrap_or(0)).build().map(Threads)
    }

    /// Reads pieces, works on several at once, and hands the results on in the order of the pieces.
    ///
    /// # Errors
    /// The first error of the first piece that has one; a piece that cannot be read comes after all that could be.
    pub fn in_turns<P: Send, R: Send, E: Send>(
        &self,
        mut next: impl FnMut() -> Result<Option<P>, E> + Send,
        work: impl Fn(P) -> Result<R, E> + Sync,
        mut done: impl FnMut(R) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        self.0.install(|| {
            let most = AHEAD * rayon::current_num_threads();
            let mut read = || {
                let mut pieces = Vec::with_capacity(most);
                while pieces.len() < most {
                    match next() {
                        Ok(Some(piece)) => pieces.push(piece),
                        Ok(None) => return (pieces, Some(Ok(()))),
                        Err(error) => return (pieces, Some(Err(error))),
                    }
                }
                (pieces, None)
            };
            let (mut pieces, mut ended) = read();
            loop {
                let more = ended.is_none();
                let (following, results) = rayon::join(
                    || if more { Some(read()) } else { None },
                    || pieces.into_par_iter().map(&work).collect::<Vec<Result<R, E>>>(),
                );
                for result in results {
                    done(result?)?;
                }
                match (following, ended) {
                    (_, Some(end)) => return end,
                    (Some(following), None) => (pieces, ended) = following,
                    (None, None) => return Ok(()),
                }
            }
        })
    }
}
