"""Connection groups, tenants, Anycast lists, trust stores and connection functions, as the suites about them make them."""

from clients import unique_name

ZEROTH_ETAG = "E23ZP02F085DFQ"
FIRST_ETAG = "ETVPDKIKX0DER"
SECOND_ETAG = "E3UN6WX5RRO2AG"

NOT_FOUND = ("EntityNotFound", 404, "The entity was not found.")
TAKEN = ("EntityAlreadyExists", 409, "The entity already exists. You must provide a unique entity.")
IN_USE = ("CannotDeleteEntityWhileInUse", 409, "The entity cannot be deleted while it is in use.")
NOT_DISABLED = ("ResourceNotDisabled", 409, "The specified CloudFront resource hasn't been disabled yet.")

KSUID = r"[0-9A-Za-z]{27}"


def new_group(control, name=None, **more):
    return control.create_connection_group(Name=name or unique_name("group"), **more)


def new_list(control, name=None, count=3, **more):
    return control.create_anycast_ip_list(Name=name or unique_name("static"), IpCount=count, **more)


def pages(call, member, **arguments):
    """Every item of a list whose pages have nothing but items and a marker, one item a page."""
    items, marker = [], {}
    while True:
        page = call(MaxItems=1, **marker, **arguments)
        items += page.get(member, [])
        if "NextMarker" not in page:
            return items
        marker = {"Marker": page["NextMarker"]}


def multi_tenant_distribution(control, *required):
    """The id of a new multi-tenant distribution, whose tenants must give values for these parameters."""
    origin = {
        "Id": "site", "DomainName": "origin.example.com",
        "CustomOriginConfig": {
            "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only",
            "OriginSslProtocols": {"Quantity": 1, "Items": ["TLSv1.2"]},
        },
    }
    schema = {"StringSchema": {"Required": True}}
    config = {
        "CallerReference": unique_name("ref"), "Comment": "", "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "site", "ViewerProtocolPolicy": "redirect-to-https",
            "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        },
        "ConnectionMode": "tenant-only",
        "TenantConfig": {"ParameterDefinitions": [{"Name": name, "Definition": schema} for name in required]},
    }
    return control.create_distribution(DistributionConfig=config)["Distribution"]["Id"]


def new_tenant(control, distribution, *domains, name=None, **more):
    name = name or unique_name("tenant")
    domains = [{"Domain": domain} for domain in domains or (f"{name}.example.com",)]
    return control.create_distribution_tenant(DistributionId=distribution, Name=name, Domains=domains, **more)
