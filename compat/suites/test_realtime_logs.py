"""Real-time log configurations through boto3 and the AWS CLI."""

import json

import pytest

from clients import client, error_of, next_millisecond, status_of
from keys import aws
from server import ACCOUNT

STREAM = {
    "StreamType": "Kinesis",
    "KinesisStreamConfig": {
        "RoleARN": f"arn:aws:iam::{ACCOUNT}:role/logs",
        "StreamARN": f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/logs",
    },
}


@pytest.fixture
def control(empty_server):
    return client(empty_server, "cloudfront")


def config(name, **changes):
    whole = {"Name": name, "EndPoints": [STREAM], "Fields": ["timestamp", "c-ip"], "SamplingRate": 5}
    return {**whole, **changes}


def arn(name):
    return f"arn:aws:cloudfront::{ACCOUNT}:realtime-log-config/{name}"


def test_a_configuration_is_made_shown_replaced_and_deleted(control):
    created = control.create_realtime_log_config(**config("logs"))
    assert (status_of(created), "ETag" in created) == (201, False)
    assert created["RealtimeLogConfig"] == {**config("logs"), "ARN": arn("logs")}
    for named in [{"Name": "logs"}, {"ARN": arn("logs")}, {"Name": "logs", "ARN": arn("other")}]:
        assert control.get_realtime_log_config(**named)["RealtimeLogConfig"] == created["RealtimeLogConfig"]
    changed = {"EndPoints": [STREAM], "Fields": ["cs-host"], "SamplingRate": 100}
    updated = control.update_realtime_log_config(ARN=arn("logs"), **changed)
    assert updated["RealtimeLogConfig"] == {**config("logs", **changed), "ARN": arn("logs")}
    assert status_of(control.delete_realtime_log_config(ARN=arn("logs"))) == 204
    for call in [
        lambda: control.get_realtime_log_config(Name="logs"),
        lambda: control.update_realtime_log_config(Name="logs", **changed),
        lambda: control.delete_realtime_log_config(Name="logs"),
    ]:
        with pytest.raises(control.exceptions.NoSuchRealtimeLogConfig) as failure:
            call()
        assert error_of(failure)[1:] == (404, "The real-time log configuration does not exist.")
    # The name is free again.
    control.create_realtime_log_config(**config("logs"))


def test_what_is_no_configuration(control):
    control.create_realtime_log_config(**config("logs"))
    with pytest.raises(control.exceptions.RealtimeLogConfigAlreadyExists) as failure:
        control.create_realtime_log_config(**config("logs"))
    assert error_of(failure)[1] == 409
    role = {"RoleARN": "logs", "StreamARN": STREAM["KinesisStreamConfig"]["StreamARN"]}
    for wrong in [
        {"Name": "a b"}, {"SamplingRate": 0}, {"SamplingRate": 101}, {"Fields": []}, {"EndPoints": []},
        {"EndPoints": [{"StreamType": "Firehose"}]},
        {"EndPoints": [{"StreamType": "Kinesis", "KinesisStreamConfig": role}]},
    ]:
        with pytest.raises(control.exceptions.InvalidArgument):
            control.create_realtime_log_config(**config("other", **wrong))
    for named in [{}, {"ARN": "logs"}]:
        with pytest.raises(control.exceptions.InvalidArgument):
            control.get_realtime_log_config(**named)
    with pytest.raises(control.exceptions.InvalidArgument) as failure:
        control.update_realtime_log_config(Name="logs", SamplingRate=7)
    assert error_of(failure)[2] == "The parameter EndPoints is required."


def test_an_account_has_150_in_the_order_of_their_creation(control):
    names = [f"logs-{number}" for number in range(150)]
    for name in names:
        control.create_realtime_log_config(**config(name))
        next_millisecond()
    with pytest.raises(control.exceptions.TooManyRealtimeLogConfigs) as failure:
        control.create_realtime_log_config(**config("more"))
    assert error_of(failure)[1] == 400
    first = control.list_realtime_log_configs()["RealtimeLogConfigs"]
    assert (first["MaxItems"], first["IsTruncated"], first["Marker"], len(first["Items"])) == (100, True, "", 100)
    rest = control.list_realtime_log_configs(Marker=first["NextMarker"])["RealtimeLogConfigs"]
    assert rest["IsTruncated"] is False
    assert [item["Name"] for item in first["Items"] + rest["Items"]] == names
    with pytest.raises(control.exceptions.InvalidArgument):
        control.list_realtime_log_configs(Marker="never")


def test_the_aws_cli_makes_and_deletes_a_configuration(empty_server):
    created = aws(
        empty_server, "create-realtime-log-config", "--name", "cli", "--fields", "timestamp", "sc-status",
        "--sampling-rate", "10", "--end-points", json.dumps([STREAM]),
    )
    assert aws(empty_server, "get-realtime-log-config", "--name", "cli") == created
    aws(empty_server, "delete-realtime-log-config", "--name", "cli")
    assert "NoSuchRealtimeLogConfig" in aws(empty_server, "get-realtime-log-config", "--name", "cli", fails=True)
