//! How far a long run is, for who watches it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A run that is over sooner shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);
/// Time between two drawings.
const TICK: Duration = Duration::from_millis(100);

/// Counts the inputs that are done.
pub(super) struct Progress {
    all: usize,
    done: AtomicUsize,
}

impl Progress {
    pub(super) fn new(all: usize) -> Self {
        Self { all, done: AtomicUsize::new(0) }
    }

    /// One more is done.
    pub(super) fn advance(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Works; if it takes long and someone watches, a bar on standard error shows how far it is, and
    /// goes away at the end.
    pub(super) fn shown_while(&self, watched: bool, work: impl FnOnce()) {
        if !watched {
            return work();
        }
        std::thread::scope(|scope| {
            let (over, waiting) = channel::<()>();
            scope.spawn(move || {
                let mut bar = None;
                let mut pause = PATIENCE;
                while waiting.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                    let bar = bar.get_or_insert_with(|| self.bar());
                    bar.set_position(self.done.load(Ordering::Relaxed) as u64);
                    bar.tick();
                    pause = TICK;
                }
                if let Some(bar) = bar {
                    bar.finish_and_clear();
                }
            });
            work();
            drop(over);
        });
    }

    fn bar(&self) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(self.all as u64), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("checking {wide_bar} {pos} of {len} files") {
            bar.set_style(style.progress_chars("━━ "));
        }
        bar
    }
}
