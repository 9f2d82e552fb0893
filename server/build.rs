//! Makes the folder of the built page, so that the server compiles before the page was ever built.

fn main() -> std::io::Result<()> {
    let page = "../www/app/dist";
    std::fs::create_dir_all(page)?;
    // A page that was built anew is embedded anew.
    println!("cargo:rerun-if-changed={page}");
    Ok(())
}
