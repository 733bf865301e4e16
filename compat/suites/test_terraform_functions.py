"""Terraform with the AWS provider 5.100.0, untouched: CloudFront Functions and their key value stores."""

import pytest

from clients import client
from keys import FIRST_ETAG, SECOND_ETAG
from terraform import MINUTES, hcl, store_block

FIRST = "function handler(event) {\n  return event.request; // ünï <&> \\n\n}\n"
SECOND = "function handler(event) {\n  return { statusCode: 404 };\n}\n"

REDIRECT = "aws_cloudfront_function.redirect"


def function(label, code=FIRST, stores=(), **arguments):
    """A function of its label's name; `stores` are labels of stores in the same configuration."""
    arguments = {"name": label, "runtime": "cloudfront-js-2.0", "code": code, **arguments}
    lines = "".join(f"  {name} = {literal(value)}\n" for name, value in arguments.items())
    if stores:
        arns = ", ".join(f"aws_cloudfront_key_value_store.{store}.arn" for store in stores)
        lines += f"  key_value_store_associations = [{arns}]\n"
    return f'resource "aws_cloudfront_function" "{label}" {{\n{lines}}}\n'


def literal(value):
    return ("true" if value else "false") if isinstance(value, bool) else hcl(value)


def code_of(control, name, stage):
    return control.get_function(Name=name, Stage=stage)["FunctionCode"].read().decode()


def described(control, name, stage):
    return control.describe_function(Name=name, Stage=stage)


def functions_of(control):
    return [item["Name"] for item in control.list_functions(Stage="DEVELOPMENT")["FunctionList"].get("Items", [])]


@pytest.mark.long
@pytest.mark.timeout(15 * MINUTES)
def test_a_function_is_made_published_changed_imported_and_destroyed(project):  # noqa: F811
    control = client(project.server, "cloudfront")
    project.apply(function("redirect", comment="first <&> \"quoted\""))
    state = project.state_of(REDIRECT)
    assert (state["status"], state["etag"], state["live_stage_etag"]) == ("UNASSOCIATED", FIRST_ETAG, FIRST_ETAG)
    assert state["arn"].endswith(":function/redirect")
    assert code_of(control, "redirect", "LIVE") == code_of(control, "redirect", "DEVELOPMENT") == FIRST
    assert described(control, "redirect", "LIVE")["FunctionSummary"]["FunctionConfig"] == {
        "Comment": "first <&> \"quoted\"", "Runtime": "cloudfront-js-2.0",
    }
    project.expect_no_drift()

    # New code is published with the ETag of the update, which only the misspelt header tells.
    project.apply(function("redirect", comment="first <&> \"quoted\"", code=SECOND))
    assert code_of(control, "redirect", "LIVE") == SECOND
    state = project.state_of(REDIRECT)
    assert (state["etag"], state["live_stage_etag"]) == (SECOND_ETAG, SECOND_ETAG)
    project.expect_no_drift()

    # So are a new comment alone and a new runtime alone.
    project.apply(function("redirect", comment="second", code=SECOND))
    assert described(control, "redirect", "LIVE")["FunctionSummary"]["FunctionConfig"]["Comment"] == "second"
    project.expect_no_drift()
    project.apply(function("redirect", comment="second", code=SECOND, runtime="cloudfront-js-1.0"))
    live = described(control, "redirect", "LIVE")["FunctionSummary"]["FunctionConfig"]
    assert live["Runtime"] == "cloudfront-js-1.0"
    project.expect_no_drift()

    # `publish` is the provider's own, so after an import it wants to publish. What is published already cannot
    # be, on the service neither (hashicorp/terraform-provider-aws#49572); with a change it can.
    project.import_again({REDIRECT: "redirect"})
    answer = project.apply(codes=(1,))
    assert "PreconditionFailed" in answer.stderr
    project.apply(function("redirect", comment="third", code=SECOND))
    assert described(control, "redirect", "LIVE")["FunctionSummary"]["FunctionConfig"]["Comment"] == "third"
    project.expect_no_drift()

    # It disappears behind Terraform's back, and is made again.
    control.delete_function(Name="redirect", IfMatch=described(control, "redirect", "DEVELOPMENT")["ETag"])
    project.apply()
    assert functions_of(control) == ["redirect"]
    # Another name is another function.
    project.apply(function("redirect", code=SECOND, name="renamed"))
    assert functions_of(control) == ["renamed"]
    project.expect_no_drift()
    project.destroy()
    assert functions_of(control) == []


