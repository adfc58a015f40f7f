//! The command as a process, for every test that runs it.

use std::{
    path::Path,
    process::{Command, Output},
};

pub fn citynet(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_citynet"))
        .args(arguments)
        .env_remove("CITYNET_NODE")
        .env_remove("CITYNET_KEY")
        .env_remove("CITYNET_DEVICE_KEY")
        .output()
        .unwrap()
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[allow(dead_code, reason = "not every file of tests names a chain")]
pub const GENESIS: &str = "0x91b171bb158e2d3848fa23a9f1c25182fb8e20313b2c1eb49219da7a70ce90c3";
