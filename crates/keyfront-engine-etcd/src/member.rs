//! One member of etcd: the connection to it, and the token that it gave.
//!
//! Where etcd asks for a user, a token is taken before the first call. Tokens end after some minutes without use, when
//! the member starts again, and when a user or a role is changed; a call that is refused for that had no effect, so that
//! it is made once more with a fresh one.

use std::future::Future;

use tokio::sync::Mutex;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};

use crate::client::Client;
use crate::settings::User;

pub(crate) struct Member {
    pub(crate) url: String,
    channel: Channel,
    user: Option<User>,
    /// With the token that is valid as far as is known.
    client: Mutex<Option<Client>>,
}

impl Member {
    /// A member that is connected to when it is first asked.
    pub(crate) fn new(url: String, endpoint: &Endpoint, user: Option<User>) -> Member {
        Member { url, channel: endpoint.connect_lazy(), user, client: Mutex::default() }
    }

    /// Makes a call.
    pub(crate) async fn ask<T, F>(&self, call: impl Fn(Client) -> F) -> Result<T, Status>
    where
        F: Future<Output = Result<T, Status>>,
    {
        let Some(user) = &self.user else {
            return call(Client::new(self.channel.clone(), None)).await;
        };
        let client = self.client(user, None).await?;
        match call(client.clone()).await {
            Err(status) if is_about_the_token(&status) => call(self.client(user, Some(&client)).await?).await,
            outcome => outcome,
        }
    }

    /// The client of this user, with another token than that of the one that was refused.
    async fn client(&self, user: &User, refused: Option<&Client>) -> Result<Client, Status> {
        // Held during the call, so that one token is taken for all who wait.
        let mut known = self.client.lock().await;
        if let Some(client) = known.as_ref()
            && refused.is_none_or(|refused| refused.token() != client.token())
        {
            return Ok(client.clone());
        }
        let nameless = Client::new(self.channel.clone(), None);
        let token = match nameless.authenticate(user.name.clone(), user.password.clone()).await {
            Ok(token) => Some(token),
            // As etcd's own client does.
            Err(status) if status.message().contains("authentication is not enabled") => None,
            Err(status) => return Err(status),
        };
        Ok(known.insert(Client::new(self.channel.clone(), token)).clone())
    }
}

/// The texts are those of `api/v3rpc/rpctypes/error.go` in etcd, and the last one what 3.4 says in the place of the
/// one before. Each refuses the call before it has an effect.
fn is_about_the_token(status: &Status) -> bool {
    let stale = ["user name is empty", "revision of auth store is old", "revision in header is old"];
    status.code() == Code::Unauthenticated || stale.iter().any(|text| status.message().contains(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_made_again_only_when_the_token_was_refused() {
        let cases = [
            (Status::unauthenticated("etcdserver: invalid auth token"), true),
            (Status::invalid_argument("etcdserver: user name is empty"), true),
            (Status::invalid_argument("etcdserver: revision of auth store is old"), true),
            (Status::unknown("auth: revision in header is old"), true),
            (Status::permission_denied("etcdserver: permission denied"), false),
            (Status::unavailable("etcdserver: request timed out"), false),
            (Status::unknown("transport error"), false),
            (
                Status::invalid_argument("etcdserver: authentication failed, invalid user ID or password"),
                false,
            ),
        ];
        for (status, expected) in cases {
            assert_eq!(is_about_the_token(&status), expected, "{status}");
        }
    }
}
