//! Tests of the rules of origin access controls.

use super::OriginAccessControlConfig;

#[test]
fn an_origin_access_control_has_a_name_of_up_to_64_characters() {
    for (name, description, refusal) in [
        ("site", "", None),
        ("any characters: ü", "d", None),
        (&"n".repeat(64), &"d".repeat(256), None),
        ("", "", Some("The parameter Name is required.")),
        (&"n".repeat(65), "", Some("The parameter Name is too big.")),
        ("site", &"d".repeat(257), Some("The parameter Description is too big.")),
    ] {
        let config = OriginAccessControlConfig {
            name: name.to_owned(),
            description: (!description.is_empty()).then(|| description.to_owned()),
            ..OriginAccessControlConfig::default()
        };
        let refused = config.check().err().map(|error| error.message().to_owned());
        assert_eq!(refused.as_deref(), refusal, "{name} {description}");
    }
}
