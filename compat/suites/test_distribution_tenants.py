"""Distribution tenants and their domains through boto3."""

import re

import pytest

from clients import client, error_of, next_millisecond, status_of
from entities import (
    FIRST_ETAG, KSUID, NOT_DISABLED, NOT_FOUND, SECOND_ETAG, TAKEN, ZEROTH_ETAG, multi_tenant_distribution, new_group,
    new_tenant, pages,
)

WEB_ACL = "arn:aws:wafv2:us-east-1:111122223333:global/webacl/shop/a1b2"
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/ec53f564-ea5a-4e4a-a0a2-e3c989449abc"
CNAME_TAKEN = (
    "CNAMEAlreadyExists", 409,
    "One or more of the CNAMEs you provided are already associated with a different resource.",
)


@pytest.fixture
def control(empty_server):
    return client(empty_server, "cloudfront")


def test_a_tenant_is_created_read_back_changed_and_deleted(control):
    distribution = multi_tenant_distribution(control)
    geo = {"RestrictionType": "whitelist", "Locations": ["US", "DE"]}
    created = new_tenant(
        control, distribution, "a.example.com", "b.example.com", name="shop",
        Customizations={"GeoRestrictions": geo}, Tags={"Items": [{"Key": "team", "Value": "edge"}]},
    )
    tenant = created["DistributionTenant"]
    assert (status_of(created), created["ETag"]) == (201, ZEROTH_ETAG)
    assert re.fullmatch(f"dt_{KSUID}", tenant["Id"])
    assert tenant["Arn"].endswith(f":distribution-tenant/{tenant['Id']}")
    assert tenant["Domains"] == [
        {"Domain": "a.example.com", "Status": "active"}, {"Domain": "b.example.com", "Status": "active"},
    ]
    assert tenant["Customizations"]["GeoRestrictions"]["Locations"] == ["DE", "US"]
    assert tenant["Tags"]["Items"] == [{"Key": "team", "Value": "edge"}]
    assert (tenant["Enabled"], tenant["Status"]) == (True, "InProgress")
    group, = control.list_connection_groups()["ConnectionGroups"]
    assert (tenant["ConnectionGroupId"], group["Name"]) == (group["Id"], f"CreatedByCloudFront-{group['Id']}")
    shown = {**{k: v for k, v in tenant.items() if k != "Tags"}, "Status": "Deployed"}
    for identifier in (tenant["Id"], tenant["Arn"], "shop"):
        assert control.get_distribution_tenant(Identifier=identifier)["DistributionTenant"] == shown
    assert control.get_distribution_tenant_by_domain(Domain="b.example.com")["DistributionTenant"] == shown
    with pytest.raises(control.exceptions.EntityAlreadyExists) as failure:
        new_tenant(control, distribution, "c.example.com", name="shop")
    assert error_of(failure) == TAKEN

    parameters = [{"Name": "site", "Value": "s"}]
    updated = control.update_distribution_tenant(Id=tenant["Id"], IfMatch=ZEROTH_ETAG, Parameters=parameters)
    changed = updated["DistributionTenant"]
    assert (updated["ETag"], changed["Parameters"]) == (FIRST_ETAG, parameters)
    assert (changed["Domains"], changed["Customizations"]) == (tenant["Domains"], tenant["Customizations"])
    with pytest.raises(control.exceptions.ResourceNotDisabled) as failure:
        control.delete_distribution_tenant(Id=tenant["Id"], IfMatch=FIRST_ETAG)
    assert error_of(failure) == NOT_DISABLED
    control.update_distribution_tenant(Id=tenant["Id"], IfMatch=FIRST_ETAG, Enabled=False)
    with pytest.raises(control.exceptions.PreconditionFailed):
        control.delete_distribution_tenant(Id=tenant["Id"], IfMatch=FIRST_ETAG)
    assert status_of(control.delete_distribution_tenant(Id=tenant["Id"], IfMatch=SECOND_ETAG)) == 204
    with pytest.raises(control.exceptions.EntityNotFound) as failure:
        control.get_distribution_tenant(Identifier="shop")
    assert error_of(failure) == NOT_FOUND


