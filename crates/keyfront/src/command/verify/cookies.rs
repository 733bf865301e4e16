//! Parses cookies from a `Cookie` header, from `Set-Cookie` lines, or from a cookie jar of curl.

/// The cookies in a text, as headers of a request would have them.
///
/// Domain, path and expiration of a cookie are ignored: the caller means to send it.
pub(super) fn read(text: &str) -> Vec<String> {
    text.lines().filter_map(cookie).collect()
}

fn cookie(line: &str) -> Option<String> {
    let line = line.trim();
    if let Some(value) = header(line, "set-cookie:") {
        let (cookie, _attributes) = value.split_once(';').unwrap_or((value, ""));
        return Some(cookie.trim().to_owned());
    }
    if let Some(value) = header(line, "cookie:") {
        return Some(value.to_owned());
    }
    let in_jar = line.strip_prefix("#HttpOnly_").unwrap_or(line);
    if in_jar.is_empty() || in_jar.starts_with('#') {
        return None;
    }
    match in_jar.split('\t').collect::<Vec<_>>().as_slice() {
        [_domain, _subdomains, _path, _secure, _expires, name, value] => Some(format!("{name}={value}")),
        _ => Some(line.to_owned()),
    }
}

fn header<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (start, value) = line.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then(|| value.trim())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn cookies_are_read_in_the_forms_in_which_people_have_them() {
        let jar = "# Netscape HTTP Cookie File\n\n#HttpOnly_h\tFALSE\t/\tTRUE\t0\ta\t1\n.h\tTRUE\t/\tFALSE\t0\tb\t2\n";
        for (text, expected) in [
            ("a=1; b=2", vec!["a=1; b=2"]),
            ("Cookie: a=1; b=2\n", vec!["a=1; b=2"]),
            ("cookie:a=1", vec!["a=1"]),
            ("Set-Cookie: a=1; Path=/; Secure\r\nset-cookie: b=2\n", vec!["a=1", "b=2"]),
            (jar, vec!["a=1", "b=2"]),
            ("", vec![]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
