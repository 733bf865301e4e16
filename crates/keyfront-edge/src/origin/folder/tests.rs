//! Tests of folders in the place of buckets.

use std::fs;
use std::path::Path;
use std::time::Duration;

use http_body_util::BodyExt;

use super::*;
use crate::origin::tests::NOW_S;

fn folder() -> tempfile::TempDir {
    let outer = tempfile::tempdir().unwrap();
    let root = outer.path().join("root");
    fs::create_dir_all(root.join("docs/deep")).unwrap();
    for (name, text) in [
        ("index.html", "home"),
        ("hello.txt", "hello world"),
        ("a b.css", "css"),
        ("none.unknown-kind", "?"),
        ("docs/index.html", "docs"),
        ("../secret.txt", "secret"),
    ] {
        fs::write(root.join(name), text).unwrap();
    }
    std::os::unix::fs::symlink("../secret.txt", root.join("out.txt")).unwrap();
    std::os::unix::fs::symlink("..", root.join("up")).unwrap();
    std::os::unix::fs::symlink("hello.txt", root.join("in.txt")).unwrap();
    let modified = SystemTime::UNIX_EPOCH + Duration::from_millis(1_000_500);
    fs::File::options().write(true).open(root.join("hello.txt")).unwrap().set_modified(modified).unwrap();
    outer
}

fn bucket(outer: &Path) -> Folder {
    let bucket = Arc::new(BucketFolder::at(outer.join("root")));
    Folder { bucket, website: false, admitted: true, prefix: String::new() }
}

fn website(outer: &Path) -> Folder {
    Folder { website: true, ..bucket(outer) }
}

async fn answer(folder: &Folder, method: Method, path: &str, headers: &HeaderMap) -> (ResponseHead, String) {
    let asked = Asked { method: &method, path, headers };
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW_S);
    let answer = folder.answer(&"id".into(), asked, &Digests::default(), now).await.unwrap();
    let body = answer.body.collect().await.unwrap().to_bytes();
    (answer.head, String::from_utf8_lossy(&body).into_owned())
}

async fn get(folder: &Folder, path: &str) -> (u16, String) {
    let (head, body) = answer(folder, Method::GET, path, &HeaderMap::new()).await;
    (head.status.as_u16(), body)
}

#[tokio::test]
async fn a_file_is_an_object_with_the_headers_of_one() {
    let outer = folder();
    let (head, body) = answer(&bucket(outer.path()), Method::GET, "/hello.txt", &HeaderMap::new()).await;
    assert_eq!((head.status.as_u16(), body.as_str()), (200, "hello world"));
    for (name, value) in [
        ("content-type", "text/plain"),
        ("content-length", "11"),
        // RFC 1321 digest of "hello world".
        ("etag", "\"5eb63bbbe01eeed093cb22bb8f5acdc3\""),
        ("last-modified", "Thu, 01 Jan 1970 00:16:40 GMT"),
        ("accept-ranges", "bytes"),
        ("server", "AmazonS3"),
        ("date", "Sun, 30 Aug 2015 12:36:00 GMT"),
    ] {
        assert_eq!(head.text(name), Some(value), "{name}");
    }
    let (head, body) = answer(&bucket(outer.path()), Method::HEAD, "/hello.txt", &HeaderMap::new()).await;
    assert_eq!((head.status.as_u16(), head.text("content-length"), body.as_str()), (200, Some("11"), ""));
}

