//! The only place with threads. Whoever reads a piece works on it: it lies in the memory next to that processor. Meanwhile another
//! one reads the next. Results come in the order of what was read, so that the number of threads changes nothing.

use rayon::Scope;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{self, Receiver, Sender};

/// How many pieces may wait for an earlier one, for each thread.
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

    /// Reads pieces, works on several at once, and hands the results on in the order of the pieces. Work may not wait for
    /// other pieces.
    ///
    /// # Errors
    /// The first error of the first piece that has one; a piece that cannot be read comes after all that could be.
    pub fn in_turns<P: Send, R: Send, E: Send>(
        &self,
        next: impl FnMut() -> Result<Option<P>, E> + Send,
        work: impl Fn(P) -> Result<R, E> + Sync,
        done: impl FnMut(R) -> Result<(), E> + Send,
    ) -> Result<(), E> {
        let (finished, results) = mpsc::channel();
        let (ended, end) = mpsc::channel();
        let turns = Turns { begun: 0, waiting: VecDeque::new(), results };
        self.0.install(|| {
            let most = AHEAD * rayon::current_num_threads();
            rayon::scope(|scope| Baton { next, done, turns, most, finished, ended }.hand_on(scope, &work));
        });
        // Nothing is said where a panic ended it, and that went on from the scope.
        end.recv().unwrap_or(Ok(()))
    }

    /// Does two things at once.
    pub fn both<A: Send, B: Send>(&self, one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
        self.0.join(one, other)
    }
}

/// What was made of a piece, or how it panicked.
type Made<R, E> = std::thread::Result<Result<R, E>>;

/// What only one at a time may have: the right to read the next piece, and to hand results on.
struct Baton<N, D, R, E> {
    next: N,
    done: D,
    turns: Turns<Made<R, E>>,
    most: usize,
    finished: Sender<(usize, Made<R, E>)>,
    ended: Sender<Result<(), E>>,
}

impl<N, D, R, E> Baton<N, D, R, E> {
    /// Gives the baton to whoever is free next.
    fn hand_on<'s, P>(self, scope: &Scope<'s>, work: &'s (impl Fn(P) -> Result<R, E> + Sync))
    where
        N: FnMut() -> Result<Option<P>, E> + Send + 's,
        D: FnMut(R) -> Result<(), E> + Send + 's,
        R: Send + 's,
        E: Send + 's,
    {
        let mut baton = self;
        scope.spawn(move |scope| match baton.next_piece() {
            Ok(Some(piece)) => {
                let (turn, finished) = (baton.turns.begin(), baton.finished.clone());
                baton.hand_on(scope, work);
                // A piece of which nothing is heard would be waited for.
                let made = catch_unwind(AssertUnwindSafe(|| work(piece)));
                // Nobody listens when an earlier piece had an error.
                finished.send((turn, made)).unwrap_or_default();
            }
            Ok(None) => baton.ended.send(Ok(())).unwrap_or_default(),
            Err(error) => baton.ended.send(Err(error)).unwrap_or_default(),
        });
    }

    /// Hands on the results whose turn it is, and reads a piece; at the end waits for the results of all.
    fn next_piece<P>(&mut self) -> Result<Option<P>, E>
    where
        N: FnMut() -> Result<Option<P>, E>,
        D: FnMut(R) -> Result<(), E>,
    {
        self.hand_on_results(self.most)?;
        let piece = (self.next)();
        if !matches!(piece, Ok(Some(_))) {
            self.hand_on_results(1)?;
        }
        piece
    }

    /// Hands on the results whose turn it is, until less than so many pieces are under way. Others work on these.
    fn hand_on_results(&mut self, most: usize) -> Result<(), E>
    where
        D: FnMut(R) -> Result<(), E>,
    {
        loop {
            self.turns.hear(self.turns.under_way() >= most);
            while let Some(made) = self.turns.take_next() {
                (self.done)(made.unwrap_or_else(|panic| resume_unwind(panic))?)?;
            }
            if self.turns.under_way() < most {
                return Ok(());
            }
        }
    }
}

/// Results that came before their turn.
struct Turns<R> {
    begun: usize,
    /// From the next on.
    waiting: VecDeque<Option<R>>,
    results: Receiver<(usize, R)>,
}

impl<R> Turns<R> {
    /// Hears of results that came meanwhile; waits for one where it should.
    fn hear(&mut self, wait: bool) {
        let first = if wait { self.results.recv().ok() } else { None };
        let all: Vec<(usize, R)> = first.into_iter().chain(self.results.try_iter()).collect();
        for (turn, result) in all {
            self.finished(turn, result);
        }
    }

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
