//! Prints how many of the test cases that nobody here wrote are reproduced; `make vectors`.
//!
//! - `--emit FILE` writes every call of the engine with its answer, for the test of the wasm module.
//! - `--claim` writes `tests/vectors/expected.json` anew: what is reproduced now must stay so.
//! - `VERBOSE=1` lists each case that is not reproduced, with what was expected and found.

#[path = "../tests/vectors_runner/mod.rs"]
mod vectors_runner;

use std::{
    collections::BTreeSet,
    env, fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use vectors_runner::{CLAIMS, claims, engine::Engine, folder, outcome::Report, own_folder, run};

fn main() -> ExitCode {
    match report() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("vectors: {error}");
            ExitCode::FAILURE
        }
    }
}

fn report() -> io::Result<ExitCode> {
    let engine = Engine::default();
    let folder = folder();
    let report = run(&folder, &claims()?, &engine)?;
    if env::args().any(|argument| argument == "--claim") {
        return write_claims(&report).map(|()| ExitCode::SUCCESS);
    }
    if let Some(file) = env::args().skip_while(|argument| argument != "--emit").nth(1) {
        return emit(Path::new(&file), &engine).map(|()| ExitCode::SUCCESS);
    }
    let verbose = env::var("VERBOSE").is_ok_and(|value| !value.is_empty() && value != "0");
    println!("{}", report.table());
    println!("{}", report.reasons(verbose));
    let failed = failures(&report, &folder)?;
    for failure in &failed {
        println!("FAILED {failure}");
    }
    println!("vectors: {} of {}", report.reproduced(), report.rows.len());
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Claimed cases that are not reproduced; in the own folder also those that are gone.
fn failures(report: &Report, folder: &PathBuf) -> io::Result<Vec<String>> {
    let regressions = report.regressions().into_iter();
    let mut failed: Vec<String> =
        regressions.map(|row| format!("{}: claimed, but not reproduced", row.id)).collect();
    if *folder == own_folder() {
        let claims = claims()?;
        let missing = report.missing(&claims).into_iter();
        failed.extend(missing.map(|id| format!("{id}: claimed, but there is no such case")));
    }
    Ok(failed)
}

fn emit(file: &Path, engine: &Engine) -> io::Result<()> {
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(file, serde_json::to_string(&engine.calls())?)
}

fn write_claims(report: &Report) -> io::Result<()> {
    let rows = report.rows.iter().filter(|row| row.outcome.is_ok());
    let ids: BTreeSet<&str> = rows.map(|row| row.id.as_str()).collect();
    let mut text = serde_json::to_string_pretty(&ids)?;
    text.push('\n');
    fs::write(own_folder().join(CLAIMS), text)
}
