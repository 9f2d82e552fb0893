#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| orderkit_fuzz::importer(bytes));
