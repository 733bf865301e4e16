//! What a verb did or refused, for comparing; storage does not fail in these tests.

use keyfront_store::Abort;

pub(crate) fn outcome<T, R>(result: Result<T, Abort<R>>) -> Result<T, R> {
    result.map_err(|abort| match abort {
        Abort::Refused(refused) => refused,
        Abort::Storage(error) => panic!("{error}"),
    })
}
