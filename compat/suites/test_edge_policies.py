"""Origin request policies and response headers policies through boto3 and the AWS CLI."""

import re

import pytest

from clients import client, error_of, status_of, unique_name
from keys import BASE, FIRST_ETAG, NO_IF_MATCH, PRECONDITION, all_items, aws, listed

ZEROTH_ETAG = "E23ZP02F085DFQ"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
SIMPLE_CORS = "60669652-455b-4ae9-85a4-c4c02393f86c"


@pytest.fixture
def control(empty_server):
    return client(empty_server, "cloudfront")


def forwarding(**changes):
    config = {
        "Name": unique_name("forwarding"),
        "HeadersConfig": {"HeaderBehavior": "none"},
        "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "none"},
    }
    return {**config, **changes}


def with_headers(behavior, *names):
    return forwarding(HeadersConfig={"HeaderBehavior": behavior, **listed(Headers=list(names))})


def cors(**changes):
    config = {
        **listed(AccessControlAllowOrigins=["https://*.example.com"]),
        **listed(AccessControlAllowHeaders=["X-A", "X-B"]),
        **listed(AccessControlAllowMethods=["GET", "PUT"]),
        **listed(AccessControlExposeHeaders=["*"]),
        "AccessControlAllowCredentials": True, "AccessControlMaxAgeSec": 60, "OriginOverride": True,
    }
    return {**config, **changes}


SECURITY = {
    "XSSProtection": {"Override": True, "Protection": True, "ModeBlock": True},
    "FrameOptions": {"Override": False, "FrameOption": "DENY"},
    "ReferrerPolicy": {"Override": True, "ReferrerPolicy": "same-origin"},
    "ContentSecurityPolicy": {"Override": True, "ContentSecurityPolicy": "default-src 'none'"},
    "ContentTypeOptions": {"Override": True},
    "StrictTransportSecurity": {
        "Override": True, "IncludeSubdomains": True, "Preload": False, "AccessControlMaxAgeSec": 31536000,
    },
}


def headers(**sections):
    return {"Name": unique_name("headers"), **sections}


def whole(**changes):
    return headers(
        Comment="everything", CorsConfig=cors(), SecurityHeadersConfig=SECURITY,
        ServerTimingHeadersConfig={"Enabled": True, "SamplingRate": 33.3333},
        **listed(CustomHeadersConfig=[{"Header": "X-Team", "Value": "web", "Override": False}]),
        **listed(RemoveHeadersConfig=[{"Header": "Server"}, {"Header": "X-Powered-By"}]),
        **changes,
    )


class Family:
    """The seven operations of one of the two kinds of policies."""

    def __init__(self, control, name, path, plural, config, managed):
        self.name, self.config, self.managed, self.path = name, config, managed, path
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        self.member = f"{name}Config"
        self.create, self.get, self.get_config, self.update, self.delete = (
            getattr(control, operation.format(snake))
            for operation in ("create_{}", "get_{}", "get_{}_config", "update_{}", "delete_{}")
        )
        self.list = getattr(control, f"list_{plural}")
        self.list_distributions = getattr(control, f"list_distributions_by_{snake}_id")

    def make(self, config):
        return self.create(**{self.member: config})

    def error(self, control, name):
        return getattr(control.exceptions, name)


@pytest.fixture(params=["OriginRequestPolicy", "ResponseHeadersPolicy"])
def family(request, control):
    if request.param == "OriginRequestPolicy":
        return Family(
            control, request.param, "origin-request-policy", "origin_request_policies",
            with_headers("whitelist", "X-B", "x-a"), {"Managed-AllViewer": ALL_VIEWER},
        )
    return Family(
        control, request.param, "response-headers-policy", "response_headers_policies", whole(),
        {"Managed-SimpleCORS": SIMPLE_CORS},
    )


