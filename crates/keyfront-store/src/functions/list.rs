//! Listing an account's functions in the order of their names.

use keyfront_domain::AccountId;
use keyfront_domain::arn::FunctionArn;

use crate::list::{self, Index, Page, PageRequest};
use crate::records::FunctionRecord;
use crate::{Engine, StoreError, keyspace};

/// Lists functions, after a name that need not be one of them. The records themselves are in the order of the
/// list.
pub async fn list(
    engine: &dyn Engine,
    account: AccountId,
    request: PageRequest<'_, FunctionRecord>,
) -> Result<Page<FunctionRecord>, StoreError> {
    let mut range = keyspace::functions(account).range();
    if let Some(name) = request.after {
        let place = keyspace::function(&FunctionArn { account, name: name.to_owned() });
        range = range.after(&place.bytes());
    }
    let record = |place: &bytes::Bytes| keyspace::function_of(place).map(|arn| keyspace::function(&arn));
    list::page(engine, Index { range, record: &record }, request).await
}
