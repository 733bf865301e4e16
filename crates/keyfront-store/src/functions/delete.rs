//! Deleting a function with both its stages.

use keyfront_domain::arn::{Arn, FunctionArn, ResourceKind};
use keyfront_domain::function::Stage;

use super::{Refused, hold, matching};
use crate::{Abort, Engine, counts, keyspace, references, transact};

/// Deletes a function whose DEVELOPMENT has the ETag `if_match` and to which nothing refers. Its name is free
/// afterwards.
///
/// # Errors
/// [`Refused::Absent`], [`Refused::Stale`] and [`Refused::InUse`], the first of them in this order.
pub async fn delete(engine: &dyn Engine, arn: &FunctionArn, if_match: &str) -> Result<(), Abort<Refused>> {
    transact(engine, |tx| async move {
        let record = matching(&tx, arn, if_match).await?;
        let resource = Arn::from(arn.clone());
        references::forget(&tx, &resource).await.map_err(|refused| refused.map(Refused::InUse))?;
        hold(&tx, arn, Some(&record), None).await?;
        counts::subtract(&tx, arn.account, ResourceKind::FUNCTION).await?;
        tx.delete(&keyspace::function(arn));
        tx.delete(&keyspace::function_code(arn, Stage::Development));
        tx.delete(&keyspace::function_code(arn, Stage::Live));
        tx.delete(&keyspace::tags(&resource));
        Ok(())
    })
    .await
}