def test_a_policy_is_created_shown_replaced_and_deleted(control, family):
    created = family.make(family.config)
    policy = created[family.name]
    assert (status_of(created), created["ETag"]) == (201, ZEROTH_ETAG)
    assert re.fullmatch(UUID, policy["Id"])
    assert created["Location"] == f"{BASE}/{family.path}/{policy['Id']}"
    # Nothing is added and nothing is lost.
    assert policy[family.member] == family.config
    shown = family.get(Id=policy["Id"])
    assert (shown[family.name], shown["ETag"]) == (policy, ZEROTH_ETAG)
    assert family.get_config(Id=policy["Id"])[family.member] == family.config
    by_policy = family.list_distributions(**{f"{family.name}Id": policy["Id"]})["DistributionIdList"]
    assert (by_policy["Quantity"], "Items" in by_policy) == (0, False)

    small = {**(forwarding() if family.name.startswith("Origin") else headers()), "Comment": "a <comment>"}
    update = {"Id": policy["Id"], family.member: small}
    with pytest.raises(control.exceptions.InvalidIfMatchVersion) as failure:
        family.update(**update)
    assert error_of(failure)[1:] == (400, NO_IF_MATCH)
    with pytest.raises(control.exceptions.PreconditionFailed) as failure:
        family.update(**update, IfMatch=FIRST_ETAG)
    assert error_of(failure)[1:] == (412, PRECONDITION)
    updated = family.update(**update, IfMatch=ZEROTH_ETAG)
    assert (updated["ETag"], updated[family.name][family.member]) == (FIRST_ETAG, small)
    assert status_of(family.delete(Id=policy["Id"], IfMatch=FIRST_ETAG)) == 204
    for call in [
        lambda: family.get(Id=policy["Id"]),
        lambda: family.get_config(Id=policy["Id"]),
        lambda: family.update(**update, IfMatch="stale"),
        lambda: family.delete(Id=policy["Id"], IfMatch="stale"),
        lambda: family.list_distributions(**{f"{family.name}Id": policy["Id"]}),
    ]:
        with pytest.raises(family.error(control, f"NoSuch{family.name}")) as failure:
            call()
        assert error_of(failure)[1] == 404


def test_names_are_unique_and_twenty_policies_are_the_most(control, family):
    taken = family.error(control, f"{family.name}AlreadyExists")
    kind = re.sub(r"(?<!^)(?=[A-Z])", " ", family.name).lower()
    text = f"Another {kind} with the same name already exists within the aws account."
    first = family.make(family.config)[family.name]["Id"]
    with pytest.raises(taken) as failure:
        family.make(family.config)
    assert error_of(failure) == (f"{family.name}AlreadyExists", 409, text)
    for number in range(19):
        other = family.make({**family.config, "Name": f"n-{number}"})[family.name]["Id"]
    with pytest.raises(taken):
        family.update(Id=other, IfMatch=ZEROTH_ETAG, **{family.member: family.config})
    with pytest.raises(family.error(control, f"TooMany{family.name[:-1]}ies")) as failure:
        family.make({**family.config, "Name": "more"})
    assert error_of(failure)[1] == 400
    family.delete(Id=first, IfMatch=ZEROTH_ETAG)
    family.make(family.config)


def test_managed_policies_are_listed_first_and_immutable(control, family):
    own = family.make(family.config)[family.name]["Id"]
    page = f"{family.name}List"

    def items(**arguments):
        found = all_items(family.list, page, MaxItems="3", **arguments)
        return {item[family.name]["Id"]: (item["Type"], item[family.name][family.member]) for item in found}

    everything = items()
    assert list(everything)[-1] == own and everything[own][0] == "custom"
    assert set(items(Type="custom")) == {own}
    assert set(items(Type="managed")) == set(everything) - {own}
    for name, identity in family.managed.items():
        kind, config = everything[identity]
        assert (kind, config["Name"]) == ("managed", name)
        with pytest.raises(control.exceptions.IllegalDelete):
            family.delete(Id=identity, IfMatch=ZEROTH_ETAG)
        with pytest.raises(control.exceptions.IllegalUpdate):
            family.update(Id=identity, IfMatch=ZEROTH_ETAG, **{family.member: family.config})


