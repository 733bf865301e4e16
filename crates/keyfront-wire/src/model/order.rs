//! In which order the service looks at the members of a structure, which is the order of the violations that it lists.
//!
//! It is the order of a hash table by member names, as they stand in violations, with the hash and the table of Java's
//! `HashMap`. That was found and is nowhere stated: it gives the order of all seven members of
//! `VpcOriginEndpointConfig`, of `Tag`, and of CreateFunction's and UpdateVpcOrigin's input (captures of 2026-10 in
//! MiniStack's tests).

/// Places in a table that is new.
const PLACES: usize = 16;

/// The positions of members in the order in which the service looks at them. Names that fall on the same place stay in
/// the model's order.
pub(super) fn of_service(names: &[&str]) -> Vec<usize> {
    // A table has at most three quarters of its places taken.
    let mut places = PLACES;
    while names.len() * 4 > places * 3 {
        places *= 2;
    }
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|position| names.get(*position).map(|name| place(name, places)));
    order
}

/// Where a member stands in a table with so many places, which are a power of two.
fn place(name: &str, places: usize) -> usize {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    let hash = first
        .into_iter()
        .chain(characters)
        .fold(0_u32, |hash, character| hash.wrapping_mul(31).wrapping_add(u32::from(character)));
    usize::try_from(hash ^ (hash >> 16)).unwrap_or_default() & (places - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_looked_at_in_the_order_that_violations_were_seen_in() {
        let cases: [(&[&str], &[&str]); 6] = [
            // R3 V-order/raw-items-without-quantity-bad-ssl-rest-null and raw-bad-ip-address-type-rest-null.
            (
                &[
                    "Name",
                    "Arn",
                    "HTTPPort",
                    "HTTPSPort",
                    "OriginProtocolPolicy",
                    "OriginSslProtocols",
                    "IpAddressType",
                ],
                &[
                    "HTTPPort",
                    "OriginSslProtocols",
                    "Name",
                    "OriginProtocolPolicy",
                    "HTTPSPort",
                    "Arn",
                    "IpAddressType",
                ],
            ),
            (&["Items", "Quantity"], &["Quantity", "Items"]),
            // G:key-hash-and-value-hash-same-tag.
            (&["Key", "Value"], &["Value", "Key"]),
            // I:raw-missing-code-and-missing-config, E:cf-no-name-and-key-129.
            (
                &["Name", "FunctionConfig", "FunctionCode", "Tags"],
                &["FunctionCode", "Name", "FunctionConfig", "Tags"],
            ),
            // R1 U2/update-A-no-if-match-empty-config.
            (&["IfMatch", "VpcOriginEndpointConfig", "Id"], &["Id", "VpcOriginEndpointConfig", "IfMatch"]),
            (&[], &[]),
        ];
        for (names, seen) in cases {
            let order: Vec<_> = of_service(names).into_iter().map(|position| names[position]).collect();
            assert_eq!(order, seen);
        }
    }

    #[test]
    fn a_table_grows_when_three_quarters_of_it_are_taken() {
        // `m` stands at place 13 of 16 and of 32, and `0` at place 0 of 16 and 16 of 32.
        let of = |others: usize| {
            let others: Vec<_> = (0..others).map(|n| format!("x{n}")).collect();
            let names: Vec<_> = ["m", "0"].into_iter().chain(others.iter().map(String::as_str)).collect();
            let order = of_service(&names);
            let at = |name: &str| order.iter().position(|position| names[*position] == name);
            at("0") < at("m")
        };
        assert_eq!((of(10), of(11)), (true, false));
    }
}
