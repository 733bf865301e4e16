//! Keyfront's extensions (`docs/extensions.md`): ReadPairs reads a whole store, WritePairs writes any number of pairs
//! in one step.
//!
//! They have the shapes of `ListKeys` and `UpdateKeys`, so those calls are sent to another path.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_cloudfrontkeyvaluestore::config::http::HttpRequest;
use aws_sdk_cloudfrontkeyvaluestore::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_cloudfrontkeyvaluestore::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cloudfrontkeyvaluestore::error::BoxError;

use super::request::{delete_list, put_list};
use super::types::{StoredPairs, Written};
use crate::attempts::AttemptCounter;
use crate::client::Client;
use crate::error::{ClientError, ErrorKind};
use crate::pairs::Pairs;

impl Client {
    pub(crate) async fn read_pairs(&self, arn: &str) -> Result<StoredPairs, ClientError> {
        let etag = ETagCapture::default();
        let call = self.data.list_keys().kvs_arn(arn).customize();
        let call = call.map_request(to_extension).interceptor(etag.clone());
        let page = call.send().await.map_err(|error| self.failed("ReadPairs", &error))?;
        let mut pairs = Pairs::default();
        for item in page.items.unwrap_or_default() {
            pairs.insert(item.key, item.value);
        }
        let Some(etag) = etag.take() else {
            return Err(ClientError::new(ErrorKind::UnknownOperation, "ReadPairs: the answer has no ETag"));
        };
        Ok(StoredPairs { etag, pairs })
    }

    pub(crate) async fn write_pairs(
        &self,
        arn: &str,
        etag: &str,
        puts: &[(&str, &str)],
        deletes: &[&str],
    ) -> Result<Written, ClientError> {
        let call = self.data.update_keys().kvs_arn(arn).if_match(etag);
        let call = call.set_puts(put_list(puts)?).set_deletes(delete_list(deletes)?);
        let attempts = AttemptCounter::default();
        let call = call.customize().map_request(to_extension).interceptor(attempts.clone());
        let answer = call.send().await.map_err(|error| attempts.mark(self.failed("WritePairs", &error)))?;
        Ok(Written::new(answer.e_tag(), answer.item_count(), answer.total_size_in_bytes()))
    }
}

/// From `/key-value-stores/ARN/keys` to `/keyfront/key-value-stores/ARN/pairs`, before the request is signed.
fn to_extension(mut request: HttpRequest) -> Result<HttpRequest, ClientError> {
    let own = request.uri().split_once("/key-value-stores/").and_then(|(before, after)| {
        let arn = after.split_once('/')?.0;
        Some(format!("{before}/keyfront/key-value-stores/{arn}/pairs"))
    });
    // The service's own operation would answer with a part of the pairs.
    let wrong = || ClientError::new(ErrorKind::Refused, format!("a request went to {}", request.uri()));
    let own = own.ok_or_else(wrong)?;
    request.set_uri(own).map_err(|error| ClientError::new(ErrorKind::Refused, error.to_string()))?;
    Ok(request)
}

/// The ETag header of the last answer, for a shape that has no place for it.
#[derive(Clone, Debug, Default)]
struct ETagCapture(Arc<Mutex<Option<String>>>);

impl ETagCapture {
    fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Intercept for ETagCapture {
    fn name(&self) -> &'static str {
        "ETagCapture"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let etag = context.response().headers().get("etag").map(str::to_owned);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = etag;
        Ok(())
    }
}
