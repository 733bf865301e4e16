//! ListVpcOrigins: the VPC origins of the account, by id.
//!
//! It is not as the other lists are (captures of AWS of 2026-10 in MiniStack's tests): a page has at most a hundred items
//! and may have none, does not say where it began, and always shows its items.

use keyfront_domain::AccountId;
use keyfront_domain::arn::{Arn, ResourceKind};
use keyfront_error::{Code, ServiceError};
use keyfront_store::{resources, transact};
use serde_json::{Value, json};

use super::description::summary;
use crate::configuration::moment;
use crate::context::{Caller, Context};
use crate::operation::{Members, Operation, WholeAccount, text};

/// Items on a page when the request does not say, and the most on one page.
const MAX_ITEMS: i32 = 100;

const BAD_MAX_ITEMS: ServiceError =
    ServiceError::new(Code::InvalidArgument, "MaxItems must be a non-zero positive integer.");

const BAD_MARKER: ServiceError =
    ServiceError::new(Code::EntityNotFound, "The request contains an invalid marker.");

pub(super) struct ListVpcOrigins;

impl Operation for ListVpcOrigins {
    const NAME: &'static str = "ListVpcOrigins";
    type Subject = WholeAccount;
    type Input = Members;
    type Output = Members;

    fn errors() -> Vec<Code> {
        vec![BAD_MARKER.code()]
    }

    async fn run(
        cx: &Context,
        caller: &Caller,
        _account: WholeAccount,
        input: Members,
    ) -> Result<Members, ServiceError> {
        let max_items = max_items(text(&input, "MaxItems"))?;
        let page = page(cx, caller.account(), text(&input, "Marker"), max_items).await?;
        Ok(Members::from_iter([("VpcOriginList".to_owned(), page)]))
    }
}

/// The page after a marker. An account has few VPC origins, so all of them are read.
async fn page(
    cx: &Context,
    account: AccountId,
    marker: &str,
    max_items: usize,
) -> Result<Value, ServiceError> {
    let kind = ResourceKind::VPC_ORIGIN;
    let mut records = transact(&*cx.engine, |tx| async move {
        Ok::<_, ServiceError>(resources::all(&tx, account, kind).await?)
    })
    .await?;
    if !marker.is_empty() && !records.iter().any(|record| record.id == marker) {
        return Err(BAD_MARKER);
    }
    records.retain(|record| record.id.as_str() > marker);
    records.sort_by(|a, b| a.id.cmp(&b.id));
    let more = records.len() > max_items;
    records.truncate(max_items);
    let next_marker = records.last().filter(|_| more).map(|record| record.id.clone());
    let shown = |record: keyfront_store::records::ResourceRecord| {
        let arn = Arn::new(account, kind, record.id.as_str());
        summary(account, record, moment(cx, &arn))
    };
    let items: Vec<_> = records.into_iter().map(shown).collect();
    let mut page = json!({ "MaxItems": max_items, "Quantity": items.len(), "Items": items });
    if let (Some(marker), Some(page)) = (next_marker, page.as_object_mut()) {
        page.insert("NextMarker".to_owned(), marker.into());
    }
    Ok(page)
}

/// Reads `MaxItems`. Zero is taken, whatever the refusal says.
fn max_items(given: &str) -> Result<usize, ServiceError> {
    let number = if given.is_empty() { Ok(MAX_ITEMS) } else { given.parse::<i32>() };
    let number = number.ok().and_then(|number| usize::try_from(number.min(MAX_ITEMS)).ok());
    number.ok_or(BAD_MAX_ITEMS)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row names its capture of 2026-10 in MiniStack's tests.
    #[test]
    fn max_items_is_a_number_up_to_a_hundred() {
        for (given, expected) in [
            ("", Some(100)),       // R1 V-list/max-items-empty
            ("5", Some(5)),        // V C38
            ("+5", Some(5)),       // R5 V-edge/max-items-plus-5
            ("0", Some(0)),        // R1 V-list/max-items-zero
            ("-0", Some(0)),       // R6 V-edge2/list-max-items-minus-0
            ("101", Some(100)),    // R1 V-list/max-items-101
            ("1000", Some(100)),   // R1 V-list/max-items-one-thousand
            ("abc", None),         // V C40
            ("-1", None),          // V C41
            ("1.5", None),         // R1 V-list/max-items-decimal
            (" 5", None),          // R5 V-edge/max-items-space-5
            ("2147483648", None),  // R6 V-edge2/list-max-items-2147483648
            ("99999999999", None), // R6 V-edge2/list-max-items-huge
        ] {
            assert_eq!(max_items(given).ok(), expected, "{given:?}");
        }
    }
}
