//! An edge on a free port with documents in a memory engine, origins that answer by a closure, and a viewer.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, FunctionArn, ResourceKind};
use keyfront_edge::origin::{OriginSettings, Origins, PrivateOrigins};
use keyfront_edge::record::Recorder;
use keyfront_edge::settings::ViewerSettings;
use keyfront_edge::{CacheSettings, Clock, Edge, EdgeParts};
use keyfront_engine::{Batch, Engine, MemoryEngine};
use keyfront_functions::{PoolSettings, ThreadPool};
use keyfront_http::{CancellationToken, Limits, Listener};
use keyfront_store::{functions, invalidations, resources};
use keyfront_view::{Settings, View};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

const ACCOUNT: AccountId = AccountId::DEVELOPMENT;

/// The first byte of what the engine keeps of a record.
const RECORD_VERSION: u8 = 1;

/// The host of the distribution that most tests have.
pub(crate) const HOST: &str = "d1.cloudfront.net";

/// An edge and what it serves.
pub(crate) struct Site {
    engine: Arc<dyn Engine>,
    view: View,
    edge: Edge,
    address: SocketAddr,
    clock: Arc<TestClock>,
    stop: CancellationToken,
}

/// A clock that a test sets.
pub(crate) struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// What a viewer got.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Status, result and body: what most tests compare.
    pub(crate) fn short(&self) -> (u16, &str, &str) {
        let result = self.header("x-cache").split(' ').next().unwrap();
        (self.status.as_u16(), result, self.text())
    }
}

impl Site {
    /// An edge that serves nothing yet. `origins` are the addresses of origins by name.
    pub(crate) async fn new(origins: &[(&str, SocketAddr)]) -> Site {
        let engine: Arc<dyn Engine> = Arc::new(MemoryEngine::new());
        let view = View::follow(&engine, &Settings::default());
        let clock = Arc::new(TestClock(AtomicI64::new(1_700_000_000_000)));
        let mappings = origins
            .iter()
            .map(|(name, address)| ((*name).to_owned(), format!("http://{address}").parse().unwrap()));
        let settings = OriginSettings {
            mappings: mappings.collect(),
            private_origins: PrivateOrigins::All,
            reach_unmapped: false,
            ..OriginSettings::default()
        };
        let now = Arc::clone(&clock);
        let system_time = move || std::time::UNIX_EPOCH + Duration::from_millis(now.now_ms());
        let edge = Edge::new(EdgeParts {
            view: view.clone(),
            invoker: Arc::new(ThreadPool::new(&PoolSettings::default())),
            origins: Origins::new(settings, Arc::new(system_time)).unwrap(),
            cache: CacheSettings::development(),
            disk: None,
            viewers: ViewerSettings::new("DE", [], []).unwrap(),
            location: "FRA60-P1".to_owned(),
            ports: BTreeMap::new(),
            secure_port: Some(4743),
            development: true,
            recorder: Recorder::new(None).0,
            clock: Arc::<TestClock>::clone(&clock),
        })
        .unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = Listener::bind(address, None, limits()).await.unwrap();
        let (address, stop) = (listener.address(), CancellationToken::new());
        tokio::spawn(listener.serve(edge.clone(), stop.clone()));
        Site { engine, view, edge, address, clock, stop }
    }

    /// An edge with one distribution, whose one origin is `origin`.
    pub(crate) async fn with(origin: &Origin, change: impl FnOnce(&mut Value)) -> Site {
        let site = Site::new(&[("origin.example.com", origin.address)]).await;
        let mut config = distribution();
        change(&mut config);
        site.put_distribution("E1", HOST, &config).await;
        site
    }

    /// Puts a distribution and waits until it is served.
    pub(crate) async fn put_distribution(&self, id: &str, domain_name: &str, config: &Value) {
        let shown = json!({ "DomainName": domain_name });
        self.put(ResourceKind::DISTRIBUTION, id, config, &shown).await;
    }

    /// Puts a document.
    pub(crate) async fn put(&self, kind: ResourceKind, id: &str, config: &Value, shown: &Value) {
        let key = resources::entries::key(&Arn::new(ACCOUNT, kind, id));
        let record = json!({
            "id": id, "config": config, "shown": shown, "created_ms": 1, "modified_ms": 2, "version": 1,
        });
        self.commit(Batch::default().put(key, stored(&record))).await;
    }

    /// Puts a function and publishes it.
    pub(crate) async fn put_function(&self, name: &str, code: &str) -> String {
        let arn = FunctionArn { account: ACCOUNT, name: name.to_owned() };
        let [record, development, live] = functions::entries::ranges(&arn);
        let config = json!({ "Comment": "", "Runtime": "cloudfront-js-2.0" });
        let stage = json!({ "config": config, "created_ms": 1, "modified_ms": 2, "version": 1 });
        let value = json!({ "name": name, "development": stage, "live": stage });
        let code: Bytes = [&[RECORD_VERSION], code.as_bytes()].concat().into();
        let batch = Batch::default().put(development.start, code.clone()).put(live.start, code);
        self.commit(batch.put(record.start, stored(&value))).await;
        format!("arn:aws:cloudfront::{ACCOUNT}:function/{name}")
    }

