//! What a browser calls.
//!
//! There is no unsafe code in it but the promise of `no_mangle`, that nothing else has these names: bytes cross in memory
//! that Rust owns, and the caller keeps to the room that it was given. One thread runs it, and no call is within another.
#![allow(unsafe_code, reason = "an export needs its own name, and that nothing else has it is ours to say")]

use crate::Session;
use std::cell::RefCell;

thread_local! {
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static OUTPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static SESSION: RefCell<Session> = const { RefCell::new(Session::new()) };
}

/// Makes room for an input of this length, and says where it is to be written.
#[no_mangle]
pub extern "C" fn input(length: usize) -> *mut u8 {
    INPUT.with_borrow_mut(|input| {
        *input = vec![0; length];
        input.as_mut_ptr()
    })
}

/// Answers the input, and gives the length of the answer.
#[no_mangle]
pub extern "C" fn answer() -> usize {
    let input = INPUT.take();
    let answer = SESSION.with_borrow_mut(|session| session.answer(&input));
    OUTPUT.with_borrow_mut(|output| {
        *output = answer.into_bytes();
        output.len()
    })
}

/// Where the answer is, until something else is asked.
#[no_mangle]
pub extern "C" fn output() -> *const u8 {
    OUTPUT.with_borrow(|output| output.as_ptr())
}
