//! The query string of a request as far as it is selected.

use std::borrow::Cow;

use keyfront_domain::forwarding::Selection;
use percent_encoding::percent_decode_str;

/// What is selected of a query string, in its order and as it was sent; `None` for nothing, and where there was none.
/// Where all of it is selected, an empty one is not the same as none.
///
/// Parameters are separated by `&` alone (AWS: Cache content based on query string parameters). Names are compared after
/// percent-decoding: an origin decodes them, so `na%6De` must not pass where `name` is kept out of the key or away from
/// the origin.
pub(crate) fn selected_query<'q>(query: Option<&'q str>, selection: &Selection) -> Option<Cow<'q, str>> {
    match selection {
        Selection::None => None,
        Selection::All => query.map(Cow::Borrowed),
        Selection::Only(_) | Selection::Except(_) => {
            let parameters = query?.split('&').filter(|parameter| is_selected(parameter, selection));
            let selected = parameters.fold(String::new(), |mut selected, parameter| {
                if !selected.is_empty() {
                    selected.push('&');
                }
                selected.push_str(parameter);
                selected
            });
            (!selected.is_empty()).then_some(Cow::Owned(selected))
        }
    }
}

fn is_selected(parameter: &str, selection: &Selection) -> bool {
    let name = parameter.split('=').next().unwrap_or_default();
    let decoded: Cow<'_, [u8]> = percent_decode_str(name).into();
    !parameter.is_empty() && selection.takes(&decoded)
}
