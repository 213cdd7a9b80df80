//! Work beside the main loop: two lanes, so that a document of a megabyte keeps nobody waiting who
//! writes a short one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Threads for short work.
const QUICK: usize = 2;
/// The size of a document from which on work on it is long, in bytes.
pub(super) const LONG: usize = 128 << 10;

type Job = Box<dyn FnOnce() + Send>;

/// The lanes.
pub(super) struct Jobs {
    quick: Sender<Job>,
    slow: Sender<Job>,
}

impl Jobs {
    pub(super) fn new() -> Self {
        Self { quick: lane(QUICK), slow: lane(1) }
    }

    /// Does some work on a document of so many bytes. A defect of ours in it ends nothing but itself: then
    /// `failed` is called.
    pub(super) fn add(
        &self,
        bytes: usize,
        work: impl FnOnce() + Send + 'static,
        failed: impl FnOnce() + Send + 'static,
    ) {
        let lane = if bytes < LONG { &self.quick } else { &self.slow };
        let job: Job = Box::new(move || {
            if catch_unwind(AssertUnwindSafe(work)).is_err() {
                failed();
            }
        });
        // The threads live as long as this does.
        let _ = lane.send(job);
    }
}

fn lane(threads: usize) -> Sender<Job> {
    let (jobs, queue) = channel();
    let queue: Arc<Mutex<Receiver<Job>>> = Arc::new(Mutex::new(queue));
    for _ in 0..threads {
        let queue = queue.clone();
        thread::spawn(move || {
            loop {
                let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                match job {
                    Ok(job) => job(),
                    Err(_) => return,
                }
            }
        });
    }
    jobs
}
