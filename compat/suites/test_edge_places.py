"""Which distribution and behavior answers a viewer, and what it says where none does."""

import distributions
import edge as edges
from clients import unique_name, wait_for
from distributions import CACHING_DISABLED, CERTIFICATE, behavior, counted, with_aliases
from edge import http_origin


def host_of(asked):
    return asked.headers["host"].encode()


def test_a_distribution_has_many_names(edge):
    alias = f"{unique_name('www')}.example.org"
    site = edge.new_site(**with_aliases(alias, "*.wild.example.org"))
    path = edge.origin.serve(b"found")
    for host in [
        site.domain, site.domain.upper(), alias, f"{alias}:8080", f"{alias}.", "a.wild.example.org",
        f"{site.id}.localhost", f"{site.id.lower()}.localhost:{edge.port}",
    ]:
        assert site.get(path, host=host).text == "found", host
    assert site.get(f"/.keyfront/d/{site.id}{path}", host="whatever.example").text == "found"
    assert {asked.target for asked in edge.origin.asked_for(path)} == {path}


def test_no_distribution_is_403_bad_request_as_on_aws(edge):
    site = edge.new_site()
    for host in ["d111111abcdef8.cloudfront.net", "E00000000000.localhost", f"x.{site.domain}", "wild.example.org"]:
        answer = site.get("/", host=host)
        assert (answer.status, answer.cache) == (403, "Error"), host
        assert "<H1>403 ERROR</H1>" in answer.text and "Bad request." in answer.text
        assert answer.headers["server"] == "CloudFront"


def test_a_disabled_distribution_is_served_no_longer(edge):
    site = edge.new_site()
    path = edge.origin.serve(b"here")
    assert site.get(path).status == 200
    site.update(Enabled=False)
    wait_for(lambda: site.get(path).status == 403, "it is still served", 5)
    site.update(Enabled=True)
    wait_for(lambda: site.get(path).status == 200, "it is not served again", 5)


def test_a_deleted_distribution_is_served_no_longer(edge):
    site = edge.new_site()
    distributions.remove(edge.control, site.id)
    wait_for(lambda: "Bad request." in site.send("PROPFIND", "/").text, "it is still served", 5)


def test_the_first_behavior_that_matches_the_path_answers(edge):
    site = edge.new_site(
        Origins=counted(http_origin("one"), http_origin("two", DomainName="other.example.com", OriginPath="/under")),
        DefaultCacheBehavior=behavior("one"),
        CacheBehaviors=counted(
            behavior("two", PathPattern="/api/*"), behavior("one", PathPattern="/api/never"),
            behavior("two", PathPattern="*.jp?g"),
        ),
        DefaultRootObject="index.html",
    )
    origin = edge.origin
    # Path pattern (AWS): case-sensitive, in the order of the list, against the path in its normal form; the origin gets
    # the path as it was sent.
    for path, asked, host in [
        ("/", "/index.html", "origin.example.com"),
        ("/api/x", "/under/api/x", "other.example.com"),
        ("/api/never", "/under/api/never", "other.example.com"),
        ("/API/x", "/API/x", "origin.example.com"),
        ("/a/../api/y", "/under/a/../api/y", "other.example.com"),
        ("/x/a.jpeg", "/under/x/a.jpeg", "other.example.com"),
        ("/x/a.jpg", "/x/a.jpg", "origin.example.com"),
        ("/dir/", "/dir/", "origin.example.com"),
    ]:
        origin.serve(host_of, asked)
        answer = site.get(path)
        assert (answer.status, answer.text) == (200, host), path
        assert [request.target for request in origin.asked_for(asked)] == [asked], path


def test_an_update_is_in_force_for_the_next_request(edge):
    site = edge.new_site(DefaultCacheBehavior=behavior(CachePolicyId=CACHING_DISABLED))
    path = edge.origin.serve(host_of)
    assert site.get(path).text == "origin.example.com"
    for name in ["other.example.com", "spare.example.com"] * 5:
        site.update(Origins__0__DomainName=name)
        assert wait_for(lambda: site.get(path).text == name, "the change is not in force", 1)


