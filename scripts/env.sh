# Sourced by every script: where the repository is, and which tools come first.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TOOLS=$ROOT/.tools
cd "$ROOT"

# The project's own tools first, then rustup's cargo: a distribution's older /usr/bin/cargo must never be picked by chance.
# Scripts that want that one name it in full.
PATH=$TOOLS/bin:${CARGO_HOME:-$HOME/.cargo}/bin:$ROOT/node_modules/.bin:$PATH
export PATH

# Wasm goes to a target folder of its own: it may be built by another compiler than the native code, and the two
# would wait for each other's lock.
WASM_TARGET_DIR=$ROOT/target/wasm32
WASM_TARGET=wasm32-unknown-unknown

say() { printf '%s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# The content of files and folders, as one text, without what is built or installed in them: a checkout or a touch changes times and not this.
fingerprint() {
  local path there=()
  for path in "$@"; do [ ! -e "$path" ] || there+=("$path"); done
  find "${there[@]}" \( -name node_modules -o -name dist -o -name generated \) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
}

# The version of a crate in Cargo.lock.
locked_version() {
  awk -v name="\"$1\"" '$1 == "name" { hit = ($3 == name) } hit && $1 == "version" { gsub(/"/, "", $3); print $3; exit }' Cargo.lock
}

# True when rustup's compiler has the wasm standard library. The folder is looked up and not asked of rustup, which is slow.
rustup_has_wasm() {
  [ -d "$(rustc --print sysroot)/lib/rustlib/$WASM_TARGET/lib" ]
}