@pytest.mark.long
@pytest.mark.timeout(10 * MINUTES)
def test_a_function_is_published_only_when_that_is_wanted(project):  # noqa: F811
    control = client(project.server, "cloudfront")
    project.apply(function("redirect", publish=False))
    state = project.state_of(REDIRECT)
    assert (state["status"], state["etag"], state["live_stage_etag"]) == ("UNPUBLISHED", FIRST_ETAG, "")
    with pytest.raises(control.exceptions.NoSuchFunctionExists):
        described(control, "redirect", "LIVE")
    project.expect_no_drift()
    project.apply(function("redirect", publish=False, code=SECOND))
    assert project.state_of(REDIRECT)["etag"] == SECOND_ETAG
    project.expect_no_drift()

    # Published later, with a change and without one.
    project.apply(function("redirect", publish=True, code=FIRST))
    assert code_of(control, "redirect", "LIVE") == FIRST
    project.expect_no_drift()
    project.apply(function("redirect", publish=False, code=SECOND))
    assert (code_of(control, "redirect", "LIVE"), code_of(control, "redirect", "DEVELOPMENT")) == (FIRST, SECOND)
    assert project.state_of(REDIRECT)["status"] == "UNPUBLISHED"
    project.apply(function("redirect", publish=True, code=SECOND))
    assert code_of(control, "redirect", "LIVE") == SECOND
    project.expect_no_drift()
    project.destroy()
    assert functions_of(control) == []


@pytest.mark.timeout(15 * MINUTES)
def test_a_function_has_a_store_and_both_go_in_the_right_order(project):  # noqa: F811
    control = client(project.server, "cloudfront")

    def stores():
        found = control.list_key_value_stores()["KeyValueStoreList"].get("Items", [])
        return {store["Name"]: store["ARN"] for store in found}

    def associated(stage):
        given = described(control, "redirect", stage)["FunctionSummary"]["FunctionConfig"]
        items = given.get("KeyValueStoreAssociations", {}).get("Items", [])
        return [item["KeyValueStoreARN"] for item in items]

    both = store_block("one") + store_block("two")
    project.apply(both + function("redirect", stores=["one"]))
    assert associated("LIVE") == associated("DEVELOPMENT") == [stores()["one"]]
    project.expect_no_drift()
    with pytest.raises(control.exceptions.CannotDeleteEntityWhileInUse):
        control.delete_key_value_store(Name="one", IfMatch=FIRST_ETAG)

    # Another store, and the first goes in the same run.
    project.apply(both + function("redirect", stores=["two"]))
    assert associated("LIVE") == [stores()["two"]]
    project.expect_no_drift()
    project.apply(store_block("two") + function("redirect", stores=["two"]))
    assert set(stores()) == {"two"}
    # An import knows the store, so with other code there is nothing else to change.
    project.import_again({REDIRECT: "redirect"})
    project.apply(store_block("two") + function("redirect", stores=["two"], code=SECOND))
    assert associated("LIVE") == associated("DEVELOPMENT") == [stores()["two"]]
    project.expect_no_drift()

    # None any more.
    project.apply(store_block("two") + function("redirect"))
    assert associated("LIVE") == associated("DEVELOPMENT") == []
    project.expect_no_drift()

    # The store is destroyed after the function that names it.
    project.apply(store_block("two") + function("redirect", stores=["two"]))
    project.destroy()
    assert (functions_of(control), stores()) == ([], {})


@pytest.mark.long
@pytest.mark.timeout(10 * MINUTES)
def test_code_that_cannot_run_is_applied_as_the_service_applies_it(project):  # noqa: F811
    control = client(project.server, "cloudfront")
    project.apply(function("redirect", code="function handler( {"))
    assert code_of(control, "redirect", "LIVE") == "function handler( {"
    project.expect_no_drift()
    answer = project.apply(function("redirect", code="x" * 10241), codes=(1,))
    assert "FunctionSizeLimitExceeded" in answer.stderr
    assert code_of(control, "redirect", "LIVE") == "function handler( {"
    project.apply(function("redirect"))
    project.expect_no_drift()
    project.destroy()