def test_a_staging_distribution_answers_requests_with_the_header(edge):
    staging = edge.new_site(
        Staging=True, Origins=counted(http_origin(DomainName="other.example.com")),
        DefaultCacheBehavior=behavior(CachePolicyId=CACHING_DISABLED),
    )
    policy = edge.control.create_continuous_deployment_policy(
        ContinuousDeploymentPolicyConfig={
            "StagingDistributionDnsNames": counted(staging.domain),
            "Enabled": True,
            "TrafficConfig": {
                "Type": "SingleHeader", "SingleHeaderConfig": {"Header": "aws-cf-cd-next", "Value": "yes"},
            },
        }
    )["ContinuousDeploymentPolicy"]["Id"]
    site = edge.new_site(DefaultCacheBehavior=behavior(CachePolicyId=CACHING_DISABLED))
    site.update(ContinuousDeploymentPolicyId=policy)
    path = edge.origin.serve(host_of)

    def next_version():
        return site.get(path, {"aws-cf-cd-next": "yes"}).text == "other.example.com"

    wait_for(next_version, "the policy is not in force", 5)
    for headers in [{}, {"aws-cf-cd-next": "no"}, {"aws-cf-cd-next": "YES"}]:
        assert site.get(path, headers).text == "origin.example.com", headers


def test_tenants_have_their_own_origins_and_invalidations(edge):
    control = edge.control
    config = distributions.configuration(
        ConnectionMode="tenant-only",
        Origins=counted(http_origin(DomainName="{{customer}}.example.com", OriginPath="/{{customer}}")),
        DefaultCacheBehavior=behavior(),
        TenantConfig={
            "ParameterDefinitions": [
                {"Name": "customer", "Definition": {"StringSchema": {"Required": True, "Comment": "who"}}}
            ]
        },
        ViewerCertificate=distributions.acm_certificate(),
    )
    template = control.create_distribution(DistributionConfig=config)["Distribution"]["Id"]
    tenants = {}
    for customer in ["other", "spare"]:
        domain = f"{unique_name(customer)}.example.net"
        made = control.create_distribution_tenant(
            DistributionId=template, Name=unique_name("tenant"), Domains=[{"Domain": domain}],
            Parameters=[{"Name": "customer", "Value": customer}],
            Customizations={"Certificate": {"Arn": CERTIFICATE}},
        )["DistributionTenant"]
        tenants[customer] = (domain, made["Id"])
    path = edges.unique_path()
    answers = {}
    for customer, (domain, _) in tenants.items():
        edge.origin.serve(host_of, f"/{customer}{path}")
        served = wait_for(
            lambda: (answer := edge.send("GET", path, {"Host": domain})).status == 200 and answer, domain, 5
        )
        answers[customer] = served.text
    assert answers == {"other": "other.example.com", "spare": "spare.example.com"}
    control.create_invalidation_for_distribution_tenant(
        Id=tenants["other"][1],
        InvalidationBatch={"Paths": counted("/*"), "CallerReference": unique_name("invalidation")},
    )
    caches = [edge.send("GET", path, {"Host": tenants[customer][0]}).cache for customer in ["other", "spare"]]
    assert caches == ["Miss", "Hit"]


def test_an_origin_that_is_not_mapped_is_explained_and_not_reached(edge):
    site = edge.new_site(Origins=counted(http_origin(DomainName="unmapped.example.com")))
    answer = site.get("/")
    assert (answer.status, answer.headers["server"]) == (501, "Keyfront")
    assert answer.text.startswith("Keyfront, not CloudFront: ")
    assert "--origin unmapped.example.com=" in answer.text
    assert "x-cache" not in answer.headers and "x-amz-cf-id" not in answer.headers