def test_tenants_are_listed_by_what_they_have(control):
    distribution, other = multi_tenant_distribution(control), multi_tenant_distribution(control)
    group = new_group(control)["ConnectionGroup"]["Id"]
    for name, where, more in [
        ("plain", distribution, {}),
        ("guarded", distribution, {"Customizations": {"WebAcl": {"Action": "override", "Arn": WEB_ACL}}}),
        ("certified", distribution, {"Customizations": {"Certificate": {"Arn": CERTIFICATE}}}),
        ("grouped", other, {"ConnectionGroupId": group}),
    ]:
        new_tenant(control, where, name=name, **more)
        next_millisecond()

    def names(call, **arguments):
        return [tenant["Name"] for tenant in call(**arguments)["DistributionTenantList"]]

    list_tenants, by = control.list_distribution_tenants, control.list_distribution_tenants_by_customization
    assert names(list_tenants) == ["plain", "guarded", "certified", "grouped"]
    assert names(list_tenants, AssociationFilter={"DistributionId": other}) == ["grouped"]
    assert names(list_tenants, AssociationFilter={"ConnectionGroupId": group}) == ["grouped"]
    assert names(by, WebACLArn=WEB_ACL) == ["guarded"]
    assert names(by, CertificateArn=CERTIFICATE) == ["certified"]
    assert pages(list_tenants, "DistributionTenantList") == list_tenants()["DistributionTenantList"]
    for wrong in ({}, {"WebACLArn": WEB_ACL, "CertificateArn": CERTIFICATE}):
        with pytest.raises(control.exceptions.InvalidArgument):
            by(**wrong)


def test_a_tenant_needs_a_multi_tenant_distribution_and_its_parameters(control):
    distribution = multi_tenant_distribution(control, "site")
    with pytest.raises(control.exceptions.InvalidArgument) as failure:
        new_tenant(control, distribution)
    assert error_of(failure) == ("InvalidArgument", 400, "The parameter site is required.")
    new_tenant(control, distribution, Parameters=[{"Name": "site", "Value": "s"}])
    with pytest.raises(control.exceptions.EntityNotFound) as failure:
        new_tenant(control, "E0000000000000")
    assert error_of(failure) == NOT_FOUND


def test_a_web_acl_is_associated_and_taken_away(control):
    tenant = new_tenant(control, multi_tenant_distribution(control))["DistributionTenant"]["Id"]
    associated = control.associate_distribution_tenant_web_acl(
        Id=tenant, WebACLArn=WEB_ACL, IfMatch=ZEROTH_ETAG,
    )
    assert (associated["Id"], associated["WebACLArn"], associated["ETag"]) == (tenant, WEB_ACL, FIRST_ETAG)
    shown = control.get_distribution_tenant(Identifier=tenant)["DistributionTenant"]
    assert shown["Customizations"] == {"WebAcl": {"Action": "override", "Arn": WEB_ACL}}
    taken = control.disassociate_distribution_tenant_web_acl(Id=tenant, IfMatch=FIRST_ETAG)
    assert (taken["Id"], taken["ETag"]) == (tenant, SECOND_ETAG)
    assert "Customizations" not in control.get_distribution_tenant(Identifier=tenant)["DistributionTenant"]
    with pytest.raises(control.exceptions.InvalidArgument) as failure:
        control.associate_distribution_tenant_web_acl(
            Id=tenant, WebACLArn=WEB_ACL.replace("global", "regional"), IfMatch=SECOND_ETAG,
        )
    assert error_of(failure) == ("InvalidArgument", 400, "Only global scoped ARNs are supported")


