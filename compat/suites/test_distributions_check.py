"""`keyfront distributions check`: what CloudFront would refuse in a configuration, and what it would fill in."""

import json

import pytest

from distributions_command import Distributions, bucket
from kvs_command import write_json

BEHAVIOR = """
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "TARGET"
    viewer_protocol_policy = "allow-all"
    cache_policy_id        = aws_cloudfront_cache_policy.pages.id
    default_ttl            = 60
  }
"""
PROJECT = """
resource "aws_cloudfront_cache_policy" "pages" {
  name    = "pages"
  min_ttl = 1
  parameters_in_cache_key_and_forwarded_to_origin {
    cookies_config { cookie_behavior = "none" }
    headers_config { header_behavior = "none" }
    query_strings_config { query_string_behavior = "none" }
  }
}
resource "aws_cloudfront_distribution" "NAME" {
  enabled = true
  aliases = ALIASES
  origin {
    domain_name = "site.s3.amazonaws.com"
    origin_id   = "bucket"
  }
  BEHAVIOR
  restrictions {
    geo_restriction { restriction_type = "none" }
  }
  viewer_certificate { cloudfront_default_certificate = true }
}
"""


@pytest.fixture
def command(tmp_path):
    """The command, where there is no server."""
    return Distributions("http://127.0.0.1:9", folder=tmp_path)


def findings(command, *arguments, code=1):
    return [
        (finding["Place"], finding["Code"])
        for checked in command.json("check", *arguments, code=code) for finding in checked["Findings"]
    ]


def test_everything_that_would_be_refused_is_found_with_its_place(command):
    behavior = bucket("r")["DefaultCacheBehavior"]
    write_json(command.folder / "bad.json", bucket(
        "r", Comment="c" * 129, Prices="low", Enabled="yes",
        DefaultCacheBehavior={**behavior, "TargetOriginId": "other", "ViewerProtocolPolicy": "http-only"},
    ))
    found = findings(command, "bad.json")
    assert sorted(found) == [
        ("Comment", "InvalidArgument"),
        ("DefaultCacheBehavior.TargetOriginId", "NoSuchOrigin"),
        ("DefaultCacheBehavior.ViewerProtocolPolicy", "MalformedXML"),
        ("Enabled", "MalformedXML"),
        ("Enabled", "ParamValidation"),
        ("Prices", "ParamValidation"),
    ]
    answer = command.run("check", "bad.json")
    assert answer.code == 1 and answer.out.endswith("\n6 findings\n")
    assert "bad.json: refused: Comment: InvalidArgument: The parameter Comment is too big." in answer.out


def test_what_would_be_filled_in_is_shown(command):
    write_json(command.folder / "site.json", bucket("r"))
    out = command.ok("check", "site.json")
    assert out.startswith("site.json: nothing that CloudFront would refuse\n")
    assert "site.json: filled in: IsIPV6Enabled: true\n" in out
    assert command.ok("check", "--refused-only", "site.json").count("\n") == 1
    [checked] = command.json("check", "site.json")
    differences = {difference["Place"]: difference["Shown"] for difference in checked["Differences"]}
    assert differences["Origins.Items[0].OriginShield"] == {"Enabled": False}
    assert checked["File"] == "site.json" and checked["Resource"] is None


def test_what_the_service_shows_is_judged_as_an_update(command):
    config = bucket("r")
    for name, document, updates in [
        ("config", config, False),
        ("input", {"DistributionConfig": config}, False),
        ("tags", {"DistributionConfigWithTags": {"DistributionConfig": config, "Tags": {}}}, False),
        ("shown", {"ETag": "E", "DistributionConfig": config}, True),
        ("whole", {"ETag": "E", "Distribution": {"Id": "E", "DistributionConfig": config}}, True),
        ("update", {"Id": "E", "IfMatch": "E", "DistributionConfig": config}, True),
    ]:
        write_json(command.folder / f"{name}.json", document)
        found = findings(command, f"{name}.json", code=int(updates))
        assert (found[:1] == [("Aliases", "IllegalUpdate")]) == updates, (name, found)
    assert findings(command, "--update", "config.json")[0] == ("Aliases", "IllegalUpdate")


def test_several_files_and_standard_input_are_read(command):
    write_json(command.folder / "a.json", bucket("a"))
    write_json(command.folder / "b.json", bucket("b", Comment="c" * 129))
    answer = command.run("check", "--refused-only", "a.json", "b.json")
    assert answer.code == 1
    assert answer.out.splitlines()[0] == "a.json: nothing that CloudFront would refuse"
    assert command.ok("check", "--refused-only", "-", stdin=json.dumps(bucket("a"))) == (
        "standard input: nothing that CloudFront would refuse\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "file.json is not JSON"),
        ("[]", "file.json has no configuration of a distribution"),
        ('{"Name": "a"}', "file.json has no configuration of a distribution"),
        ('{"format_version": "1.0"}', "file.json has no aws_cloudfront_distribution"),
    ],
)
def test_what_is_no_configuration_is_said(command, text, said):
    (command.folder / "file.json").write_text(text)
    assert said in command.fails("check", "file.json")
    assert "none.json cannot be read" in command.fails("check", "none.json")
    assert "FILE" in command.fails("check", code=2)


def test_a_plan_of_terraform_is_read_as_the_provider_sends_it(command, project):
    def written(name, aliases, target):
        behavior = BEHAVIOR.replace("TARGET", target)
        return PROJECT.replace("NAME", name).replace("ALIASES", aliases).replace("BEHAVIOR", behavior)

    project.write(written("site", '["www.example.com"]', "other"))
    project.terraform("plan", "-out", "plan.bin", "-input=false", "-no-color")
    shown = project.terraform("show", "-json", "plan.bin").stdout
    [checked] = command.json("check", "-", stdin=shown, code=1)
    assert checked["Resource"] == "aws_cloudfront_distribution.site"
    assert [(finding["Place"], finding["Code"]) for finding in checked["Findings"]] == [
        ("DefaultCacheBehavior.TargetOriginId", "NoSuchOrigin"), ("ViewerCertificate", "InvalidViewerCertificate"),
    ]
    project.write(written("site", "[]", "bucket"))
    project.terraform("plan", "-out", "plan.bin", "-input=false", "-no-color")
    shown = project.terraform("show", "-json", "plan.bin").stdout
    assert command.ok("check", "--refused-only", "-", stdin=shown) == (
        "standard input: aws_cloudfront_distribution.site: nothing that CloudFront would refuse\n"
    )
