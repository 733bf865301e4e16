"""Distributions over time: what settles, what a restart and a backup keep, snapshots, faults, and two accounts."""

import json
import subprocess

import pytest

import admin
from clients import client, error_of, unique_name, wait_for
from conftest import running
from distributions import (
    ETAGS, acm_certificate, changed, counted, everything, id_of, new_distribution, remove, resources_of, with_aliases,
)
from keys import all_items
from server import BINARY, PATIENCE, Server, clean_environment
from test_faults import admin_of

HOUR = 3600


def state(control):
    """All that clients can see of an account's distributions and what belongs to them."""
    seen = []
    for row in all_items(control.list_distributions, "DistributionList"):
        shown = control.get_distribution(Id=row["Id"])
        made = control.list_invalidations(DistributionId=row["Id"])["InvalidationList"].get("Items", [])
        batches = [control.get_invalidation(DistributionId=row["Id"], Id=each["Id"])["Invalidation"] for each in made]
        tags = control.list_tags_for_resource(Resource=row["ARN"])["Tags"]
        seen.append((row, shown["ETag"], shown["Distribution"], batches, tags))
    return seen


def fill(control):
    """One with everything, tags and invalidations, and its copy."""
    resources = resources_of(control)
    tags = {"Items": [{"Key": "team", "Value": "web"}]}
    created = control.create_distribution_with_tags(
        DistributionConfigWithTags={"DistributionConfig": everything(resources), "Tags": tags}
    )
    for path in ("/a", "/b/*"):
        batch = {"Paths": counted(path), "CallerReference": path}
        control.create_invalidation(DistributionId=id_of(created), InvalidationBatch=batch)
    control.copy_distribution(
        PrimaryDistributionId=id_of(created), IfMatch=ETAGS[0], Staging=True, CallerReference="copy"
    )
    return resources


def test_distributions_outlive_a_restart_and_are_part_of_a_backup(tmp_path):
    data = tmp_path / "data"
    with running(tmp_path, "--data", data) as server:
        control = client(server, "cloudfront")
        resources = fill(control)
        before = state(control)
        backup = subprocess.run(
            [BINARY, "backup", tmp_path / "copy", "--data", data], capture_output=True, text=True,
            env=clean_environment(),
        )
        assert backup.returncode == 0, backup.stderr
    for folder in (data, tmp_path / "copy"):
        check = subprocess.run([BINARY, "check", folder], capture_output=True, text=True, env=clean_environment())
        assert check.returncode == 0, check.stderr
        log = tmp_path / f"log-{folder.name}"
        log.mkdir()
        with running(log, "--data", folder) as server:
            control = client(server, "cloudfront")
            assert state(control) == before
            # References and aliases are held as before.
            with pytest.raises(control.exceptions.OriginAccessControlInUse):
                control.delete_origin_access_control(Id=resources["access"], IfMatch=ETAGS[0])
            with pytest.raises(control.exceptions.CNAMEAlreadyExists):
                new_distribution(control, **with_aliases("www.everything.example"))


def test_distributions_are_part_of_snapshots_and_go_with_a_reset(empty_server):
    control = client(empty_server, "cloudfront")
    fill(control)
    before = state(control)
    admin.snapshot(empty_server, "save", "full")
    admin.command(empty_server, "reset")
    assert state(control) == []
    # Aliases and caller references are free, and not when the snapshot is back.
    new_distribution(control, **with_aliases("www.everything.example"))
    admin.snapshot(empty_server, "restore", "full")
    assert state(control) == before
    with pytest.raises(control.exceptions.CNAMEAlreadyExists):
        new_distribution(control, **with_aliases("www.everything.example"))


def test_what_is_under_way_goes_on_after_a_restart(tmp_path):
    settings = tmp_path / "keyfront.toml"
    settings.write_text(f"[settling]\ndistribution = {HOUR}\ninvalidation = 2\n")
    arguments = ("--data", tmp_path / "data", "--config", settings)
    with running(tmp_path, *arguments) as server:
        control = client(server, "cloudfront")
        created = new_distribution(control)
        name = id_of(created)
        batch = {"Paths": counted("/*"), "CallerReference": "r"}
        made = control.create_invalidation(DistributionId=name, InvalidationBatch=batch)["Invalidation"]["Id"]
        off = changed(created["Distribution"]["DistributionConfig"], Enabled=False)
        control.update_distribution(Id=name, IfMatch=ETAGS[0], DistributionConfig=off)

    def status(control):
        return control.get_invalidation(DistributionId=name, Id=made)["Invalidation"]["Status"]

    with running(tmp_path, *arguments) as server:
        control = client(server, "cloudfront")
        shown = control.get_distribution(Id=name)["Distribution"]
        assert (shown["Status"], shown["DistributionConfig"]["Enabled"]) == ("InProgress", False)
        with pytest.raises(control.exceptions.DistributionNotDisabled):
            control.delete_distribution(Id=name, IfMatch=ETAGS[1])
        wait_for(lambda: status(control) == "Completed", "the invalidation is not completed")
        assert control.get_distribution(Id=name)["Distribution"]["InProgressInvalidationBatches"] == 0


