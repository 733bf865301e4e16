//! The calls of etcd over the connection to one member.

use std::time::Duration;

use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;
use tonic::{Request, Status, Streaming};

use crate::proto::etcdserverpb as rpc;
use rpc::auth_client::AuthClient;
use rpc::kv_client::KvClient;
use rpc::lease_client::LeaseClient;
use rpc::maintenance_client::MaintenanceClient;
use rpc::watch_client::WatchClient;
use rpc::watch_request::RequestUnion;

/// The largest answer that is taken. Reads ask for pages far below it.
const LARGEST_ANSWER: usize = 1 << 30;

/// What a member gives for a name and a password.
pub(crate) type Token = MetadataValue<Ascii>;

/// One connection, and who asks over it. Copies share the connection.
#[derive(Clone)]
pub(crate) struct Client {
    channel: Channel,
    /// `None` where etcd does not ask who it is.
    token: Option<Token>,
}

impl Client {
    pub(crate) fn new(channel: Channel, token: Option<Token>) -> Client {
        Client { channel, token }
    }

    pub(crate) fn token(&self) -> Option<&Token> {
        self.token.as_ref()
    }

    pub(crate) async fn range(self, range: rpc::RangeRequest) -> Result<rpc::RangeResponse, Status> {
        Ok(self.keys().range(self.asking(range)).await?.into_inner())
    }

    pub(crate) async fn put(self, put: rpc::PutRequest) -> Result<rpc::PutResponse, Status> {
        Ok(self.keys().put(self.asking(put)).await?.into_inner())
    }

    pub(crate) async fn transact(self, txn: rpc::TxnRequest) -> Result<rpc::TxnResponse, Status> {
        Ok(self.keys().txn(self.asking(txn)).await?.into_inner())
    }

    pub(crate) async fn watch(
        self,
        watch: rpc::WatchCreateRequest,
    ) -> Result<Streaming<rpc::WatchResponse>, Status> {
        let request = rpc::WatchRequest { request_union: Some(RequestUnion::CreateRequest(watch)) };
        // The watch ends when its requests do.
        let requests = tokio_stream::StreamExt::chain(tokio_stream::once(request), tokio_stream::pending());
        // What was committed is delivered whole, whatever its size.
        let mut client = WatchClient::new(self.channel.clone()).max_decoding_message_size(usize::MAX);
        Ok(client.watch(self.asking(requests)).await?.into_inner())
    }

    /// Takes a lease that ends after so long, in whole seconds, unless it is kept. Etcd may make it longer.
    pub(crate) async fn grant(self, time: Duration) -> Result<i64, Status> {
        let ttl = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        let request = rpc::LeaseGrantRequest { ttl, id: 0 };
        Ok(self.leases().lease_grant(self.asking(request)).await?.into_inner().id)
    }

    /// Keeps a lease for its whole time from now on.
    pub(crate) async fn keep(self, lease: i64) -> Result<(), Status> {
        let request = tokio_stream::once(rpc::LeaseKeepAliveRequest { id: lease });
        let mut answers = self.leases().lease_keep_alive(self.asking(request)).await?.into_inner();
        match answers.message().await? {
            Some(kept) if kept.ttl > 0 => Ok(()),
            // In this call, etcd says so without a status.
            Some(_ended) => Err(Status::not_found("etcdserver: requested lease not found")),
            None => Err(Status::unavailable("the member ended the call that keeps a lease")),
        }
    }

    pub(crate) async fn revoke(self, lease: i64) -> Result<(), Status> {
        self.leases().lease_revoke(self.asking(rpc::LeaseRevokeRequest { id: lease })).await?;
        Ok(())
    }

    pub(crate) async fn status(self) -> Result<rpc::StatusResponse, Status> {
        let mut client = MaintenanceClient::new(self.channel.clone());
        Ok(client.status(self.asking(rpc::StatusRequest {})).await?.into_inner())
    }

    /// The token for a name and a password.
    pub(crate) async fn authenticate(self, name: String, password: String) -> Result<Token, Status> {
        let mut client = AuthClient::new(self.channel.clone());
        let answer = client.authenticate(self.asking(rpc::AuthenticateRequest { name, password })).await?;
        let token = answer.into_inner().token.parse();
        token.map_err(|_invalid| Status::internal("the member gave a token that is no text"))
    }

    fn keys(&self) -> KvClient<Channel> {
        KvClient::new(self.channel.clone()).max_decoding_message_size(LARGEST_ANSWER)
    }

    fn leases(&self) -> LeaseClient<Channel> {
        LeaseClient::new(self.channel.clone())
    }

    /// With what etcd reads beside a message: the names are those of `rpctypes/metadatafields.go` and `md.go`.
    fn asking<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        // A member that knows no leader says so at once, and ends watches.
        request.metadata_mut().insert("hasleader", MetadataValue::from_static("true"));
        if let Some(token) = &self.token {
            request.metadata_mut().insert("token", token.clone());
        }
        request
    }
}
