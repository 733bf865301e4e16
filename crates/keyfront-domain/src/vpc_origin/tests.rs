//! Tests of the rules of VPC origins. Rows name the captures of AWS of 2026-10 in MiniStack's tests that they are from.

use serde_json::{Value, json};

use super::*;

const BALANCER: &str =
    "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188";

const PORT: &str = "InvalidArgument: The parameter origin port is not within allowed range.";
const BIG: &str = "InvalidArgument: The parameter VPC Origin Name is too big.";
const EMPTY: &str = "InvalidArgument: The parameter VPC Origin Name is too small or empty.";
const LETTERS: &str = "InvalidArgument: The parameter Name contains characters other than alphanumericals, dashes, and \
                       underscores.";
const QUANTITY: &str = "InconsistentQuantities: The specified quantity of OriginSslProtocols (2) does not match the actual \
                        quantity supplied (1).";
const PROTOCOLS_MISSING: &str = "InvalidArgument: The parameter OriginSslProtocols is not valid! Should be one or more from \
                                 SSLv3, TLSv1, TLSv1.1, and TLSv1.2.";
const ARN: &str = "InvalidArgument: The parameter VpcOriginEndpointConfig Arn Invalid Format.";
const OTHER_ACCOUNT: &str =
    "InvalidArgument: The parameter VpcOriginEndpointConfig Arn contains a mismatched AWS account.";

fn completed(changes: &Value) -> Map<String, Value> {
    let mut config = json!({
        "Name": "web", "Arn": BALANCER, "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only",
    });
    let config = config.as_object_mut().unwrap();
    config.extend(changes.as_object().unwrap().clone());
    complete(config);
    config.clone()
}

/// What is said of a configuration with these members in place of its own; nothing where it is accepted.
fn refused(changes: &Value) -> String {
    let config = VpcOriginEndpointConfig::deserialize(Value::Object(completed(changes))).unwrap();
    let checked = config.check("111122223333".parse().unwrap());
    checked.err().map(|error| error.to_string()).unwrap_or_default()
}

fn elb(rest: &str) -> Value {
    json!({ "Arn": format!("arn:aws:elasticloadbalancing:us-east-1:111122223333:{rest}") })
}

#[test]
fn a_vpc_origin_has_ports_a_name_protocols_and_an_endpoint() {
    let protocols = |quantity: i64, items: &[&str]| json!({ "OriginSslProtocols": { "Quantity": quantity, "Items": items } });
    for (changes, refusal) in [
        (json!({}), ""),
        (json!({ "HTTPPort": 443 }), ""),          // R2 V-port/http-443
        (json!({ "HTTPPort": 1024 }), ""),         // R2 V-port/http-1024
        (json!({ "HTTPSPort": 80 }), ""),          // R2 V-port/https-80
        (json!({ "HTTPSPort": 65_535 }), ""),      // R2 V-port/https-65535
        (json!({ "HTTPPort": 0 }), PORT),          // V C21/zero
        (json!({ "HTTPPort": -1 }), PORT),         // V C21/minus-1
        (json!({ "HTTPPort": 81 }), PORT),         // R2 V-port/http-81
        (json!({ "HTTPPort": 1023 }), PORT),       // R2 V-port/http-1023
        (json!({ "HTTPPort": 65_536 }), PORT),     // V C21/65536
        (json!({ "HTTPSPort": 444 }), PORT),       // R2 V-port/https-444
        (json!({ "HTTPSPort": 70_000 }), PORT),    // V C22/70000
        (json!({ "Name": "n".repeat(64) }), ""),   // R1 V-name/name-64
        (json!({ "Name": "n".repeat(65) }), BIG),  // R1 V-name/name-65
        (json!({ "Name": "" }), EMPTY),            // R2 V-name/name-empty-string
        (json!({ "Name": "has space" }), LETTERS), // R1 V-name/name-space
        (json!({ "Name": "a/b" }), LETTERS),       // R1 V-name/name-slash
        (json!({ "Name": "A-b_1" }), ""),
        (protocols(2, &["TLSv1.2"]), QUANTITY), // V C25
        (protocols(0, &[]), PROTOCOLS_MISSING), // V C26/qty0-empty
        (json!({ "Arn": "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0" }), ""),
        (json!({ "Arn": "arn:aws:ec2:us-west-2:111122223333:instance/i-12345678" }), ""),
        (elb("loadbalancer/net/web/50dc6c495c0c9188"), ""),
        (json!({ "Arn": "arn:aws:s3:::bucket" }), ARN), // V C23
        (json!({ "Arn": "internal-alb.example.com" }), ARN), // R1 V-arn/not-an-arn
        (elb("targetgroup/tg/0123456789abcdef"), ARN),  // V C35/nonexistent-targetgroup
        (elb("loadbalancer/gwy/web/0123456789abcdef"), ARN), // R1 V-arn/gwy-lb
        (elb("loadbalancer/web"), ARN),                 // R1 V-arn/classic-elb
        (elb("listener/app/web/0123/4567"), ARN),       // R1 V-arn/alb-listener
        (elb("loadbalancer/app/web/0123/4567"), ARN),
        (json!({ "Arn": BALANCER.replace("arn:aws:", "arn:aws-cn:") }), ARN), // R1 V-arn/alb-other-partition
        (json!({ "Arn": BALANCER.replace("us-east-1", "") }), ARN),           // R1 V-arn/alb-no-region
        (json!({ "Arn": BALANCER.replace("us-east-1", "xx-fake-1") }), ARN),  // R5 V-edge/arn-fake-region
        (json!({ "Arn": BALANCER.replace("111122223333", "") }), ARN),        // R5 V-edge/arn-empty-account
        (json!({ "Arn": "arn:aws:ec2:us-east-1:111122223333:instance/xyz" }), ARN), // R1 V-arn/ec2-bad-id
        (json!({ "Arn": "arn:aws:ec2:us-east-1:111122223333:vpc/vpc-0123456789abcdef0" }), ARN), // R1 V-arn/ec2-vpc
        (json!({ "Arn": "arn:aws:lambda:us-east-1:111122223333:function:f" }), ARN), // R1 V-arn/lambda
        (json!({ "Arn": BALANCER.replace("111122223333", "444455556666") }), OTHER_ACCOUNT), // V C35
    ] {
        assert_eq!(refused(&changes), refusal, "{changes}");
    }
}