def test_what_is_no_origin_request_policy(control):
    def refused(config, exception="InvalidArgument", text=None):
        with pytest.raises(getattr(control.exceptions, exception)) as failure:
            control.create_origin_request_policy(OriginRequestPolicyConfig=config)
        assert text is None or error_of(failure)[2] == text

    refused(
        with_headers("whitelist", "Authorization"),
        text="The parameter Headers contains Authorization that is not allowed.",
    )
    refused(with_headers("allViewerAndWhitelistCloudFront", "X-A"))
    refused(with_headers("whitelist"), text="The parameter Headers is required.")
    refused(with_headers("allViewer", "X-A"), text="The parameter Headers is invalid.")
    many = [f"n{number}" for number in range(11)]
    refused(with_headers("whitelist", *many), "TooManyHeadersInOriginRequestPolicy")
    cookies = {"CookieBehavior": "whitelist", **listed(Cookies=many)}
    refused(forwarding(CookiesConfig=cookies), "TooManyCookiesInOriginRequestPolicy")
    queries = {"QueryStringBehavior": "allExcept", **listed(QueryStrings=many)}
    refused(forwarding(QueryStringsConfig=queries), "TooManyQueryStringsInOriginRequestPolicy")
    wrong = {"HeaderBehavior": "whitelist", "Headers": {"Quantity": 2, "Items": ["X-A"]}}
    refused(forwarding(HeadersConfig=wrong), "InconsistentQuantities")
    control.create_origin_request_policy(OriginRequestPolicyConfig=with_headers("allExcept", "Authorization"))


def test_what_is_no_response_headers_policy(control):
    def refused(exception="InvalidArgument", text=None, **sections):
        with pytest.raises(getattr(control.exceptions, exception)) as failure:
            control.create_response_headers_policy(ResponseHeadersPolicyConfig=headers(**sections))
        assert text is None or error_of(failure)[2] == text

    def custom(*pairs):
        return listed(CustomHeadersConfig=[{"Header": name, "Value": value, "Override": True} for name, value in pairs])

    def removed(*names):
        return listed(RemoveHeadersConfig=[{"Header": name} for name in names])

    refused(CorsConfig=cors(**listed(AccessControlAllowOrigins=["www.*.example.com"])))
    refused(CorsConfig=cors(**listed(AccessControlAllowMethods=[])))
    refused("InconsistentQuantities", CorsConfig=cors(AccessControlAllowHeaders={"Quantity": 2, "Items": ["a"]}))
    both = {"Override": True, "Protection": True, "ModeBlock": True, "ReportUri": "https://r.example"}
    refused(text="The parameter ReportUri is invalid.", SecurityHeadersConfig={"XSSProtection": both})
    policy = {"Override": True, "ContentSecurityPolicy": "c" * 1784}
    refused("TooLongCSPInResponseHeadersPolicy", SecurityHeadersConfig={"ContentSecurityPolicy": policy})
    refused(ServerTimingHeadersConfig={"Enabled": True, "SamplingRate": 0.00001})
    refused("TooManyCustomHeadersInResponseHeadersPolicy", **custom(*[("X-A", "v")] * 11))
    refused(text="The parameter Value is too big.", **custom(("X-A", "v" * 1784)))
    refused("TooManyRemoveHeadersInResponseHeadersPolicy", **removed(*["X-A"] * 11))
    refused(text="The parameter RemoveHeadersConfig contains Via that is not allowed.", **removed("Via"))


def test_the_cli_finds_managed_policies_by_name(empty_server):
    for command, member, name, identity in [
        ("list-origin-request-policies", "OriginRequestPolicy", "Managed-AllViewer", ALL_VIEWER),
        ("list-response-headers-policies", "ResponseHeadersPolicy", "Managed-SimpleCORS", SIMPLE_CORS),
    ]:
        query = f"{member}List.Items[?{member}.{member}Config.Name=='{name}'].{member}.Id"
        assert aws(empty_server, command, "--type", "managed", "--query", query) == [identity]