def test_a_tenant_has_invalidations_of_its_own(control):
    distribution = multi_tenant_distribution(control)
    tenant, other = (new_tenant(control, distribution)["DistributionTenant"]["Id"] for _ in range(2))
    batch = {"Paths": {"Quantity": 1, "Items": ["/a"]}, "CallerReference": "r"}
    created = control.create_invalidation_for_distribution_tenant(Id=tenant, InvalidationBatch=batch)
    invalidation = created["Invalidation"]["Id"]
    assert created["Location"].endswith(f"/distribution-tenant/{tenant}/invalidation/{invalidation}")
    shown = control.get_invalidation_for_distribution_tenant(DistributionTenantId=tenant, Id=invalidation)
    assert shown["Invalidation"]["Status"] == "Completed"
    listed = control.list_invalidations_for_distribution_tenant(Id=tenant)["InvalidationList"]
    assert [item["Id"] for item in listed["Items"]] == [invalidation]
    with pytest.raises(control.exceptions.NoSuchInvalidation):
        control.get_invalidation_for_distribution_tenant(DistributionTenantId=other, Id=invalidation)


def test_domains_have_one_owner_conflict_and_move(control):
    distribution = multi_tenant_distribution(control)
    source = new_tenant(control, distribution, "a.example.com", "b.example.com")["DistributionTenant"]["Id"]
    target = new_tenant(control, distribution, "c.example.com", name="target")["DistributionTenant"]["Id"]
    with pytest.raises(control.exceptions.CNAMEAlreadyExists) as failure:
        new_tenant(control, distribution, "a.example.com")
    assert error_of(failure) == CNAME_TAKEN
    conflict, = control.list_domain_conflicts(
        Domain="a.example.com", DomainControlValidationResource={"DistributionTenantId": target},
    )["DomainConflicts"]
    assert (conflict["Domain"], conflict["ResourceType"]) == ("a.example.com", "distribution-tenant")
    assert conflict["ResourceId"] == "*" * 15 + source[15:]
    assert re.fullmatch(r"\*{6}\d{6}", conflict["AccountId"])

    def move(**more):
        return control.update_domain_association(
            Domain="a.example.com", TargetResource={"DistributionTenantId": target}, **more,
        )

    with pytest.raises(control.exceptions.IllegalUpdate):
        move(IfMatch=ZEROTH_ETAG)
    control.update_distribution_tenant(Id=source, IfMatch=ZEROTH_ETAG, Enabled=False)
    moved = move(IfMatch=ZEROTH_ETAG)
    assert (moved["Domain"], moved["ResourceId"], moved["ETag"]) == ("a.example.com", target, FIRST_ETAG)
    found = control.get_distribution_tenant_by_domain(Domain="a.example.com")["DistributionTenant"]
    assert found["Id"] == target
    verified = control.verify_dns_configuration(Identifier="target")["DnsConfigurationList"]
    assert verified == [
        {"Domain": "c.example.com", "Status": "valid-configuration"},
        {"Domain": "a.example.com", "Status": "valid-configuration"},
    ]


def test_a_managed_certificate_serves_once_it_is_named(control):
    distribution = multi_tenant_distribution(control)
    tenant = new_tenant(
        control, distribution, "a.example.com", ManagedCertificateRequest={"ValidationTokenHost": "cloudfront"},
    )["DistributionTenant"]
    assert tenant["Domains"] == [{"Domain": "a.example.com", "Status": "inactive"}]
    details = control.get_managed_certificate_details(Identifier=tenant["Id"])["ManagedCertificateDetails"]
    assert (details["CertificateStatus"], details["ValidationTokenHost"]) == ("issued", "cloudfront")
    token, = details["ValidationTokenDetails"]
    assert token["RedirectFrom"].startswith("a.example.com/.well-known/pki-validation/")
    updated = control.update_distribution_tenant(
        Id=tenant["Id"], IfMatch=ZEROTH_ETAG,
        Customizations={"Certificate": {"Arn": details["CertificateArn"]}},
    )
    assert updated["DistributionTenant"]["Domains"] == [{"Domain": "a.example.com", "Status": "active"}]