    /// Invalidates paths and waits until the view shows it.
    pub(crate) async fn invalidate(&self, id: &str, paths: &[&str]) {
        let range = invalidations::entries::all();
        let owner = Arn::new(ACCOUNT, ResourceKind::DISTRIBUTION, "E1");
        let owner = format!("{ACCOUNT}{owner}\0{id}");
        let key = [&range.start[..], owner.as_bytes()];
        let record = json!({
            "id": id, "caller_reference": id, "paths": paths, "created_ms": 1, "state": { "name": "Completed" },
        });
        self.commit(Batch::default().put(key.concat(), stored(&record))).await;
    }

    async fn commit(&self, batch: Batch) {
        self.engine.commit(batch).await.unwrap();
        let version = self.engine.stats().version;
        self.view.documents.load().await.unwrap();
        self.view.documents.reached(version).await;
        self.edge.reached(version).await;
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, HOST, path, &[], "").await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, HOST, path, headers, "").await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        host: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake::<_, Full<Bytes>>(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let mut request = Request::builder().method(method).uri(path).header("Host", host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::copy_from_slice(body.as_bytes()))).unwrap();
        let (head, body) = sender.send_request(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: head.status, headers: head.headers, body }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn stored(value: &Value) -> Bytes {
    [&[RECORD_VERSION], value.to_string().as_bytes()].concat().into()
}

fn limits() -> Limits {
    Limits {
        max_connections: 100,
        max_connections_per_address: 100,
        max_streams_per_connection: 10,
        max_header_bytes: 128 * 1024,
        max_headers: Limits::headers_of(32 * 1024),
        header_timeout: Duration::from_secs(30),
        idle_timeout: Duration::from_mins(2),
        read_timeout: Duration::from_secs(25),
        write_timeout: Duration::from_secs(40),
        tunnel_idle_timeout: Duration::from_mins(10),
        shutdown_timeout: Duration::from_secs(50),
    }
}

/// A distribution with the managed policy `CachingOptimized` and one origin over HTTP.
pub(crate) fn distribution() -> Value {
    json!({
        "CallerReference": "r",
        "Comment": "",
        "Enabled": true,
        "Origins": { "Quantity": 1, "Items": [origin("o1", "origin.example.com")] },
        "DefaultCacheBehavior": {
            "TargetOriginId": "o1",
            "ViewerProtocolPolicy": "allow-all",
            "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
            "Compress": false,
        },
    })
}

/// A custom origin.
pub(crate) fn origin(id: &str, domain_name: &str) -> Value {
    json!({
        "Id": id,
        "DomainName": domain_name,
        "OriginPath": "",
        "ConnectionAttempts": 1,
        "ConnectionTimeout": 2,
        "CustomOriginConfig": {
            "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only",
            "OriginSslProtocols": { "Quantity": 1, "Items": ["TLSv1.2"] },
            "OriginReadTimeout": 30, "OriginKeepaliveTimeout": 5,
        },
    })
}

/// What an origin was asked: method, path with query, headers, body.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// An origin that answers by a closure and remembers what it was asked.
pub(crate) struct Origin {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Origin {
    pub(crate) async fn start(
        answer: impl Fn(&Asked) -> Response<Full<Bytes>> + Send + Sync + 'static,
    ) -> Origin {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, asked) = (socket.local_addr().unwrap(), Arc::<Mutex<Vec<Asked>>>::default());
        let (answer, noted) = (Arc::new(answer), Arc::clone(&asked));
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = socket.accept().await else { return };
                let (answer, noted) = (Arc::clone(&answer), Arc::clone(&noted));
                let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                    let (answer, noted) = (Arc::clone(&answer), Arc::clone(&noted));
                    async move {
                        let (head, body) = request.into_parts();
                        let asked = Asked {
                            method: head.method.to_string(),
                            target: head.uri.to_string(),
                            headers: head.headers,
                            body: body.collect().await?.to_bytes(),
                        };
                        noted.lock().unwrap().push(asked.clone());
                        Ok::<_, hyper::Error>(answer(&asked))
                    }
                });
                let builder =
                    hyper_util::server::conn::auto::Builder::new(hyper_util::rt::TokioExecutor::new());
                tokio::spawn(
                    async move { builder.serve_connection(TokioIo::new(stream), service).await.ok() },
                );
            }
        });
        Origin { address, asked }
    }

    /// Everything that it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

/// A response with headers.
pub(crate) fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(Full::new(Bytes::copy_from_slice(body.as_bytes()))).unwrap()
}
