//! Tests of origins that a function chooses or changes.

use super::super::tests::{context, run, state};
use crate::event::*;

/// What a call notes, or the text that it throws.
fn decided(call: &str) -> Result<OriginDecision, String> {
    let (text, state) = run(&context(), state(EventType::ViewerRequest, None), call);
    match state.origin.into_inner() {
        Some(decision) => {
            assert_eq!(text, "undefined");
            Ok(decision)
        }
        None => Err(text.strip_prefix("threw Error: cf.").unwrap_or(&text).to_owned()),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "every member of the values in the tables is optional")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn every_member_of_an_update_is_read() {
    let call = "cf.updateRequestOrigin({
        domainName: 'www.example.com', hostHeader: 'host.example.com', originPath: '/path',
        customHeaders: {'x-a': '1', 'x-b': ''}, connectionAttempts: 2,
        originShield: {enabled: true, region: 'us-east-2'},
        originAccessControlConfig: {enabled: true, signingBehavior: 'no-override', signingProtocol: 'sigv4',
            originType: 'lambda', region: 'unknown members are passed over'},
        timeouts: {readTimeout: 60 / 2, responseCompletionTimeout: 30, keepAliveTimeout: 120, connectionTimeout: 10},
        customOriginConfig: {port: 8443, protocol: 'https', sslProtocols: ['TLSv1.1', 'TLSv1.2'],
            ipAddressType: 'dualstack'},
        sni: 'sni.example.com', allowedCertificateNames: ['*.example.com', 'b.example.com'], mTLSConfig: 'off',
        unknown: 1})";
    let expected = OriginUpdate {
        domain_name: text("www.example.com"),
        overrides: OriginOverrides {
            host_header: text("host.example.com"),
            sni: text("sni.example.com"),
            allowed_certificate_names: Some(vec!["*.example.com".to_owned(), "b.example.com".to_owned()]),
        },
        path: text("/path"),
        custom_headers: Some(CustomHeaders(vec![
            ("x-a".to_owned(), "1".to_owned()),
            ("x-b".to_owned(), String::new()),
        ])),
        connection_attempts: Some(2),
        shield: Some(OriginShield::Enabled { region: "us-east-2".to_owned() }),
        access_control: Some(OriginAccessControl::Enabled {
            signs: SignedRequests::NoOverride,
            origin: AccessControlledOrigin::Lambda,
        }),
        timeouts: OriginTimeouts {
            read_s: Some(30),
            response_completion_s: Some(30),
            keep_alive_s: Some(120),
            connection_s: Some(10),
        },
        connection: Some(OriginConnection {
            port: 8443,
            protocol: OriginProtocol::Https,
            tls_versions: vec![TlsVersion::Tls1_1, TlsVersion::Tls1_2],
            ip_address_type: Some(IpAddressType::DualStack),
        }),
        without_client_certificate: true,
    };
    assert_eq!(decided(call), Ok(OriginDecision::Update(Box::new(expected))));
}