def test_a_fault_holds_a_change_back(server, control):
    faults = admin_of(server)
    rule = faults.set("UpdateDistribution", "provisioning", Count=1)
    created = new_distribution(control)
    name = id_of(created)
    assert control.get_distribution(Id=name)["Distribution"]["Status"] == "Deployed"
    off = changed(created["Distribution"]["DistributionConfig"], Enabled=False)
    control.update_distribution(Id=name, IfMatch=ETAGS[0], DistributionConfig=off)
    assert control.get_distribution(Id=name)["Distribution"]["Status"] == "InProgress"
    rows = all_items(control.list_distributions, "DistributionList")
    assert [row["Status"] for row in rows if row["Id"] == name] == ["InProgress"]
    with pytest.raises(control.exceptions.DistributionNotDisabled):
        control.delete_distribution(Id=name, IfMatch=ETAGS[1])
    assert faults.ask("DELETE", f"/faults/{rule['Id']}")[0] == 200
    control.delete_distribution(Id=name, IfMatch=ETAGS[1])

    held = faults.set("CreateInvalidation", "provisioning")
    name = id_of(new_distribution(control))
    batch = {"Paths": counted("/*"), "CallerReference": unique_name("batch")}
    made = control.create_invalidation(DistributionId=name, InvalidationBatch=batch)["Invalidation"]
    shown = control.get_invalidation(DistributionId=name, Id=made["Id"])["Invalidation"]
    assert shown["Status"] == "InProgress"
    assert control.get_distribution(Id=name)["Distribution"]["InProgressInvalidationBatches"] == 1
    assert faults.ask("DELETE", f"/faults/{held['Id']}")[0] == 200
    assert control.get_distribution(Id=name)["Distribution"]["InProgressInvalidationBatches"] == 0


def credential(folder, account, user):
    """A credential that may do anything in an account."""
    policy = folder / f"{user}.json"
    allowed = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [allowed]}))
    answer = subprocess.run(
        [BINARY, "credentials", "create", "--data", folder / "data", "--account", account, "--user", user, "--policy",
         policy],
        capture_output=True, text=True, timeout=PATIENCE, env=clean_environment(),
    )
    assert answer.returncode == 0, answer.stderr
    return tuple(line.split()[-1] for line in answer.stdout.splitlines())


def test_an_alias_belongs_to_one_account_and_undeclared_certificates_are_refused(tmp_path):
    (tmp_path / "data").mkdir()
    owners = [credential(tmp_path, account, f"user{account[0]}") for account in ("111111111111", "222222222222")]
    settings = tmp_path / "keyfront.toml"

    def start(more):
        settings.write_text(
            f'[server]\nlisten = "127.0.0.1:0"\n[admin]\nlisten = "127.0.0.1:0"\n'
            f'[store]\ndata = "{tmp_path / "data"}"\n{more}'
        )
        return Server(tmp_path / "keyfront.log", "serve", "--config", settings)

    server = start("[certificates]\naccept_undeclared = true\n")
    try:
        first, second = (client(server, "cloudfront", owner) for owner in owners)
        created = new_distribution(first, **with_aliases("www.shared.example"))
        assert second.list_distributions()["DistributionList"]["Quantity"] == 0
        with pytest.raises(second.exceptions.NoSuchDistribution):
            second.get_distribution(Id=id_of(created))
        with pytest.raises(second.exceptions.CNAMEAlreadyExists):
            new_distribution(second, **with_aliases("www.shared.example"))
        # Nor a wildcard that covers it, which is allowed within an account.
        with pytest.raises(second.exceptions.CNAMEAlreadyExists):
            new_distribution(second, **with_aliases("*.shared.example"))
        own = new_distribution(second, ViewerCertificate=acm_certificate())
        # It moves when the other account has disabled its distribution, and not before.
        with pytest.raises(second.exceptions.IllegalUpdate) as failure:
            second.associate_alias(TargetDistributionId=id_of(own), Alias="www.shared.example")
        text = "Alias move is not allowed since the source distribution is enabled"
        assert error_of(failure) == ("IllegalUpdate", 400, text)
        found = second.list_conflicting_aliases(DistributionId=id_of(own), Alias="www.shared.example")
        masked = {item["Alias"]: item["AccountId"] for item in found["ConflictingAliasesList"]["Items"]}
        assert masked["www.shared.example"] == "******111111"
        off = changed(created["Distribution"]["DistributionConfig"], Enabled=False)
        first.update_distribution(Id=id_of(created), IfMatch=created["ETag"], DistributionConfig=off)
        second.associate_alias(TargetDistributionId=id_of(own), Alias="www.shared.example")
        held = first.get_distribution_config(Id=id_of(created))
        assert held["DistributionConfig"]["Aliases"] == {"Quantity": 0}
        remove(first, id_of(created))
    finally:
        assert server.stop() == 0, server.log

    server = start("")
    try:
        first = client(server, "cloudfront", owners[0])
        with pytest.raises(first.exceptions.InvalidViewerCertificate) as failure:
            new_distribution(first, **with_aliases("new.shared.example"))
        text = (
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a "
            "valid certificate chain."
        )
        assert error_of(failure) == ("InvalidViewerCertificate", 400, text)
    finally:
        assert server.stop() == 0, server.log
