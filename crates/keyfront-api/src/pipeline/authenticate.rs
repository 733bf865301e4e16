//! Authenticates a request: reads its claim, looks the credential up, reads the body, verifies the signature.

use bytes::Bytes;
use http::request::Parts;
use http_body::Body;
use keyfront_error::ServiceError;
use keyfront_wire::signature::{Algorithms, Claim, Expectation};

use super::body::{self, Held};
use super::body_budget::{Sender, Size};
use super::plane::Plane;
use super::{Api, Trace, refusals, regions};
use crate::context::Caller;

impl Api {
    /// The caller, whose signature was verified, and the body that it covers. An unknown signer is refused before
    /// the body is read.
    pub(super) async fn authenticate<B>(
        &self,
        parts: &Parts,
        body: B,
        size: Size,
        trace: &mut Trace,
    ) -> Result<(Caller, Held), ServiceError>
    where
        B: Body<Data = Bytes> + Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let plane = trace.plane;
        let claim = Claim::parse(parts).map_err(|error| refusals::signature(&error))?;
        trace.access_key_id = Some(claim.access_key_id().to_owned());
        let (now, expected) = (self.context.clock.now(), self.expectation(plane));
        let checked = claim.check(now, &expected).map_err(|error| refusals::signature(&error))?;
        regions::check(&claim, plane).map_err(|error| refusals::signature(&error))?;
        let credential = self.credentials.find(claim.access_key_id()).await?;
        let credential = credential.ok_or_else(refusals::unknown_key)?;
        let access_key_id = claim.access_key_id().to_owned();
        let sender = Sender { address: trace.peer.counted_as, access_key_id };
        let body = body::read(body, size, &self.settings, &self.body_budget, sender).await?;
        let verified = self.verifier.prove(&checked, &body.bytes, &credential.secret);
        verified.map_err(|error| refusals::signature(&error))?;
        Ok((Caller { credential }, body))
    }

    fn expectation(&self, plane: Plane) -> Expectation<'static> {
        let algorithms = match plane {
            Plane::Data | Plane::Extensions => Algorithms::Both,
            Plane::Control | Plane::Query(_) => Algorithms::V4,
        };
        Expectation { algorithms, ..Expectation::new(self.signing_name(plane)) }
    }
}