#[test]
fn what_an_update_does_not_have_stays_as_the_origin_has_it() {
    let empty = OriginDecision::Update(Box::default());
    assert_eq!(decided("cf.updateRequestOrigin({})"), Ok(empty.clone()));
    assert_eq!(decided("cf.updateRequestOrigin({domainName: undefined})"), Ok(empty));
    let off = OriginUpdate {
        custom_headers: Some(CustomHeaders::default()),
        shield: Some(OriginShield::Disabled),
        access_control: Some(OriginAccessControl::Disabled),
        ..OriginUpdate::default()
    };
    let call = "cf.updateRequestOrigin({customHeaders: {}, originShield: {enabled: false}, \
                originAccessControlConfig: {enabled: false}})";
    assert_eq!(decided(call), Ok(OriginDecision::Update(Box::new(off))));
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn what_an_update_cannot_have_is_refused_with_its_place() {
    for (properties, problem) in [
        ("", "the argument must be an object"),
        ("'www.example.com'", "the argument must be an object"),
        ("[]", "the argument must be an object"),
        ("{domainName: 1}", "domainName must be a string"),
        (
            "{customHeaders: Object.fromEntries(Array.from({length: 31}, (_, i) => ['h' + i, 'v']))}",
            "customHeaders cannot have more than 30 headers",
        ),
        (
            "{customHeaders: {a: 'x'.repeat(1784)}}",
            "customHeaders[\"a\"] cannot be longer than 1,783 characters",
        ),
        ("{allowedCertificateNames: new Array(4294967295)}", "allowedCertificateNames has too many items"),
        ("{domainName: null}", "domainName must be a string"),
        ("{domainName: 'a:80'}", "domainName cannot include a colon"),
        ("{domainName: '10.0.0.1'}", "domainName cannot be an IP address"),
        ("{domainName: '\\ud800'}", "domainName must be well-formed text"),
        ("{hostHeader: 'a:80'}", "hostHeader cannot include a colon"),
        ("{sni: ''}", "sni must have 1 to 253 characters"),
        ("{originPath: 'a'}", "originPath must begin with a slash"),
        ("{originPath: '/a/'}", "originPath cannot end with a slash"),
        ("{customHeaders: {'X-A': 'b'}}", "customHeaders[\"X-A\"] must have its name in lower case"),
        ("{customHeaders: {host: 'b'}}", "customHeaders[\"host\"] is a header that CloudFront does not add"),
        ("{customHeaders: {'x-a': {value: 'b'}}}", "customHeaders[\"x-a\"] must be a string"),
        ("{connectionAttempts: 4}", "connectionAttempts must be a whole number from 1 to 3"),
        ("{connectionAttempts: 1.5}", "connectionAttempts must be a whole number from 1 to 3"),
        ("{connectionAttempts: '1'}", "connectionAttempts must be a whole number from 1 to 3"),
        ("{connectionAttempts: NaN}", "connectionAttempts must be a whole number from 1 to 3"),
        ("{originShield: {}}", "originShield must have the member enabled"),
        ("{originShield: {enabled: 'true'}}", "originShield.enabled must be true or false"),
        ("{originShield: {enabled: true}}", "originShield must have the member region"),
        (
            "{originShield: {enabled: true, region: 'Ohio'}}",
            "originShield.region must be the code of an AWS Region, such as us-east-1",
        ),
        (
            "{originAccessControlConfig: {enabled: true, signingBehavior: 'sometimes'}}",
            "originAccessControlConfig.signingBehavior must be \"always\" or \"never\" or \"no-override\"",
        ),
        (
            "{originAccessControlConfig: {enabled: true, signingBehavior: 'always', signingProtocol: 'sigv4'}}",
            "originAccessControlConfig must have the member originType",
        ),
        ("{timeouts: {readTimeout: 0}}", "timeouts.readTimeout must be a whole number from 1 to 120"),
        ("{timeouts: {readTimeout: 121}}", "timeouts.readTimeout must be a whole number from 1 to 120"),
        (
            "{timeouts: {keepAliveTimeout: 121}}",
            "timeouts.keepAliveTimeout must be a whole number from 1 to 120",
        ),
        (
            "{timeouts: {connectionTimeout: 11}}",
            "timeouts.connectionTimeout must be a whole number from 1 to 10",
        ),
        (
            "{timeouts: {readTimeout: 30, responseCompletionTimeout: 29}}",
            "timeouts.responseCompletionTimeout cannot be less than readTimeout",
        ),
        (
            "{customOriginConfig: {port: 80, protocol: 'http'}}",
            "customOriginConfig must have the member sslProtocols",
        ),
        (
            "{customOriginConfig: {port: 81, protocol: 'http', sslProtocols: []}}",
            "customOriginConfig.port must be 80, 443, or from 1024 to 65535",
        ),
        (
            "{customOriginConfig: {port: 80, protocol: 'HTTP', sslProtocols: []}}",
            "customOriginConfig.protocol must be \"http\" or \"https\"",
        ),
        (
            "{customOriginConfig: {port: 443, protocol: 'https', sslProtocols: ['TLSv1.3']}}",
            "customOriginConfig.sslProtocols[0] must be \"SSLv3\" or \"TLSv1\" or \"TLSv1.1\" or \"TLSv1.2\"",
        ),
        (
            "{customOriginConfig: {port: 443, protocol: 'https', sslProtocols: [], ipAddressType: 'ipv4'}}",
            "the argument must have the member domainName where customOriginConfig has ipAddressType",
        ),
        ("{allowedCertificateNames: 'a'}", "allowedCertificateNames must be an array"),
        (
            "{allowedCertificateNames: Array(21).fill('a')}",
            "allowedCertificateNames cannot have more than 20 names",
        ),
        ("{allowedCertificateNames: ['a', '']}", "allowedCertificateNames[1] must have 1 to 64 characters"),
        ("{mTLSConfig: 'on'}", "mTLSConfig must be \"off\""),
    ] {
        let text = decided(&format!("cf.updateRequestOrigin({properties})")).unwrap_err();
        assert_eq!(text, format!("updateRequestOrigin: {problem}"), "{properties}");
    }
}

#[test]
fn an_origin_is_selected_by_its_id() {
    let select = |overrides| Ok(OriginDecision::Select { id: "my origin".to_owned(), overrides });
    assert_eq!(decided("cf.selectRequestOriginById('my origin')"), select(OriginOverrides::default()));
    let overrides = OriginOverrides { host_header: text("a.example.com"), ..OriginOverrides::default() };
    let call = "cf.selectRequestOriginById('my origin', {hostHeader: 'a.example.com', domainName: 1})";
    assert_eq!(decided(call), select(overrides));
    for (arguments, problem) in [
        ("", "the id must be a string"),
        ("''", "the id cannot be empty"),
        ("{id: 'a'}", "the id must be a string"),
        ("'a', 'b'", "the second argument must be an object"),
        ("'a', {sni: '1.2.3.4'}", "sni cannot be an IP address"),
    ] {
        let text = decided(&format!("cf.selectRequestOriginById({arguments})")).unwrap_err();
        assert_eq!(text, format!("selectRequestOriginById: {problem}"), "{arguments}");
    }
}

#[test]
fn a_group_has_two_origins_and_statuses() {
    let member = |id: &str, overrides| GroupMember { id: id.to_owned(), overrides };
    let overrides = OriginOverrides { sni: text("a.example.com"), ..OriginOverrides::default() };
    let call = "cf.createRequestOriginGroup({originIds: [{originId: 'a', originOverrides: {sni: 'a.example.com'}}, \
                {originId: 'b'}], selectionCriteria: 'media-quality-score', failoverCriteria: {statusCodes: [500, 404]}})";
    let group = OriginGroup {
        primary: member("a", overrides),
        secondary: member("b", OriginOverrides::default()),
        selection: FailoverSelection::MediaQualityScore,
        status_codes: vec![500, 404],
    };
    assert_eq!(decided(call), Ok(OriginDecision::Group(group)));
    let ids = "originIds: [{originId: 'a'}, {originId: 'b'}]";
    let codes = "failoverCriteria: {statusCodes: [500]}";
    for (properties, problem) in [
        (codes.to_owned(), "the argument must have the member originIds"),
        (
            format!("originIds: [{{originId: 'a'}}], {codes}"),
            "originIds must have two origins: the primary one and the secondary one",
        ),
        (format!("originIds: ['a', 'b'], {codes}"), "originIds[0] must be an object"),
        (
            format!("originIds: [{{}}, {{originId: 'b'}}], {codes}"),
            "originIds[0] must have the member originId",
        ),
        (
            format!("originIds: [{{originId: 'b'}}, {{originId: 'b'}}], {codes}"),
            "originIds must have two different origins",
        ),
        (ids.to_owned(), "the argument must have the member failoverCriteria"),
        (format!("{ids}, failoverCriteria: [500]"), "failoverCriteria must be an object"),
        (
            format!("{ids}, failoverCriteria: {{statusCodes: []}}"),
            "failoverCriteria.statusCodes must have at least one status",
        ),
        (
            format!("{ids}, failoverCriteria: {{statusCodes: [501]}}"),
            "failoverCriteria.statusCodes[0] must be one of 400, 403, 404, 416, 429, 500, 502, 503, 504",
        ),
        (
            format!("{ids}, {codes}, selectionCriteria: 'best'"),
            "selectionCriteria must be \"default\" or \"media-quality-score\"",
        ),
    ] {
        let text = decided(&format!("cf.createRequestOriginGroup({{{properties}}})")).unwrap_err();
        assert_eq!(text, format!("createRequestOriginGroup: {problem}"), "{properties}");
    }
}

#[test]
fn a_refused_call_and_one_in_a_viewer_response_decide_nothing() {
    let refused = "cf.selectRequestOriginById('a'); try { cf.updateRequestOrigin(1) } catch (e) {}";
    assert!(matches!(decided(refused), Ok(OriginDecision::Select { .. })));
    for call in [
        "cf.updateRequestOrigin({})",
        "cf.selectRequestOriginById('a')",
        "cf.createRequestOriginGroup({originIds: [{originId: 'a'}, {originId: 'b'}], \
         failoverCriteria: {statusCodes: [500]}})",
    ] {
        let (text, state) = run(&context(), state(EventType::ViewerResponse, None), call);
        assert_eq!(text, "threw Error: an origin can be chosen in viewer-request functions alone");
        assert!(state.origin.into_inner().is_none());
    }
}
