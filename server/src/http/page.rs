//! The page, from inside the binary.

use std::borrow::Cow;

use axum::{
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use orderkit::Code;
use rust_embed::RustEmbed;

use crate::{error::Error, secret};

/// The built page. Debug builds read it from the folder, so that the page can be built alone.
#[derive(RustEmbed)]
#[folder = "../www/app/dist"]
struct Files;

const HINT: &str = "The API is running, but the page was not built into this server.\n\
    Build it with `make web`, then build the server again.\n";

/// The worker that keeps the page on a device.
const WORKER: &str = "sw.js";

/// Stands in for the worker where the page is taken back.
const RETIRE: &str = include_str!("retire.js");

/// The file of a path; the page itself for the paths that only the page knows. A page that is taken back has a worker that
/// removes all that devices keep of it.
pub(super) fn serve(method: &Method, uri: &Uri, headers: &HeaderMap, is_retired: bool) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "v1" || path.starts_with("v1/") || !matches!(*method, Method::GET | Method::HEAD) {
        return Error::NotFound(Code::NotFound).into_response();
    }
    if is_retired && path == WORKER {
        let usual =
            [(header::CONTENT_TYPE, content_type(path)), (header::CACHE_CONTROL, "no-store")];
        // A page that is open asks here before it has a worker again.
        return (usual, [("orderkit-page", "retired")], RETIRE).into_response();
    }
    let path = if path.is_empty() { "index.html" } else { path };
    if let Some(response) = file(path, headers) {
        return response;
    }
    // A name with an ending is a file: the page in its place would only confuse a loader.
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.contains('.') && path != "index.html" {
        return Error::NotFound(Code::NotFound).into_response();
    }
    file("index.html", headers).unwrap_or_else(|| {
        let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
        (StatusCode::NOT_FOUND, plain, HINT).into_response()
    })
}

fn file(path: &str, headers: &HeaderMap) -> Option<Response> {
    let file = Files::get(path)?;
    let tag = format!("\"{}\"", secret::hexadecimal(&file.metadata.sha256_hash()));
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|tags| tags.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|own| own.trim().trim_start_matches("W/") == tag));
    let answer = [
        (header::CONTENT_TYPE, content_type(path).to_owned()),
        (header::CACHE_CONTROL, cache_control(path).to_owned()),
        (header::ETAG, tag),
    ];
    if is_known {
        return Some((StatusCode::NOT_MODIFIED, answer).into_response());
    }
    Some(match file.data {
        Cow::Borrowed(bytes) => (answer, bytes).into_response(),
        Cow::Owned(bytes) => (answer, bytes).into_response(),
    })
}

/// Names in `assets/` hold a hash of the content. All else is asked for again, above all the
/// service worker: an old one that stays would serve an old page for ever.
fn cache_control(path: &str) -> &'static str {
    if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        // Browsers compile while they load only under this very type.
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_taken_back_has_a_worker_that_removes_it() {
        let uri = Uri::from_static("/sw.js");
        let answer = serve(&Method::GET, &uri, &HeaderMap::new(), true);
        assert_eq!(answer.headers()["orderkit-page"], "retired");
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        // A copy of it in a cache would outlive the decision.
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        let usual = serve(&Method::GET, &uri, &HeaderMap::new(), false);
        assert!(!usual.headers().contains_key("orderkit-page"));
    }

    #[test]
    fn types_and_lifetimes_of_files() {
        let rows = [
            ("index.html", "text/html; charset=utf-8", "no-cache"),
            ("sw.js", "text/javascript; charset=utf-8", "no-cache"),
            ("manifest.webmanifest", "application/manifest+json", "no-cache"),
            ("assets/orderkit_bg-a1b2.wasm", "application/wasm", "immutable"),
            ("assets/index-a1b2.css", "text/css; charset=utf-8", "immutable"),
        ];
        for (path, expected, lifetime) in rows {
            assert_eq!(content_type(path), expected);
            assert!(cache_control(path).ends_with(lifetime), "{path}");
        }
    }
}
