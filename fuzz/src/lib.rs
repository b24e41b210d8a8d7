//! What libFuzzer needs beside the checks of `tests/fuzzed`: an entry point, and mutations that keep JSON whole.

#[path = "../../tests/fuzzed/checks/mod.rs"]
mod checks;

#[doc(hidden)]
pub use libfuzzer_sys;

/// The program of the target with this name.
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        $crate::libfuzzer_sys::fuzz_target!(|data: &[u8]| $crate::check(stringify!($name), data));
        $crate::libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max: usize, seed: u32| {
            $crate::mutate(data, size, max, seed)
        });
    };
}

/// Panics where the product breaks its word.
pub fn check(target: &str, data: &[u8]) {
    checks::check(target, data);
}

/// Changes bytes and JSON in turn; answers the new length.
pub fn mutate(data: &mut [u8], size: usize, max: usize, seed: u32) -> usize {
    let changed = if seed % 3 == 0 { None } else { checks::mutate::json(&data[..size], seed.into()) };
    match changed.filter(|changed| changed.len() <= max) {
        Some(changed) => {
            data[..changed.len()].copy_from_slice(&changed);
            changed.len()
        }
        None => libfuzzer_sys::fuzzer_mutate(data, size, max),
    }
}
