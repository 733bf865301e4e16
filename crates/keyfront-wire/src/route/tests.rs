//! Tests of routes: which operation a method and a path mean.

use http::Method;

use super::*;

fn routed(service: &Service, method: &Method, path: &str, query: &str) -> String {
    match service.route(method, path, query) {
        Route::Operation(operation, labels) => {
            let labels: Vec<_> = labels.iter().map(|(name, value)| format!(" {name}={value}")).collect();
            format!("{}{}", operation.name, labels.concat())
        }
        Route::WrongMethod => "wrong method".to_owned(),
        Route::UnknownPath => "unknown path".to_owned(),
    }
}

#[test]
fn requests_of_the_control_plane_find_their_operation() {
    let service = Service::cloudfront().unwrap();
    for (method, path, query, expected) in [
        (Method::POST, "/2020-05-31/key-value-store", "", "CreateKeyValueStore"),
        (Method::GET, "/2020-05-31/key-value-store", "Status=READY", "ListKeyValueStores"),
        (Method::GET, "/2020-05-31/key-value-store/a%2Fb", "", "DescribeKeyValueStore Name=a%2Fb"),
        (Method::POST, "/2020-05-31/tagging", "Operation=Tag&Resource=x", "TagResource"),
        (Method::POST, "/2020-05-31/tagging", "Resource=x&Operation=Untag", "UntagResource"),
        (Method::POST, "/2020-05-31/tagging", "%4Fperation=%54ag&Resource=x", "TagResource"),
        (Method::POST, "/2020-05-31/tagging", "Resource=x", "wrong method"),
        (Method::GET, "/2020-05-31/tagging", "Resource=x", "ListTagsForResource"),
        (Method::POST, "/2020-05-31/distribution", "", "CreateDistribution"),
        (Method::POST, "/2020-05-31/distribution", "WithTags", "CreateDistributionWithTags"),
        (Method::POST, "/2020-05-31/distribution", "WithTags=", "CreateDistributionWithTags"),
        (Method::GET, "/2020-05-31/public-key/K1/config", "", "GetPublicKeyConfig Id=K1"),
        (Method::PATCH, "/2020-05-31/public-key/K1/config", "", "wrong method"),
        (Method::GET, "/2020-05-31/key-value-store/", "", "wrong method"),
        (Method::GET, "/2020-05-31/public-key/", "", "unknown path"),
        (Method::GET, "/2020-05-31//key-value-store", "", "unknown path"),
        (Method::GET, "/2020-05-31/no-such-thing", "", "unknown path"),
        (Method::GET, "/", "", "unknown path"),
    ] {
        assert_eq!(routed(&service, &method, path, query), expected, "{method} {path}?{query}");
    }
}

/// SDKs whose models were made before the path lost its slash are still in use.
#[test]
fn a_path_may_end_with_a_slash_where_an_older_model_has_one() {
    let service = Service::cloudfront().unwrap();
    for (method, path, expected) in [
        (Method::POST, "key-value-store/", "CreateKeyValueStore"),
        (
            Method::POST,
            "distributions/E1/monitoring-subscription/",
            "CreateMonitoringSubscription DistributionId=E1",
        ),
        (
            Method::GET,
            "distributions/E1/monitoring-subscription/",
            "GetMonitoringSubscription DistributionId=E1",
        ),
        (
            Method::DELETE,
            "distributions/E1/monitoring-subscription/",
            "DeleteMonitoringSubscription DistributionId=E1",
        ),
        (Method::POST, "get-realtime-log-config/", "GetRealtimeLogConfig"),
        (Method::POST, "delete-realtime-log-config/", "DeleteRealtimeLogConfig"),
        (Method::PUT, "realtime-log-config/", "UpdateRealtimeLogConfig"),
        (Method::POST, "distributionsByRealtimeLogConfig/", "ListDistributionsByRealtimeLogConfig"),
        (Method::POST, "realtime-log-config/", "wrong method"),
        (Method::POST, "key-value-store//", "unknown path"),
        (Method::POST, "public-key/", "unknown path"),
        (Method::GET, "key-value-store/a/", "unknown path"),
    ] {
        assert_eq!(
            routed(&service, &method, &format!("/2020-05-31/{path}"), ""),
            expected,
            "{method} {path}"
        );
    }
}

#[test]
fn a_key_is_one_label_whatever_it_holds() {
    let service = Service::key_value_store().unwrap();
    let base = "/key-value-stores/arn%3Aaws%3Ax%2Fid";
    for (method, tail, expected) in [
        (Method::GET, "", "DescribeKeyValueStore KvsARN=arn%3Aaws%3Ax%2Fid"),
        (Method::GET, "/keys", "ListKeys KvsARN=arn%3Aaws%3Ax%2Fid"),
        (Method::POST, "/keys", "UpdateKeys KvsARN=arn%3Aaws%3Ax%2Fid"),
        (Method::PUT, "/keys/..", "PutKey KvsARN=arn%3Aaws%3Ax%2Fid Key=.."),
        (Method::PUT, "/keys/.", "PutKey KvsARN=arn%3Aaws%3Ax%2Fid Key=."),
        (Method::DELETE, "/keys/a%2F%2Fb", "DeleteKey KvsARN=arn%3Aaws%3Ax%2Fid Key=a%2F%2Fb"),
        (Method::GET, "/keys/", "unknown path"),
        (Method::GET, "/keys/a/b", "unknown path"),
        (Method::GET, "/", "unknown path"),
    ] {
        assert_eq!(routed(&service, &method, &format!("{base}{tail}"), ""), expected, "{method} {tail}");
    }
}

#[test]
fn every_operation_of_both_models_is_reached_by_its_own_template() {
    for service in [Service::cloudfront().unwrap(), Service::key_value_store().unwrap()] {
        for operation in service.operations() {
            let (path, query) = operation.uri.split_once('?').unwrap_or((operation.uri, ""));
            let path = path.replace(['{', '}'], "");
            let found = routed(&service, &operation.method, &path, query);
            assert_eq!(found.split(' ').next(), Some(operation.name), "{}", operation.uri);
        }
    }
}