#[test]
fn ports_come_before_the_name_then_protocols_then_the_endpoint() {
    let two = json!({ "Quantity": 2, "Items": ["TLSv1.2"] });
    let none = json!({ "Quantity": 0, "Items": [] });
    let long = "n".repeat(65);
    for (changes, refusal) in [
        (json!({ "HTTPPort": 0, "Name": long }), PORT), // R2 V-name/name-too-long+port0
        (json!({ "HTTPPort": 0, "Name": "" }), PORT),   // R5 V-edge/name-empty+port0
        (json!({ "HTTPPort": 0, "OriginSslProtocols": two }), PORT), // R1 V-order/port0+qty-mismatch
        (json!({ "HTTPPort": 0, "OriginSslProtocols": none }), PORT), // R1 V-order/qty0+port0
        (json!({ "HTTPPort": 0, "Arn": "arn:aws:s3:::bucket" }), PORT), // R1 V-order/port0+s3-arn
        (json!({ "Name": long, "OriginSslProtocols": two }), BIG), // R2 V-name/name-too-long+qty-mismatch
        (json!({ "Name": long, "OriginSslProtocols": none }), BIG), // R2 V-name/name-too-long+qty0
        (json!({ "Name": long, "Arn": "arn:aws:s3:::bucket" }), BIG), // R2 V-name/name-too-long+s3-arn
        (json!({ "Name": format!("a b{long}") }), BIG), // R5 V-edge/name-65-bad-char
        (json!({ "Name": "a b", "OriginSslProtocols": two }), LETTERS), // R5 V-edge/name-bad-char+qty-mismatch
        (json!({ "Name": "", "OriginSslProtocols": two }), EMPTY),      // R5 V-edge/name-empty+qty-mismatch
        (json!({ "OriginSslProtocols": two, "Arn": "arn:aws:s3:::b" }), QUANTITY), // R1 V-order/s3-arn+qty-mismatch
        (json!({ "OriginSslProtocols": none, "Arn": "arn:aws:s3:::b" }), PROTOCOLS_MISSING), // R1 V-order/qty0+s3-arn
    ] {
        assert_eq!(refused(&changes), refusal, "{changes}");
    }
}

#[test]
fn protocols_are_shown_once_in_their_order_and_the_address_type_always() {
    for (sent, shown) in [
        (json!({}), json!({ "Quantity": 3, "Items": ["TLSv1", "TLSv1.1", "TLSv1.2"] })), // R1 U-create/create-A-default-ssl
        (
            json!({ "OriginSslProtocols": { "Quantity": 2, "Items": ["TLSv1.2", "TLSv1.2"] } }), // R2 V-name/duplicate-protocols
            json!({ "Quantity": 1, "Items": ["TLSv1.2"] }),
        ),
        (
            json!({ "OriginSslProtocols": { "Quantity": 2, "Items": ["TLSv1.2", "TLSv1"] } }), // R2 V-name/unordered-protocols
            json!({ "Quantity": 2, "Items": ["TLSv1", "TLSv1.2"] }),
        ),
    ] {
        let config = completed(&sent);
        assert_eq!(
            (&config["OriginSslProtocols"], &config["IpAddressType"]),
            (&shown, &json!("ipv4")),
            "{sent}"
        );
    }
    assert_eq!(completed(&json!({ "IpAddressType": "dualstack" }))["IpAddressType"], "dualstack"); // R2 V-ip
}

/// R1 U18, R2 U18 and V C8: the ids that GetVpcOrigin looked for, and those whose form it refused.
#[test]
fn an_id_has_a_prefix_and_twenty_two_letters() {
    for (id, has_form) in [
        ("vo_Y769dEbaneau0o63mXNjrY", true),
        ("xy_Y769dEbaneau0o63mXNjrY", true),
        ("vo_ptyvchyzihjtoldriibswp", true),
        ("vo_8792471471766075046691", true),
        ("v_Y769dEbaneau0o63mXNjrY", true),
        ("abcd_Y769dEbaneau0o63mXNjrY", true),
        ("vo_doesnotexist", false),
        ("vo_Y769dEbaneau0o63mXNjr", false),
        ("vo_Y769dEbaneau0o63mXNjrYY", false),
        ("vo_Y769dEbane-au0o63mXNjr", false),
        ("vo_Y769dEbane_au0o63mXNjr", false),
        ("VO_Y769dEbaneau0o63mXNjrY", false),
        ("voY769dEbaneau0o63mXNjrYab", false),
        ("vo_a", false),
        ("vo_Y769dEbaneau0o63mXNjr.", false),
        ("x1_Y769dEbaneau0o63mXNjrY", false),
        ("vo-Y769dEbaneau0o63mXNjrY", false),
        ("_Y769dEbaneau0o63mXNjrY", false),
        ("12_Y769dEbaneau0o63mXNjrY", false),
        ("dt_Y769dEbaneau0o63mXNjrYabcde", false),
        ("", false),
    ] {
        let refused = check_id(id).err().map(|error| error.to_string());
        assert_eq!(refused, (!has_form).then(|| "InvalidArgument: Id format is invalid".to_owned()), "{id}");
    }
}
