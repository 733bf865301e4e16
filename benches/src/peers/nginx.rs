//! What nginx does beside the edge: it sends a file, keeps what an origin answers, asks the origin each time, runs a function
//! of njs. The same program is the origin.

use std::net::SocketAddr;
use std::path::Path;

use super::fixture::{PAIRS, key};

/// Where it does which: the folder of files, objects of the origin that it keeps, one that it asks for each time, and a
/// function.
pub(super) const FILES: &str = "/files/";
pub(super) const KEPT: &str = "/kept/";
pub(super) const PASSED: &str = "/passed/object.bin";
pub(super) const ANSWERED: &str = "/answered/";
/// A large file.
pub(super) const LARGE: &str = "/large.bin";

/// Processes that serve, as many as Keyfront has threads on a machine of two processors.
const WORKERS: usize = 2;

/// The origin, which has the object under every path.
pub(super) fn origin(port: &str) -> String {
    let locations = "location / { try_files $uri /object.bin; }";
    configuration(port, "", "", locations)
}

/// The server beside the edge, with njs where its module is there.
pub(super) fn beside(port: &str, origin: Option<SocketAddr>, njs: Option<&Path>) -> String {
    let mut locations = String::new();
    let mut blocks = String::new();
    if let Some(origin) = origin {
        blocks.push_str(&format!(
            "upstream origin {{ server {origin}; keepalive 128; keepalive_requests 100000000; }}\n\
             proxy_cache_path cache keys_zone=kept:16m max_size=1g; proxy_http_version 1.1; proxy_set_header Connection '';\n"
        ));
        locations.push_str(&format!(
            "location {KEPT} {{ proxy_cache kept; proxy_cache_valid 200 1h; proxy_pass http://origin/; }}\n\
             location {PASSED} {{ proxy_pass http://origin; }}\n"
        ));
    }
    let mut modules = String::new();
    if let Some(module) = njs {
        modules = format!("load_module {};\n", module.display());
        blocks.push_str("js_path .; js_import site from site.js;\n");
        locations.push_str(&format!("location {ANSWERED} {{ js_content site.answer; }}\n"));
    }
    configuration(port, &modules, &blocks, &locations)
}

/// What the function of njs reads is in its code: a store is nothing that this version has.
pub(super) fn njs() -> String {
    let pairs = (0..PAIRS).map(|number| format!("'{}': '{}',", key(number), "v".repeat(100)));
    let pairs = pairs.collect::<String>();
    format!(
        "const pairs = {{{pairs}}};\n\
         async function answer(request) {{\n\
             const to = pairs['some/key-321'];\n\
             request.headersOut['x-to'] = to;\n\
             request.return(200, to);\n\
         }}\n\
         export default {{ answer }};\n"
    )
}

/// No log, as at Keyfront's edge by default.
fn configuration(port: &str, modules: &str, blocks: &str, locations: &str) -> String {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path temp-{kind};"))
        .concat();
    format!(
        "{modules}daemon off; worker_processes {WORKERS}; pid nginx.pid; user root; error_log stderr crit;\n\
         events {{ worker_connections 4096; }}\n\
         http {{ access_log off; keepalive_requests 100000000; sendfile on; tcp_nopush on; {temporary}\n\
         {blocks}open_file_cache max=2000; server {{ listen 127.0.0.1:{port} reuseport; root site;\n{locations}}} }}\n"
    )
}
