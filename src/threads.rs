//! The only place with threads: one reads ahead while the others work. Results come in the order of what was read, so that
//! their number changes nothing.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc;

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
            let work = &work;
            rayon::scope_fifo(|scope| {
                let (finished, results) = mpsc::channel::<(usize, std::thread::Result<Result<R, E>>)>();
                let mut turns = Turns::default();
                let mut ended = None;
                loop {
                    for (turn, result) in results.try_iter() {
                        turns.finished(turn, result);
                    }
                    while let Some(result) = turns.take_next() {
                        done(result.unwrap_or_else(|panic| resume_unwind(panic))?)?;
                    }
                    if ended.is_none() && turns.under_way() < most {
                        match next() {
                            Ok(Some(piece)) => {
                                let (turn, finished) = (turns.begin(), finished.clone());
                                scope.spawn_fifo(move |_| {
                                    // A piece of which nothing is heard would be waited for.
                                    let result = catch_unwind(AssertUnwindSafe(|| work(piece)));
                                    // Nobody listens when an earlier piece had an error.
                                    finished.send((turn, result)).unwrap_or_default();
                                });
                            }
                            Ok(None) => ended = Some(Ok(())),
                            Err(error) => ended = Some(Err(error)),
                        }
                        continue;
                    }
                    if turns.under_way() == 0
                        && let Some(end) = ended
                    {
                        return end;
                    }
                    // Far enough ahead: one of the pieces meanwhile, or, where all are being worked on, nothing.
                    if rayon::yield_now() != Some(rayon::Yield::Executed) {
                        std::thread::yield_now();
                    }
                }
            })
        })
    }
}

/// Results that came before their turn.
struct Turns<R> {
    begun: usize,
    /// From the next on.
    waiting: VecDeque<Option<R>>,
}

impl<R> Default for Turns<R> {
    fn default() -> Turns<R> {
        Turns { begun: 0, waiting: VecDeque::new() }
    }
}

impl<R> Turns<R> {
    /// How many have begun whose result was not taken.
    fn under_way(&self) -> usize {
        self.waiting.len()
    }

    /// Begins the next turn, and gives its number.
    fn begin(&mut self) -> usize {
        self.waiting.push_back(None);
        self.begun += 1;
        self.begun - 1
    }

    fn finished(&mut self, turn: usize, result: R) {
        let taken = self.begun - self.waiting.len();
        if let Some(slot) = turn.checked_sub(taken).and_then(|at| self.waiting.get_mut(at)) {
            *slot = Some(result);
        }
    }

    /// The result whose turn it is, if it is there.
    fn take_next(&mut self) -> Option<R> {
        self.waiting.front()?.as_ref()?;
        self.waiting.pop_front().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::Threads;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn results_come_in_turn_up_to_the_first_error(pieces in prop::collection::vec(0..9_u64, 0..60), ends_badly: bool, threads in 1..4_usize) {
            let mut next = pieces.iter().copied();
            let mut heard = Vec::new();
            let ended = Threads::new(Some(threads)).unwrap().in_turns(
                || next.next().map_or_else(|| if ends_badly { Err("the end") } else { Ok(None) }, |piece| Ok(Some(piece))),
                |piece| {
                    // Later pieces are often done first.
                    std::thread::sleep(std::time::Duration::from_micros(piece * 20));
                    if piece == 8 { Err("a piece") } else { Ok(piece) }
                },
                |piece| {
                    heard.push(piece);
                    Ok(())
                },
            );
            let fine: Vec<u64> = pieces.iter().copied().take_while(|piece| *piece != 8).collect();
            let error = if fine.len() < pieces.len() { Err("a piece") } else if ends_badly { Err("the end") } else { Ok(()) };
            prop_assert_eq!((ended, heard), (error, fine));
        }
    }

    #[test]
    #[should_panic(expected = "of a piece")]
    fn a_panic_is_not_waited_for() {
        let mut pieces = 0..3;
        let work = |piece: i32| if piece == 1 { panic!("of a piece") } else { Ok::<i32, ()>(piece) };
        let _ = Threads::new(Some(2)).unwrap().in_turns(|| Ok(pieces.next()), work, |_| Ok(()));
    }
}
