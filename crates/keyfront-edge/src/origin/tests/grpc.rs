//! Calls of gRPC.

use std::convert::Infallible;
use std::sync::Mutex;

use http_body::Frame;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;

use super::*;

/// A server of HTTP/2 that sends the body back and then trailers; what it was asked, and on how many connections.
async fn echo() -> (String, Arc<Mutex<Vec<String>>>, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (asked, connections) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<Mutex<usize>>::default());
    let (seen, counted) = (Arc::clone(&asked), Arc::clone(&connections));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            *counted.lock().unwrap() += 1;
            let seen = Arc::clone(&seen);
            let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
                let te = request.headers().get("te").map(|te| te.to_str().unwrap().to_owned());
                let connection = request.headers().contains_key("connection");
                let text = format!("{} {} {te:?} {connection}", request.method(), request.uri());
                seen.lock().unwrap().push(text);
                async {
                    let status =
                        HeaderMap::from_iter([("grpc-status".parse().unwrap(), "0".parse().unwrap())]);
                    let body = request.into_body().with_trailers(async { Some(Ok(status)) });
                    Ok::<_, Infallible>(http::Response::new(body))
                }
            });
            let serving = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            tokio::spawn(serving.serve_connection(TokioIo::new(stream), service));
        }
    });
    (url, asked, connections)
}

fn mapped_to(url: &str) -> Origins {
    let mappings = BTreeMap::from([(NAME.to_owned(), url.parse().unwrap())]);
    origins(OriginSettings { mappings, ..OriginSettings::default() })
}

#[tokio::test]
async fn a_call_has_its_trailers_and_shares_a_connection() {
    let (url, asked, connections) = echo().await;
    let origins = mapped_to(&url);
    for _ in 0..2 {
        let mut request = post("message");
        request.path = "/pkg.Service/Method".to_owned();
        request.headers.insert("content-type", "application/grpc".parse().unwrap());
        let answer = origins.send_grpc(&plan(description(NAME)), request).await.unwrap();
        let body = answer.body.collect().await.unwrap();
        assert_eq!(body.trailers().unwrap().get("grpc-status").unwrap(), "0");
        assert_eq!(body.to_bytes(), "message");
    }
    let expected = "POST http://api.example.com/pkg.Service/Method Some(\"trailers\") false";
    assert_eq!(*asked.lock().unwrap(), [expected; 2]);
    assert_eq!(*connections.lock().unwrap(), 1);
}

#[tokio::test]
async fn bodies_go_both_ways_at_the_same_time() {
    let (url, _, _) = echo().await;
    let (sender, request) = super::bodies::pieces();
    let origins = mapped_to(&url);
    let mut answer = origins.send_grpc(&plan(description(NAME)), request).await.unwrap();
    for piece in ["a", "b"] {
        sender.send(piece).await.unwrap();
        let frame: Frame<Bytes> = answer.body.frame().await.unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), piece);
    }
    assert_eq!(origins.figures().peers[0].under_way, 1);
    drop(sender);
    let last = answer.body.frame().await.unwrap().unwrap();
    assert!(last.is_trailers());
    assert_eq!(origins.figures().peers[0].under_way, 0);
}

#[tokio::test]
async fn a_server_of_http_1_is_no_origin_for_calls() {
    let server = server::Server::answering(OK).await;
    let failure = mapped(&server).send_grpc(&plan(description(NAME)), post("message")).await.map(drop);
    assert!(matches!(failure, Err(OriginFailure::Broken(..))), "{failure:?}");
}
