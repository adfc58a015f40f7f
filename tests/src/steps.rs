//! What happened when, for whoever reads the output of a story. Nothing is decided by these times: the machine may be
//! busy.

use std::time::Instant;

/// The steps of a story.
#[derive(Debug)]
pub struct Steps {
    story: &'static str,
    began: Instant,
    last: Instant,
}

impl Steps {
    /// Begins.
    pub fn of(story: &'static str) -> Self {
        let now = Instant::now();
        // libtest has begun a line with the test's name.
        println!();
        Self { story, began: now, last: now }
    }

    /// Prints what was done, and how long it took since the step before.
    pub fn done(&mut self, what: &str) {
        let now = Instant::now();
        let (step, all) = (now.duration_since(self.last), now.duration_since(self.began));
        println!("{:>12}: {:>6.1} s, after {:>6.1} s: {what}", self.story, all.as_secs_f64(), step.as_secs_f64());
        self.last = now;
    }
}
