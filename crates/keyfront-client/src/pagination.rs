//! Reads lists that the service answers page by page.

use std::future::Future;

use crate::error::ClientError;

/// One page of a list.
pub(crate) struct Page<T> {
    /// Its items.
    pub(crate) items: Vec<T>,
    /// The marker or token of the next page. The service leaves it out on the last page, or sends an empty one.
    pub(crate) next: Option<String>,
}

/// Passes every page of a list to `receive`. `fetch` gets the marker or token of a page; the first has none.
pub(crate) async fn for_each_page<T, F>(
    mut fetch: impl FnMut(Option<String>) -> F,
    mut receive: impl FnMut(Vec<T>),
) -> Result<(), ClientError>
where
    F: Future<Output = Result<Page<T>, ClientError>>,
{
    let mut next = None;
    loop {
        let page = fetch(next).await?;
        receive(page.items);
        next = page.next.filter(|next| !next.is_empty());
        if next.is_none() {
            return Ok(());
        }
    }
}

/// All items of a list, in its order. `fetch` gets the marker of a page; the first has none.
pub(crate) async fn all<T, F>(fetch: impl FnMut(Option<String>) -> F) -> Result<Vec<T>, ClientError>
where
    F: Future<Output = Result<Page<T>, ClientError>>,
{
    let mut items = Vec::new();
    for_each_page(fetch, |page| items.extend(page)).await?;
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[tokio::test]
    async fn pages_are_followed_until_one_names_no_other() {
        for (last, name) in [(None, "no marker"), (Some(String::new()), "an empty marker")] {
            let mut asked = Vec::new();
            let fetch = |marker: Option<String>| {
                let page = match marker.as_deref() {
                    None => Page { items: vec![1, 2], next: Some("b".to_owned()) },
                    Some("b") => Page { items: vec![], next: Some("c".to_owned()) },
                    _ => Page { items: vec![3], next: last.clone() },
                };
                asked.push(marker);
                std::future::ready(Ok(page))
            };
            assert_eq!(all(fetch).await.unwrap(), [1, 2, 3], "{name}");
            assert_eq!(asked, [None, Some("b".to_owned()), Some("c".to_owned())], "{name}");
        }
    }

    #[tokio::test]
    async fn a_page_that_fails_fails_the_list() {
        let fetch = |marker: Option<String>| {
            std::future::ready(match marker {
                None => Ok(Page { items: vec![1], next: Some("b".to_owned()) }),
                Some(_) => Err(ClientError::new(ErrorKind::Unavailable, "later")),
            })
        };
        assert_eq!(all(fetch).await.unwrap_err().kind, ErrorKind::Unavailable);
    }
}