#[tokio::test]
async fn content_types_follow_the_name() {
    let outer = folder();
    for (path, expected) in [
        ("/index.html", "text/html"),
        ("/a%20b.css", "text/css"),
        // AWS: the type of objects that were put without one.
        ("/none.unknown-kind", "binary/octet-stream"),
    ] {
        let (head, _) = answer(&bucket(outer.path()), Method::GET, path, &HeaderMap::new()).await;
        assert_eq!(head.text("content-type"), Some(expected), "{path}");
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_is_an_object() {
    let outer = folder();
    for path in [
        "/none.txt",
        "/",
        "",
        "/docs",
        "/docs/",
        "//hello.txt",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/docs/../hello.txt",
        "/./hello.txt",
        "/out.txt",
        "/up/secret.txt",
        "/hello.txt/",
        "/hello.txt%00",
        "/%FF",
    ] {
        let (status, body) = get(&bucket(outer.path()), path).await;
        assert_eq!(status, 403, "{path}");
        assert!(body.contains("<Code>AccessDenied</Code><Message>Access Denied</Message>"), "{path}: {body}");
    }
    // A link that stays inside is followed.
    assert_eq!(get(&bucket(outer.path()), "/in.txt").await, (200, "hello world".to_owned()));
}

#[tokio::test]
async fn a_bucket_is_private_and_read_only() {
    let outer = folder();
    let private = Folder { admitted: false, ..bucket(outer.path()) };
    let (status, body) = get(&private, "/hello.txt").await;
    assert_eq!(status, 403);
    assert!(body.contains("AccessDenied") && !body.contains("hello"), "{body}");
    for (method, expected) in [
        (Method::PUT, 403),
        (Method::DELETE, 403),
        (Method::OPTIONS, 403),
        (Method::POST, 405),
        (Method::PATCH, 405),
    ] {
        let (head, _) = answer(&bucket(outer.path()), method.clone(), "/hello.txt", &HeaderMap::new()).await;
        assert_eq!(head.status.as_u16(), expected, "{method}");
    }
    assert_eq!(fs::read_to_string(outer.path().join("root/hello.txt")).unwrap(), "hello world");
}

#[tokio::test]
async fn a_bucket_that_may_be_listed_tells_what_is_missing() {
    let outer = folder();
    let mut listed = BucketFolder::at(outer.path().join("root"));
    listed.list = true;
    let listed = Folder { bucket: Arc::new(listed), ..bucket(outer.path()) };
    let (status, body) = get(&listed, "/a%3Cb.txt").await;
    assert_eq!(status, 404);
    assert!(body.contains("<Code>NoSuchKey</Code>") && body.contains("<Key>a&lt;b.txt</Key>"), "{body}");
}

#[tokio::test]
async fn conditions_and_ranges_are_answered() {
    let outer = folder();
    let etag = "\"5eb63bbbe01eeed093cb22bb8f5acdc3\"";
    for (name, value, status, body, range) in [
        ("if-none-match", etag, 304, "", None),
        ("if-match", "\"other\"", 412, "PreconditionFailed", None),
        ("range", "bytes=6-", 206, "world", Some("bytes 6-10/11")),
        ("range", "bytes=0-4", 206, "hello", Some("bytes 0-4/11")),
        ("range", "bytes=11-", 416, "InvalidRange", Some("bytes */11")),
        ("range", "bytes=0-0,2-2", 200, "hello world", None),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        let (head, text) = answer(&bucket(outer.path()), Method::GET, "/hello.txt", &headers).await;
        assert_eq!(head.status.as_u16(), status, "{name}: {value}");
        assert!(if status >= 400 { text.contains(body) } else { text == body }, "{name}: {value}: {text}");
        assert_eq!(head.text("content-range"), range, "{name}: {value}");
        if status == 304 {
            assert_eq!(head.text("etag"), Some(etag));
            assert_eq!(head.text("content-length"), None);
        } else {
            assert_eq!(head.text("content-length"), Some(text.len().to_string().as_str()), "{name}: {value}");
        }
    }
}

#[tokio::test]
async fn a_large_file_is_read_in_pieces() {
    let outer = folder();
    let bytes: Vec<u8> = (0..=255).cycle().take(700_000).collect();
    fs::write(outer.path().join("root/large.bin"), &bytes).unwrap();
    let folder = bucket(outer.path());
    let mut headers = HeaderMap::new();
    let now = SystemTime::UNIX_EPOCH;
    let digests = Digests::default();
    for (range, expected) in [(None, bytes.get(..)), (Some("bytes=1000-599999"), bytes.get(1000..600_000))] {
        if let Some(range) = range {
            headers.insert(header::RANGE, HeaderValue::from_static(range));
        }
        let asked = Asked { method: &Method::GET, path: "/large.bin", headers: &headers };
        let answer = folder.answer(&"id".into(), asked, &digests, now).await.unwrap();
        assert_eq!(answer.head.text("etag"), Some(format!("\"{}\"", hex_md5(&bytes)).as_str()));
        let body = answer.body.collect().await.unwrap().to_bytes();
        assert!(Some(&body[..]) == expected, "{range:?}: {}", body.len());
    }
}

fn hex_md5(bytes: &[u8]) -> String {
    use md5::{Digest, Md5};
    hex::encode(Md5::digest(bytes))
}

#[tokio::test]
async fn a_file_that_becomes_shorter_breaks_the_answer() {
    let outer = folder();
    let path = outer.path().join("root/large.bin");
    fs::write(&path, vec![0; 700_000]).unwrap();
    let asked = Asked { method: &Method::GET, path: "/large.bin", headers: &HeaderMap::new() };
    let folder = bucket(outer.path());
    let answer =
        folder.answer(&"id".into(), asked, &Digests::default(), SystemTime::UNIX_EPOCH).await.unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_len(10).unwrap();
    let failure = answer.body.collect().await.unwrap_err();
    assert!(matches!(failure, OriginFailure::Broken(..)), "{failure:?}");
}

#[tokio::test]
async fn a_website_has_index_and_error_documents() {
    // AWS: "Hosting a static website using Amazon S3".
    let outer = folder();
    let site = website(outer.path());
    for (path, expected) in [
        ("/", (200, "home")),
        ("", (200, "home")),
        ("/docs/", (200, "docs")),
        ("/hello.txt", (200, "hello world")),
    ] {
        assert_eq!(get(&site, path).await, (expected.0, expected.1.to_owned()), "{path}");
    }
    let (head, _) = answer(&site, Method::GET, "/docs", &HeaderMap::new()).await;
    assert_eq!((head.status.as_u16(), head.text("location")), (302, Some("/docs/")));
    for path in ["/none", "/docs/deep", "/docs/deep/", "/out.txt", "/../secret.txt", "//docs"] {
        let (status, body) = get(&site, path).await;
        assert_eq!(status, 404, "{path}");
        assert!(body.contains("<li>Code: NoSuchKey</li>"), "{path}: {body}");
    }
    fs::write(outer.path().join("root/error.html"), "sorry").unwrap();
    let (head, body) = answer(&site, Method::GET, "/none", &HeaderMap::new()).await;
    assert_eq!((head.status.as_u16(), body.as_str()), (404, "sorry"));
    assert_eq!(head.text("content-type"), Some("text/html"));
    let (head, _) = answer(&site, Method::POST, "/", &HeaderMap::new()).await;
    assert_eq!(head.status.as_u16(), 405);
}

#[tokio::test]
async fn the_path_of_the_origin_is_part_of_the_key() {
    let outer = folder();
    let inner = Folder { prefix: "/docs".to_owned(), ..bucket(outer.path()) };
    assert_eq!(get(&inner, "/index.html").await, (200, "docs".to_owned()));
    assert_eq!(get(&inner, "/../hello.txt").await.0, 403);
}
